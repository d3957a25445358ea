using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Configuration;
using EtcSync.Core.Clients;
using EtcSync.Fleet;
using EtcSync.State;
using EtcSync.Tests.Clients;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Fleet;

public sealed class TwoAtOnceTests
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e", "f"];

    [Fact]
    public void TwoRuns_onTheSameClients_oneDefersAndNothingBreaks()
    {
        using var cluster = new Cluster([.. Names]);
        var kinds = new HashSet<OutcomeKind>();
        for (var round = 0; round < 6; round++)
        {
            cluster.Put("motd", $"round {round}\n");
            cluster.Put($"fresh/{round}", $"round {round}\n", 0x180);
            cluster.Commit($"round {round}");
            foreach (var outcome in AtTheSameTime(cluster, 3))
            {
                Assert.True(outcome.Kind is OutcomeKind.Synced or OutcomeKind.Unchanged or OutcomeKind.Deferred, $"{outcome.Client}: {outcome.Kind} {outcome.Reason}");
                kinds.Add(outcome.Kind);
            }
        }

        Assert.Contains(OutcomeKind.Deferred, kinds);
        foreach (var name in Names)
        {
            cluster.SyncWell(name);
            Assert.Equal("round 5\n", cluster.Read(name, "motd"));
            // The identity, and a merge a round: nothing doubled.
            Assert.Equal("6", cluster.GitOf(name, "rev-list", "--first-parent", "--count", $"client/{name}", "--not", "--glob=refs/nothing", $"client/{name}~6").Trim());
        }
    }

    [Fact]
    public void StateDirectory_thatAnotherProgramIsMakingAtThisMoment_isTakenAsItIs()
    {
        using var cluster = new Cluster(["one"]);
        var format = Directory.CreateDirectory(cluster.Workspace.State.Path).FullName + "/format";
        File.WriteAllText(format, "");
        cluster.SyncWell();
        Assert.Equal(StateDirectory.Format, File.ReadAllText(format).Trim());
    }

    [Fact]
    public void LockThatCannotBeTaken_failsThatClientAlone()
    {
        using var cluster = new Cluster(["one", "two"]);
        Directory.CreateDirectory(cluster.Workspace.State.ClientLock(ClientName.Parse("one")));
        var outcomes = cluster.Sync();
        Assert.Equal(OutcomeKind.Failed, outcomes[0].Kind);
        Assert.True(outcomes[1].FannedOut);
    }

    [Fact]
    public void DamagedClone_failsThatClientAlone_inClearWords()
    {
        using var cluster = new Cluster(["one", "two"]);
        cluster.Sync();
        File.WriteAllText(Path.Combine(cluster.GitDirectory("one"), "refs/heads/client/one"), "rubbish\n");
        cluster.Put("motd", "new\n");
        cluster.Commit("new");
        var outcomes = cluster.Sync();
        Assert.Equal(OutcomeKind.Failed, outcomes[0].Kind);
        Assert.Contains("refs/heads/client/one", outcomes[0].Reason, StringComparison.Ordinal);
        Assert.Equal("new\n", cluster.Read("two", "motd"));
    }

    private static ImmutableArray<ClientOutcome> AtTheSameTime(Cluster cluster, int runs)
    {
        var outcomes = new ImmutableArray<ClientOutcome>[runs];
        // Each with a workspace and a thread of its own, as if they were processes.
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = runs }, run =>
        {
            var locations = new Locations(cluster.Root);
            var workspace = new Workspace(locations, ConfigurationLoader.Load(locations).Value!, TimeProvider.System);
            var clients = workspace.Configuration.Inventory.Clients;
            var target = new FleetObserver(workspace).Take(clients, acceptRewrite: false, CancellationToken.None);
            outcomes[run] = new FleetSync(workspace).Run(clients, target, _ => SyncRequest.Now, _ => { }, CancellationToken.None);
        });
        return [.. outcomes.SelectMany(one => one)];
    }
}
