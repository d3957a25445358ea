using EtcSync.Cli;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class ResolutionsTests
{
    [Fact]
    public void List_says_who_settled_what_and_who_made_use_of_it()
    {
        using var cluster = Settled("pc01", "pc02");

        var one = Assert.Single(cluster.Cli("resolutions", "list", "--json").Json.GetProperty("resolutions").EnumerateArray());

        Assert.Equal(("motd", "upstream", "tester"), (one.GetProperty("path").GetString(), one.GetProperty("answer").GetString(), one.GetProperty("by").GetString()));
        Assert.Equal(["pc01", "pc02"], one.GetProperty("used").EnumerateArray().Select(name => name.GetString()));
        Assert.Matches(@"motd +upstream's version +everybody +tester .* pc01, pc02", cluster.Cli("resolutions", "list").Out);
    }

    [Fact]
    public void Client_with_an_answer_of_its_own_made_no_use_of_everybodys()
    {
        using var cluster = Disputed("pc01", "pc02");
        var id = DisputeId(cluster);
        cluster.Cli("resolve", id, "--take", "client", "--client", "pc01");
        cluster.Cli("resolve", id, "--take", "upstream");

        var used = cluster.Cli("resolutions", "list", "--json").Json.GetProperty("resolutions").EnumerateArray()
            .ToDictionary(one => one.GetProperty("answer").GetString()!, one => one.GetProperty("used").EnumerateArray().Select(name => name.GetString()).Single());

        Assert.Equal(("pc01", "pc02"), (used["client"], used["upstream"]));
        Assert.Contains("what was said of everybody counts", cluster.Cli("resolutions", "revoke", id, "--client", "pc01").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_has_both_sides()
    {
        using var cluster = Settled("pc01");

        var answer = cluster.Cli("resolutions", "show", Id(cluster)[..4]);

        Assert.Equal(0, answer.Code);
        Assert.Matches("mine.*theirs", answer.Out);
        Assert.Contains("used by pc01", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_hides_what_is_secret()
    {
        using var cluster = Settled("pc01");
        cluster.Configure("version: 1\nrules:\n  - {path: motd, secret: true}\n");

        foreach (var answer in new[] { cluster.Cli("resolutions", "show", Id(cluster)), cluster.Cli("resolutions", "show", Id(cluster), "--json"), cluster.Cli("resolutions", "list", "--json") })
        {
            Assert.DoesNotContain("mine", answer.Out, StringComparison.Ordinal);
            Assert.DoesNotContain("theirs", answer.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Revoked_answer_names_its_users_and_their_files_stay()
    {
        using var cluster = Settled("pc01", "pc02");
        var id = Id(cluster);

        var answer = cluster.Cli("resolutions", "revoke", id);

        Assert.Contains("pc01, pc02 had made use of it", answer.Out, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.Contains("theirs", cluster.Read("pc01", "motd"), StringComparison.Ordinal);
        Assert.Contains("Nothing has been settled yet.", cluster.Cli("resolutions", "list").Out, StringComparison.Ordinal);
        Assert.Equal(1, cluster.Cli("resolutions", "revoke", id).Code);
    }

    [Fact]
    public void Answer_for_everybody_is_not_revoked_for_one()
    {
        using var cluster = Settled("pc01", "pc02");

        var answer = cluster.Cli("resolutions", "revoke", Id(cluster), "--client", "pc01");

        Assert.Equal(1, answer.Code);
        Assert.Contains("Nothing was said of pc01 alone", answer.Error, StringComparison.Ordinal);
        Assert.Single(cluster.Workspace.Resolutions.Load().Set.All);
    }

    [Fact]
    public void Exported_answers_are_taken_over_elsewhere_and_what_stands_stays()
    {
        using var cluster = Settled("pc01");
        using var other = new Cluster(["pc01"]);
        var file = Path.Combine(cluster.Root, "export");

        Assert.Equal(0, cluster.Cli("resolutions", "export", "--output", file).Code);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(File.ReadAllText(file), cluster.Cli("resolutions", "export", Id(cluster)).Out);
        Assert.Contains("1 resolution taken over.", other.Cli("resolutions", "import", file).Out, StringComparison.Ordinal);
        Assert.Equal(cluster.Workspace.Resolutions.Load().Set.All.Single().Key, other.Workspace.Resolutions.Load().Set.All.Single().Key);
        Assert.Contains("settled here already", other.Cli("resolutions", "import", file).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"version\": 2, \"resolutions\": []}")]
    [InlineData("{\"version\": 1, \"resolutions\": [null]}")]
    [InlineData("{\"version\": 1, \"resolutions\": [{\"path\": \"../x\", \"record\": null, \"base\": \"-\", \"client\": \"a\", \"upstream\": \"b\", \"take\": \"client\", \"content\": null, \"clients\": [], \"by\": \"x\", \"when\": \"2026-01-01T00:00:00Z\", \"baseContent\": null, \"clientContent\": null, \"upstreamContent\": null}]}")]
    public void What_was_not_exported_is_not_taken_over(string text)
    {
        using var cluster = new Cluster(["pc01"]);
        var file = Path.Combine(cluster.Root, "import");
        File.WriteAllText(file, text);

        var answer = cluster.Cli("resolutions", "import", file);

        Assert.Equal(1, answer.Code);
        Assert.Contains("nothing that 'etcsync", answer.Error, StringComparison.Ordinal);
        Assert.Empty(cluster.Workspace.Resolutions.Load().Set.All);
    }

    [Fact]
    public void Looking_makes_nothing()
    {
        using var cluster = new Cluster(["pc01"]);

        Assert.Equal(0, cluster.Cli("resolutions", "list").Code);
        Assert.Equal(1, cluster.Cli("resolutions", "show", "abcd").Code);

        Assert.False(Directory.Exists(cluster.Workspace.State.Path));
    }

    private static string Id(Cluster cluster) => cluster.Workspace.Resolutions.Load().Set.All.Single().Key.Id;

    private static Cluster Settled(params string[] clients)
    {
        var cluster = Disputed(clients);
        Assert.Equal(0, cluster.Cli("resolve", DisputeId(cluster), "--take", "upstream").Code);
        return cluster;
    }

    private static Cluster Disputed(params string[] clients)
    {
        var cluster = new Cluster(clients);
        cluster.Sync();
        foreach (var client in clients) File.WriteAllText(cluster.ClientPath(client, "motd"), "one\ntwo\nthree\nfour\nmine\n");
        cluster.Put("motd", "one\ntwo\nthree\nfour\ntheirs\n");
        cluster.Commit("theirs");
        return cluster;
    }

    private static string DisputeId(Cluster cluster)
    {
        var all = cluster.Workspace.Configuration.Inventory.Clients;
        return DisputeView.Of(new EtcSync.Fleet.FleetSync(cluster.Workspace).Preview(all, new EtcSync.Fleet.FleetObserver(cluster.Workspace).Observe(all), EtcSync.Clients.SyncRequest.Now, CancellationToken.None))[0].Key.Id;
    }
}
