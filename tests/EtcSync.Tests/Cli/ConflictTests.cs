using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class ConflictTests
{
    private static readonly string[] Files = ["a.conf", "b.conf", "c.conf"];

    [Fact]
    public void Conflicts_of_several_clients_are_shown_once()
    {
        using var cluster = Disputed("pc01", "pc02");

        var answer = cluster.Cli("conflicts");

        Assert.Equal(2, answer.Code);
        Assert.Matches(@"motd  [0-9a-f]{12}\n  on pc01, pc02\n", answer.Out);
        Assert.Matches(@"5 -five +5 \+mine +5 \+theirs", answer.Out);
        Assert.Contains("class: client", answer.Out, StringComparison.Ordinal);
        var conflict = Assert.Single(cluster.Cli("conflicts", "--json").Json.GetProperty("conflicts").EnumerateArray());
        Assert.Equal(["pc01", "pc02"], conflict.GetProperty("clients").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("content", conflict.GetProperty("conflict").GetProperty("kind").GetString());
        Assert.Contains($"resolve {conflict.GetProperty("id").GetString()} --take upstream", answer.Out, StringComparison.Ordinal);
        Assert.Equal(40, conflict.GetProperty("conflict").GetProperty("base").GetString()!.Length);
    }

    [Fact]
    public void Conflict_in_a_secret_path_hides_the_content()
    {
        using var cluster = Disputed("pc01");
        cluster.Configure("version: 1\nrules:\n  - {path: motd, secret: true}\n");

        var answer = cluster.Cli("conflicts");

        Assert.Contains("secret", answer.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("theirs", answer.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("mine", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Conflict_is_settled_by_what_the_report_says_of_the_file()
    {
        using var cluster = Disputed("pc01");
        Assert.Equal(2, cluster.Cli("sync").Code);
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "ONE\ntwo\nthree\nfour\ntheirs\n");

        Assert.Equal(0, cluster.Cli("sync").Code);

        Assert.Equal("ONE\ntwo\nthree\nfour\ntheirs\n", cluster.Read("pc01", "motd"));
        Assert.Contains("There are no conflicts.", cluster.Cli("conflicts").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Conflict_is_settled_by_what_the_report_says_of_the_policy()
    {
        using var cluster = Disputed("pc01");
        Assert.Equal(2, cluster.Cli("sync").Code);
        cluster.Configure("version: 1\nrules:\n  - {path: motd, clients: [pc01], class: client}\n");

        Assert.Equal(0, cluster.Cli("sync").Code);

        Assert.Contains("mine", cluster.Read("pc01", "motd"), StringComparison.Ordinal);
        Assert.Equal(0, cluster.Cli("conflicts").Code);
    }

    [Fact]
    public void Conflict_names_the_file_and_commands_that_work()
    {
        using var cluster = Disputed("pc01", "pc02");
        cluster.Cli("sync");

        var answer = cluster.Cli("conflicts");

        var conflict = Assert.Single(cluster.Cli("conflicts", "--json").Json.GetProperty("conflicts").EnumerateArray());
        var files = conflict.GetProperty("files").EnumerateArray().Select(file => file.GetString()!).ToList();
        Assert.Equal([cluster.ClientPath("pc01", "motd"), cluster.ClientPath("pc02", "motd")], files);
        Assert.All(files, file => Assert.Contains(file, answer.Out, StringComparison.Ordinal));
        foreach (var command in conflict.GetProperty("look").EnumerateArray().Select(command => command.GetString()!))
        {
            Assert.Contains(command, answer.Out, StringComparison.Ordinal);
            Assert.Equal(0, CommandLine.Run(command.Split(' ')[1..]).Code);
        }

        Assert.Contains($"'etcsync --root {cluster.Root} sync pc01 pc02'", answer.Out, StringComparison.Ordinal);
        Assert.Contains(cluster.ClientPath("pc01", "motd"), cluster.Cli("sync").Out, StringComparison.Ordinal);
        Assert.Contains($"'etcsync --root {cluster.Root} conflicts' shows", cluster.Cli("status").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_sides_of_a_conflict_of_a_layer_are_shown()
    {
        using var cluster = new Cluster(["pc01:lab"]);
        cluster.Cli("sync");
        cluster.Cli("layer", "edit", "lab", "--", "/bin/sh", "-c", "echo lab >motd");
        cluster.Put("motd", "theirs\n");
        cluster.Commit("motd");

        Assert.Matches(@"LAYER +UPSTREAM\n.*1 \+lab +1 \+theirs\n", cluster.Cli("conflicts").Out);
        Assert.Contains(" conflicts' shows the conflicts and what to do.", cluster.Cli("sync").Out, StringComparison.Ordinal);
        Assert.Contains(" conflicts' shows the conflicts and what to do.", cluster.Cli("status").Out, StringComparison.Ordinal);
        cluster.Configure("version: 1\nrules:\n  - {path: motd, secret: true}\n");
        Assert.DoesNotContain("theirs", cluster.Cli("conflicts").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_goes_below_those_of_the_file_that_init_writes()
    {
        using var cluster = Disputed("pc01");
        cluster.Cli("sync");
        var conflict = Assert.Single(cluster.Cli("conflicts", "--json").Json.GetProperty("conflicts").EnumerateArray());
        var file = conflict.GetProperty("ruleFile").GetString()!;

        File.WriteAllText(file, EtcSync.Setup.SitePolicyTemplate.Text + "  " + conflict.GetProperty("rule").GetString() + "\n");

        Assert.EndsWith("/etc/etcsync/policies/60-site.yaml", file, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Cli("sync").Code);
    }

    [Fact]
    public void Binary_content_is_said_to_be_binary()
    {
        using var cluster = new Cluster(["pc01"], firstCommit: made => File.WriteAllBytes(made.UpstreamPath("blob"), [1, 0, 2]));
        cluster.Cli("sync");
        File.WriteAllBytes(cluster.ClientPath("pc01", "blob"), [0xff, 0xfe, 1, 2]);
        cluster.Cli("sync");
        Assert.Contains("blob: changed; binary, 3 bytes became 4 bytes", cluster.Cli("diff", "pc01").Out, StringComparison.Ordinal);

        File.WriteAllBytes(cluster.UpstreamPath("blob"), [9, 0, 9, 9, 9]);
        cluster.Commit("blob");

        var answer = cluster.Cli("conflicts").Out;
        Assert.Contains("binary: Both sides changed it, and it is not text.\n", answer, StringComparison.Ordinal);
        Assert.Matches("client +a file of 4 bytes, 1 line\n", answer);
        Assert.Matches("upstream +a file of 5 bytes\n", answer);
    }

    [Fact]
    public void Many_conflicts_are_listed_behind_their_details()
    {
        using var cluster = new Cluster(["pc01"], firstCommit: made => { foreach (var name in Files) made.Put(name, "old\n"); });
        cluster.Cli("sync");
        foreach (var name in Files)
        {
            File.WriteAllText(cluster.ClientPath("pc01", name), "mine\n");
            cluster.Put(name, "theirs\n");
        }

        cluster.Commit("theirs");

        Assert.Matches(@"\n\nID +IN DISPUTE +ON +WHY\n[0-9a-f]{12}  a.conf +pc01 +Both sides changed[^\n]*\n[0-9a-f]{12}  b.conf [^\n]*\n[0-9a-f]{12}  c.conf [^\n]*\n\n3 conflicts on 1 client\.\n", cluster.Cli("conflicts").Out);
    }

    [Theory]
    [InlineData("nowhere/page.html", "There is no directory ")]
    [InlineData("", "is a directory.")]
    public void Page_that_can_be_put_nowhere_is_refused_in_words(string name, string reason)
    {
        using var cluster = Disputed("pc01");

        var answer = cluster.Cli("conflicts", "--html", Path.Combine(cluster.Root, name));

        Assert.Equal(1, answer.Code);
        Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_names_the_path_in_dispute_before_those_that_wait_for_it()
    {
        using var cluster = new Cluster(["pc01"], policies: "version: 1\nrules:\n  - {paths: [a.conf, b.conf], together: both}\n", firstCommit: made => { foreach (var name in Files) made.Put(name, "old\n"); });
        cluster.Cli("sync");
        File.WriteAllText(cluster.ClientPath("pc01", "b.conf"), "mine\n");
        foreach (var name in Files) cluster.Put(name, "theirs\n");
        cluster.Commit("theirs");

        var reason = cluster.Cli("status", "--json").Json.GetProperty("clients")[0].GetProperty("reason").GetString();

        Assert.StartsWith("b.conf: Both sides changed", reason, StringComparison.Ordinal);
        Assert.EndsWith("(1 more)", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_sides_added_what_is_not_text()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        File.WriteAllBytes(cluster.ClientPath("pc01", "blob"), [1, 0, 2]);
        File.WriteAllBytes(cluster.UpstreamPath("blob"), [9, 0, 9]);
        cluster.Commit("blob");

        Assert.Contains("blob: Both sides added it, and it is not text.", cluster.Cli("sync").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Diff_tells_modes_by_their_meaning()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        File.SetUnixFileMode(cluster.ClientPath("pc01", "motd"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        cluster.Cli("sync");

        var answer = cluster.Cli("diff", "pc01");

        Assert.Contains("motd: mode 0644 becomes 0600", answer.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("etckeeper", answer.Out, StringComparison.Ordinal);
        Assert.Equal("motd: mode 0644 becomes 0600\n", cluster.Cli("diff", "pc01", "motd").Out);
    }

    private static Cluster Disputed(params string[] clients)
    {
        var cluster = new Cluster(clients);
        cluster.Cli("sync");
        foreach (var client in clients) File.WriteAllText(cluster.ClientPath(client, "motd"), "one\ntwo\nthree\nfour\nmine\n");
        // Committed, so that the report can show the client's side.
        cluster.Cli("sync");
        cluster.Put("motd", "one\ntwo\nthree\nfour\ntheirs\n");
        cluster.Commit("motd");
        return cluster;
    }
}
