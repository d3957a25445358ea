using System.Collections.Immutable;
using System.Text;
using EtcSync.Cli;
using EtcSync.Clients;
using EtcSync.Fleet;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class DisputeViewTests
{
    [Fact]
    public void Dispute_of_several_clients_is_one()
    {
        using var cluster = Disputed("pc01", "pc02");

        var (disputes, _) = Disputes(cluster);

        var one = Assert.Single(disputes);
        Assert.Equal(["pc01", "pc02"], one.Names);
        Assert.Equal(("motd", 12), (one.Key.Name, one.Key.Id.Length));
    }

    [Fact]
    public void Other_content_is_another_dispute()
    {
        using var cluster = Disputed("pc01", "pc02");
        File.WriteAllText(cluster.ClientPath("pc02", "motd"), "one\ntwo\nthree\nfour\nmine too\n");

        var (disputes, _) = Disputes(cluster);

        Assert.Equal(2, disputes.Select(one => one.Key.Id).Distinct().Count());
        Assert.All(disputes, one => Assert.Single(one.Names));
    }

    [Fact]
    public void Contents_are_read_although_the_drift_is_not_committed()
    {
        using var cluster = Disputed("pc01");

        var (disputes, target) = Disputes(cluster);

        var contents = disputes[0].Read(cluster.Workspace, target.Pending);
        Assert.Equal(["one\ntwo\nthree\nfour\nfive\n", "one\ntwo\nthree\nfour\nmine\n", "one\ntwo\nthree\nfour\ntheirs\n"],
            new[] { contents.Base, contents.Client, contents.Upstream }.Select(content => Encoding.UTF8.GetString(content!)));
    }

    private static (ImmutableArray<DisputeView> Disputes, FleetTarget Target) Disputes(Cluster cluster)
    {
        var clients = cluster.Workspace.Configuration.Inventory.Clients;
        var target = new FleetObserver(cluster.Workspace).Observe(clients);
        return (DisputeView.Of(new FleetSync(cluster.Workspace).Preview(clients, target, SyncRequest.Now, CancellationToken.None)), target);
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
}
