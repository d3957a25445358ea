using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class ConflictTests
{
    [Fact]
    public void Conflicts_of_several_clients_are_shown_once()
    {
        using var cluster = Disputed("pc01", "pc02");

        var answer = cluster.Cli("conflicts");

        Assert.Equal(2, answer.Code);
        Assert.Contains("motd  on pc01, pc02", answer.Out, StringComparison.Ordinal);
        Assert.Matches(@"5 +mine +5 +theirs", answer.Out);
        Assert.Contains("class: client", answer.Out, StringComparison.Ordinal);
        var conflict = Assert.Single(cluster.Cli("conflicts", "--json").Json.GetProperty("conflicts").EnumerateArray());
        Assert.Equal(["pc01", "pc02"], conflict.GetProperty("clients").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("content", conflict.GetProperty("conflict").GetProperty("kind").GetString());
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
