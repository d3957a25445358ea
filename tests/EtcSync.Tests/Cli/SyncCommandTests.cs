using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class SyncCommandTests
{
    [Fact]
    public void Sync_makes_clones_and_says_so()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);

        var answer = cluster.Cli("sync");

        Assert.Equal(0, answer.Code);
        Assert.Contains("pc01  synced: made its clone", answer.Out, StringComparison.Ordinal);
        Assert.Contains("2 clients: 2 synced.", answer.Out, StringComparison.Ordinal);
        Assert.Equal("2 clients: 2 unchanged.\n", cluster.Cli("sync").Out);
    }

    [Fact]
    public void Sync_of_named_clients_leaves_the_others()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);

        Assert.Equal(0, cluster.Cli("sync", "pc02").Code);

        Assert.False(Directory.Exists(cluster.ClientPath("pc01")));
        Assert.True(Directory.Exists(cluster.ClientPath("pc02")));
    }

    [Fact]
    public void Sync_json_gives_outcomes()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        File.AppendAllText(cluster.ClientPath("pc01", "conf.d/01.conf"), "mine\n");
        cluster.Put("conf.d/03.conf", "value=new\n");
        cluster.Commit("conf");

        var answer = cluster.Cli("sync", "--json");

        var client = Assert.Single(answer.Json.GetProperty("clients").EnumerateArray());
        Assert.Equal("synced", client.GetProperty("outcome").GetString());
        Assert.Equal("conf.d/01.conf", Assert.Single(client.GetProperty("drift").EnumerateArray()).GetString());
        var decision = Assert.Single(client.GetProperty("decisions").EnumerateArray());
        Assert.Equal(("conf.d/03.conf", "take", "changed"), (decision.GetProperty("path").GetString(), decision.GetProperty("action").GetString(), decision.GetProperty("change").GetString()));
    }

    [Fact]
    public void Rewritten_history_waits_for_a_person()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        cluster.Put("motd", "rewritten\n");
        Tool.Git(cluster.Upstream, "commit", "-q", "--amend", "-a", "-m", "another beginning");

        var refused = cluster.Cli("sync");
        var accepted = cluster.Cli("sync", "--accept-rewrite");

        Assert.Equal(2, refused.Code);
        Assert.Contains("--accept-rewrite", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, accepted.Code);
        Assert.Equal("rewritten\n", cluster.Read("pc01", "motd"));
    }

    [Fact]
    public void Held_client_does_not_move_until_it_is_resumed()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);
        cluster.Cli("sync");
        Assert.Equal(0, cluster.Cli("hold", "pc01").Code);
        cluster.Put("motd", "new\n");
        cluster.Commit("motd");

        var held = cluster.Cli("sync");

        Assert.Equal(2, held.Code);
        Assert.Contains("pc01  held: tester holds it.", held.Out, StringComparison.Ordinal);
        Assert.NotEqual("new\n", cluster.Read("pc01", "motd"));
        Assert.Equal("new\n", cluster.Read("pc02", "motd"));
        Assert.Equal(0, cluster.Cli("resume", "pc01").Code);
        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.Equal("new\n", cluster.Read("pc01", "motd"));
    }

    [Fact]
    public void Fleet_is_held_and_resumed_as_a_whole()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);
        cluster.Cli("sync");
        cluster.Cli("hold", "pc02", "--reason", "It is on loan.");
        Assert.Equal(0, cluster.Cli("hold", "--all", "--reason", "Holidays.").Code);

        Assert.Equal(2, cluster.Cli("resume", "pc01").Code);
        Assert.Contains("Holidays", cluster.Cli("status").Error, StringComparison.Ordinal);
        var resumed = cluster.Cli("resume", "--all");

        Assert.Equal(0, resumed.Code);
        Assert.Contains("pc02 still is", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(2, cluster.Cli("sync").Code);
        Assert.Equal(1, cluster.Cli("hold").Code);
        Assert.Equal(1, cluster.Cli("hold", "pc01", "--all").Code);
    }

    [Fact]
    public void Directory_that_is_not_ours_is_left_alone()
    {
        using var cluster = new Cluster(["pc01"]);
        Directory.CreateDirectory(cluster.ClientPath("pc01"));
        File.WriteAllText(cluster.ClientPath("pc01", "precious"), "x");

        var answer = cluster.Cli("sync");

        Assert.Equal(2, answer.Code);
        Assert.Contains($"{cluster.ClientPath("pc01")} exists and was not made by EtcSync", answer.Out, StringComparison.Ordinal);
        Assert.Equal(["precious"], Directory.EnumerateFileSystemEntries(cluster.ClientPath("pc01")).Select(Path.GetFileName));
    }

    [Fact]
    public void Ordinary_user_in_a_sandbox_is_told_of_owners_once()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);

        var first = CommandLine.Run(terminal => terminal with { IsRoot = false }, "--root", cluster.Root, "sync");
        var second = CommandLine.Run(terminal => terminal with { IsRoot = false }, "--root", cluster.Root, "sync");

        Assert.Equal(2, first.Error.Split("owners").Length);
        Assert.DoesNotContain("owners", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_line_says_what_happened()
    {
        using var cluster = new Cluster(["pc01"], policies: "version: 1\nrules:\n  - {path: conf.d/03.conf, class: local}\n");
        cluster.Cli("sync");
        var tip = cluster.Commit("nothing");

        Assert.Contains($"pc01  synced: merged upstream {tip[..10]}, which changes nothing here", cluster.Cli("sync").Out, StringComparison.Ordinal);

        cluster.Put("motd", "new\n");
        tip = cluster.Commit("motd");
        Assert.Contains($"pc01  synced: merged upstream {tip[..10]}, took 1 path", cluster.Cli("sync").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Attribute_drift_is_told_by_path_everywhere()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        File.SetUnixFileMode(cluster.ClientPath("pc01", "motd"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.CreateDirectory(cluster.ClientPath("pc01", "spool"));

        Assert.Contains("drift: motd: mode 0644 becomes 0600", cluster.Cli("plan").Out, StringComparison.Ordinal);
        Assert.Contains("motd: mode 0644 becomes", cluster.Cli("status").Out, StringComparison.Ordinal);
        var json = Assert.Single(cluster.Cli("plan", "--json").Json.GetProperty("clients").EnumerateArray()).GetProperty("driftAttributes");
        Assert.Contains("spool an empty directory", json.EnumerateArray().Select(change => $"{change.GetProperty("path")} {change.GetProperty("change")}"));
        Assert.Contains("motd: mode 0644 becomes 0600", cluster.Cli("sync").Out, StringComparison.Ordinal);
        var message = cluster.GitOf("pc01", "log", "-1", "--format=%B", "client/pc01");
        Assert.Contains("motd: mode 0644 becomes 0600", message, StringComparison.Ordinal);
        Assert.Contains("spool: an empty directory", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_left_alone_stays_in_status()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        Tool.Run("mkfifo", cluster.ClientPath("pc01", "pipe"));
        cluster.Cli("sync");

        Assert.Contains("pc01: 1 path left alone", cluster.Cli("status").Out, StringComparison.Ordinal);
        Assert.Contains("pc01 left alone pipe: ", cluster.Cli("status", "pc01").Out, StringComparison.Ordinal);
        var client = Assert.Single(cluster.Cli("status", "--json").Json.GetProperty("clients").EnumerateArray());
        Assert.Equal("pipe", Assert.Single(client.GetProperty("findings").EnumerateArray()).GetProperty("path").GetString());
    }
}
