using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Races;

public sealed class TwoProcessesTests
{
    private static readonly string[] Clients = ["one", "two", "three", "four"];

    [Fact]
    public void Sync_twiceAtTheSameTime_doesTheWorkOnce()
    {
        using var cluster = new Cluster([.. Clients], firstCommit: UpstreamChanges.Prepare);
        for (var round = 1; round <= 4; round++)
        {
            UpstreamChanges.Commit(cluster, round);
            using var first = RunningProgram.Start(cluster.Root, ["sync"]);
            using var second = RunningProgram.Start(cluster.Root, ["sync"]);
            Assert.Equal((0, 0), (first.Wait(), second.Wait()));
            Assert.All(Clients, client => AssertArrived(cluster, client));
        }

        cluster.AssertQuiet(Clients);
    }

    [Fact]
    public void Sync_whileTheControllerRuns_doesTheWorkOnce()
    {
        using var cluster = new Cluster([.. Clients], moreSettings: "drift:\n  settle: 200ms\n", firstCommit: UpstreamChanges.Prepare);
        using var controller = RunningProgram.Start(cluster.Root, ["run"]);
        controller.WaitFor("Watching");
        for (var round = 1; round <= 4; round++)
        {
            UpstreamChanges.Commit(cluster, round);
            cluster.RunSync();
        }

        controller.Terminate();
        Assert.Equal(0, controller.Wait());
        Assert.All(Clients, client => AssertArrived(cluster, client));
        cluster.AssertQuiet(Clients);
    }

    private static void AssertArrived(Cluster cluster, string client)
    {
        cluster.AssertWhole(client);
        cluster.AssertLikeUpstream(client);
    }
}
