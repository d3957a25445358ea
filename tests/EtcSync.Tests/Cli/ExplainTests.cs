using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class ExplainTests
{
    [Fact]
    public void Lines_are_told_by_layer_and_commit()
    {
        using var cluster = new Cluster(["pc01:lab"], firstCommit: made => made.Put("motd", "one\ntwo\nthree\nfour\nfive\n"));
        cluster.Cli("sync");
        cluster.Cli("layer", "edit", "lab", "-m", "lab's motd", "--", "/bin/sh", "-c", "sed -i s/one/lab/ motd");
        cluster.Cli("sync");
        Replace(cluster, "five", "client");
        Assert.Equal(0, cluster.Cli("sync").Code);
        Replace(cluster, "three", "live");

        var json = cluster.Cli("explain", "pc01", "motd", "--json").Json;

        Assert.Equal(
            [("lab", "group/lab", "lab's motd"), ("two", "upstream", "everything"), ("live", "live", null), ("four", "upstream", "everything"), ("client", "client/pc01", "pc01 changed motd")],
            json.GetProperty("lines").EnumerateArray().Select(line => (line.GetProperty("text").GetString(), line.GetProperty("layer").GetString(), line.GetProperty("subject").GetString())));
        Assert.Equal("live", json.GetProperty("state").GetString());
        Assert.Equal([(3, "three", "live"), (5, "five", "client")], json.GetProperty("changes").EnumerateArray().Select(change =>
            (change.GetProperty("removedFrom").GetInt32(), change.GetProperty("removed")[0].GetString(), change.GetProperty("added")[0].GetString())));
    }

    [Fact]
    public void Line_that_was_settled_upstreams_way_is_upstreams()
    {
        using var cluster = new Cluster(["pc01"], firstCommit: made => made.Put("motd", "one\ntwo\nthree\n"));
        cluster.Cli("sync");
        Replace(cluster, "two", "mine");
        cluster.Cli("sync");
        cluster.Put("motd", "one\ntheirs\nthree\n");
        cluster.Commit("theirs");
        Assert.Equal(2, cluster.Cli("sync").Code);
        var id = cluster.Cli("conflicts", "--json").Json.GetProperty("conflicts")[0].GetProperty("id").GetString()!;
        Assert.Equal(0, cluster.Cli("resolve", id, "--take", "upstream").Code);

        var lines = cluster.Cli("explain", "pc01", "motd", "--json").Json.GetProperty("lines");

        Assert.Equal([("upstream", "everything"), ("upstream", "theirs"), ("upstream", "everything")],
            lines.EnumerateArray().Select(line => (line.GetProperty("layer").GetString(), line.GetProperty("subject").GetString())));
    }

    [Fact]
    public void Rules_are_told_with_file_and_line()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        cluster.Configure("version: 1\nrules:\n  - path: motd\n    hold: client\n    on-conflict: upstream\n");

        var answer = cluster.Cli("explain", "pc01", "/etc/motd");

        Assert.Equal(0, answer.Code);
        Assert.Matches(@"on-conflict +upstream +\(.*:3\)", answer.Out);
        Assert.Matches(@"hold +client +\(.*:3\)", answer.Out);
        Assert.Matches(@"class +merge +\(the default\)", answer.Out);
        Assert.Matches(@"class +client +\(.*10-identity.yaml:\d+\)", cluster.Cli("explain", "pc01", "hostname").Out);
    }

    [Fact]
    public void Secret_is_explained_without_its_content()
    {
        using var cluster = new Cluster(["pc01"], firstCommit: made => made.Put("secret.key", "upstream-canary\n"));
        cluster.Cli("sync");
        File.WriteAllText(cluster.ClientPath("pc01", "secret.key"), "client-canary\n");

        foreach (var answer in (Answer[])[cluster.Cli("explain", "pc01", "secret.key"), cluster.Cli("explain", "pc01", "secret.key", "--json")])
        {
            Assert.Equal(0, answer.Code);
            Assert.DoesNotContain("canary", answer.Out + answer.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Conflict_is_named()
    {
        using var cluster = new Cluster(["pc01"], firstCommit: made => made.Put("motd", "old\n"));
        cluster.Cli("sync");
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "mine\n");
        cluster.Put("motd", "theirs\n");
        cluster.Commit("motd");

        var answer = cluster.Cli("explain", "pc01", "motd");

        Assert.Equal(2, answer.Code);
        Assert.Contains("Both sides changed the same lines", answer.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conf.d", 1)]
    [InlineData("nothing", 0)]
    [InlineData("../passwd", 1)]
    public void Odd_paths_are_answered(string path, int code)
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");

        Assert.Equal(code, cluster.Cli("explain", "pc01", path).Code);
    }

    [Fact]
    public void Planted_link_and_pipe_are_not_followed()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        File.Delete(cluster.ClientPath("pc01", "motd"));
        Tool.Run("mkfifo", cluster.ClientPath("pc01", "motd"));
        Directory.Delete(cluster.ClientPath("pc01", "conf.d"), recursive: true);
        File.CreateSymbolicLink(cluster.ClientPath("pc01", "conf.d"), "/etc");

        Assert.Equal(0, cluster.Cli("explain", "pc01", "motd").Code);
        Assert.DoesNotContain("root:", cluster.Cli("explain", "pc01", "conf.d/passwd").Out, StringComparison.Ordinal);
    }

    private static void Replace(Cluster cluster, string line, string by) =>
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), cluster.Read("pc01", "motd").Replace(line, by, StringComparison.Ordinal));
}
