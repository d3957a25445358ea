using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class OverrideTests
{
    [Fact]
    public void Dropped_override_is_upstreams_again_with_its_mode_and_stays_in_the_history()
    {
        using var cluster = Diverged();

        var answer = cluster.Cli("override", "drop", "pc01", "/etc/motd");

        Assert.Equal((0, "one\ntwo\nthree\nfour\nfive\n"), (answer.Code, cluster.Read("pc01", "motd")));
        Assert.StartsWith("644 ", cluster.Attributes("pc01", "motd"), StringComparison.Ordinal);
        Assert.Equal("mine\n", cluster.Read("pc01", "extra"));
        Assert.Contains("one\ntwo\nMINE", cluster.GitOf("pc01", "show", "HEAD~1:motd"), StringComparison.Ordinal);
        Assert.Contains("upstream's version again of motd", answer.Out, StringComparison.Ordinal);
        cluster.AssertInOrder("pc01");
    }

    [Fact]
    public void Dropping_takes_what_the_client_wrote_since_as_drift_first()
    {
        using var cluster = Diverged();
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "just now\n");

        Assert.Equal(0, cluster.Cli("override", "drop", "pc01", "motd").Code);

        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.Read("pc01", "motd"));
        Assert.Contains("just now", cluster.GitOf("pc01", "show", "HEAD~1:motd"), StringComparison.Ordinal);
    }

    [Fact]
    public void Dropping_settles_a_conflict()
    {
        using var cluster = Diverged();
        cluster.Put("motd", "one\ntwo\nTHEIRS\nfour\nfive\n");
        cluster.Commit("motd");
        Assert.Equal(2, cluster.Cli("sync").Code);

        Assert.Equal(0, cluster.Cli("override", "drop", "pc01", "motd").Code);

        Assert.Equal("one\ntwo\nTHEIRS\nfour\nfive\n", cluster.Read("pc01", "motd"));
        Assert.Equal(0, cluster.Cli("conflicts").Code);
    }

    [Fact]
    public void File_that_only_the_client_has_goes_with_the_directory_that_is_named()
    {
        using var cluster = Diverged();
        Directory.CreateDirectory(cluster.ClientPath("pc01", "own.d"));
        File.WriteAllText(cluster.ClientPath("pc01", "own.d/a"), "a\n");
        File.WriteAllText(cluster.ClientPath("pc01", "own.d/b"), "b\n");
        cluster.Sync();

        var answer = cluster.Cli("override", "drop", "pc01", "own.d/", "--json");

        Assert.Equal(["own.d/a", "own.d/b"], answer.Json.GetProperty("dropped").EnumerateArray().Select(path => path.GetString()));
        Assert.False(Directory.Exists(cluster.ClientPath("pc01", "own.d")));
        cluster.AssertInOrder("pc01");
    }

    [Fact]
    public void Identity_is_no_override()
    {
        using var cluster = Diverged();
        var before = cluster.Read("pc01", "hostname");

        var answer = cluster.Cli("override", "drop", "pc01", "hostname");

        Assert.Equal((2, before), (answer.Code, cluster.Read("pc01", "hostname")));
        Assert.Contains("10-identity.yaml", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_of_a_set_is_not_dropped()
    {
        using var cluster = Diverged();
        cluster.Configure("version: 1\nrules:\n  - {paths: [motd, extra], together: both}\n");

        var answer = cluster.Cli("override", "drop", "pc01", "motd");

        Assert.Equal(2, answer.Code);
        Assert.Contains("together with extra", answer.Error, StringComparison.Ordinal);
        Assert.Contains("MINE", cluster.Read("pc01", "motd"), StringComparison.Ordinal);
        Assert.Equal(0, cluster.Cli("override", "drop", "pc01", "motd", "extra").Code);
    }

    [Fact]
    public void Held_client_keeps_everything()
    {
        using var cluster = Diverged();
        cluster.Cli("hold", "pc01", "--reason", "because");

        var answer = cluster.Cli("override", "drop", "pc01", "motd");

        Assert.Equal(2, answer.Code);
        Assert.Contains("nothing was dropped: because", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_drop_is_said()
    {
        using var cluster = Diverged();

        var answer = cluster.Cli("override", "drop", "pc01", "conf.d");

        Assert.Equal(0, answer.Code);
        Assert.Contains("pc01 has no overrides there", answer.Out, StringComparison.Ordinal);
        Assert.Equal(1, cluster.Cli("override", "drop", "pc01", "../shadow").Code);
    }

    [Fact]
    public void Promoted_override_is_a_patch_that_git_takes_with_its_line_of_etckeeper()
    {
        using var cluster = Diverged();
        var patch = Path.Combine(cluster.Root, "patch");

        var answer = cluster.Cli("promote", "pc01", "motd", "extra", "--output", patch, "-m", "motd for all");

        Assert.Equal(0, answer.Code);
        Assert.Equal(1, cluster.Cli("promote", "pc01", "motd", "--output", patch).Code);
        Assert.Equal("600", Tool.Run("stat", "-c", "%a", patch).Trim());
        Tool.Run("git", "-C", cluster.Upstream, "-c", "user.name=ann", "-c", "user.email=ann@example.org", "am", "-q", patch);
        Assert.Equal("one\ntwo\nMINE\nfour\nfive\n", File.ReadAllText(cluster.UpstreamPath("motd")));
        Assert.Equal("mine\n", File.ReadAllText(cluster.UpstreamPath("extra")));
        Assert.Contains("0600 'motd'", File.ReadAllText(cluster.UpstreamPath(".etckeeper")).Replace("./motd", "motd", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("motd for all", Tool.Run("git", "-C", cluster.Upstream, "log", "-1", "--format=%s").Trim());
        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.Contains("no overrides", cluster.Cli("diff", "pc01", "motd", "extra").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Patch_is_made_for_upstream_as_it_is_now()
    {
        using var cluster = Diverged();
        cluster.Put("motd", "one\ntwo\nthree\nfour\nfive\nsix\n");
        cluster.Commit("motd");

        var answer = cluster.Cli("promote", "pc01", "motd");

        Assert.Contains("-three\n+MINE\n four\n five\n six\n", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Override_is_committed_to_a_layer()
    {
        using var cluster = Diverged("pc01:lab", "pc02:lab");

        var answer = cluster.Cli("promote", "pc01", "motd", "--layer", "lab", "--commit");

        Assert.Equal(("", 0), (answer.Error, answer.Code));
        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.Equal("one\ntwo\nMINE\nfour\nfive\n", cluster.Read("pc02", "motd"));
        Assert.StartsWith("600 ", cluster.Attributes("pc02", "motd"), StringComparison.Ordinal);
        Assert.Equal(1, cluster.Cli("promote", "pc01", "motd", "--commit").Code);
    }

    [Fact]
    public void Group_that_nobody_knows_gets_no_layer()
    {
        using var cluster = new Cluster(["pc01:lab"], firstCommit: made => made.Put("motd", "one\n"));
        cluster.Cli("sync");
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "mine\n");
        cluster.Cli("sync");

        var answer = cluster.Cli("promote", "pc01", "motd", "--layer", "lap", "--commit");

        Assert.Equal(1, answer.Code);
        Assert.Contains("No client is in the group 'lap', and it has no layer. Did you mean 'lab'?", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("group/lap", cluster.Cli("layer", "list").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Secret_is_promoted_into_a_file_only()
    {
        using var cluster = Diverged();
        cluster.Configure("version: 1\nrules:\n  - {path: motd, secret: true}\n");

        var answer = cluster.Cli("promote", "pc01", "motd");

        Assert.Equal(1, answer.Code);
        Assert.DoesNotContain("MINE", answer.Out + answer.Error, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Cli("promote", "pc01", "motd", "-o", Path.Combine(cluster.Root, "patch")).Code);
    }

    [Fact]
    public void Half_of_the_accounts_is_neither_promoted_nor_dropped()
    {
        using var cluster = Diverged();
        File.AppendAllText(cluster.ClientPath("pc01", "passwd"), "ann:x:1000:12::/home/ann:/bin/sh\n");
        File.AppendAllText(cluster.ClientPath("pc01", "shadow"), "ann:!:19500::::::\n");
        Assert.Equal(0, cluster.Cli("sync").Code);
        cluster.Configure("version: 1\nrules:\n  - {path: passwd, together: mine}\n");

        foreach (var answer in (Answer[])[cluster.Cli("promote", "pc01", "passwd"), cluster.Cli("override", "drop", "pc01", "passwd")])
        {
            Assert.Equal((2, ""), (answer.Code, answer.Out));
            Assert.Contains("together with shadow", answer.Error, StringComparison.Ordinal);
        }

        Assert.Equal(0, cluster.Cli("override", "drop", "pc01", "passwd", "shadow").Code);
    }

    [Fact]
    public void Identity_is_not_promoted()
    {
        using var cluster = Diverged();

        var answer = cluster.Cli("promote", "pc01", "hostname");

        Assert.Equal((2, ""), (answer.Code, answer.Out));
        Assert.Contains("hostname is left out", answer.Error, StringComparison.Ordinal);
    }

    private static Cluster Diverged(params string[] clients)
    {
        var cluster = new Cluster(clients.Length == 0 ? ["pc01"] : clients, firstCommit: made => made.Put("motd", "one\ntwo\nthree\nfour\nfive\n"));
        cluster.Cli("sync");
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "one\ntwo\nMINE\nfour\nfive\n");
        File.SetUnixFileMode(cluster.ClientPath("pc01", "motd"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(cluster.ClientPath("pc01", "extra"), "mine\n");
        Assert.Equal(0, cluster.Cli("sync").Code);
        return cluster;
    }
}
