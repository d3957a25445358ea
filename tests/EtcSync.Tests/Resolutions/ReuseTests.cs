using EtcSync.Clients;
using EtcSync.Cli;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Resolutions;
using EtcSync.Fleet;
using EtcSync.Resolutions;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Resolutions;

public sealed class ReuseTests
{
    private static readonly DateTimeOffset When = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Kept_answer_settles_the_dispute_wherever_it_is()
    {
        using var cluster = Disputed("pc01", "pc02");
        Settle(cluster, DisputeSide.Upstream);

        var outcomes = cluster.Sync();

        Assert.All(outcomes, outcome => Assert.Equal(OutcomeKind.Synced, outcome.Kind));
        Assert.All(outcomes, outcome => Assert.Equal("upstream's version, as settled by ann on 2026-03-01", Assert.Single(outcome.Settled).Describe()));
        Assert.Equal("one\ntwo\nthree\nfour\ntheirs\n", cluster.Read("pc02", "motd"));
        cluster.AssertInOrder("pc01");
    }

    [Fact]
    public void Client_that_was_away_for_long_settles_by_itself()
    {
        using var cluster = Disputed("pc01", "pc02");
        new EtcSync.State.HoldStore(cluster.Workspace.State).Set(ClientName.Parse("pc02"), new("away", "ann", When));
        Settle(cluster, DisputeSide.Upstream);
        cluster.Sync();
        // The answer stays good while upstream goes on with other things.
        cluster.Put("issue", "new\n");
        cluster.Commit("issue");
        cluster.Sync();
        new EtcSync.State.HoldStore(cluster.Workspace.State).Remove(ClientName.Parse("pc02"));

        var back = cluster.Sync().Single(outcome => outcome.Client.Value == "pc02");

        Assert.Equal(OutcomeKind.Synced, back.Kind);
        Assert.Equal("motd", Assert.Single(back.Settled).Key.Name);
        Assert.Equal("one\ntwo\nthree\nfour\ntheirs\n", cluster.Read("pc02", "motd"));
    }

    [Fact]
    public void Answer_for_one_client_leaves_the_others_in_conflict()
    {
        using var cluster = Disputed("pc01", "pc02");
        Settle(cluster, DisputeSide.Client, "pc01");

        var outcomes = cluster.Sync();

        Assert.Equal([OutcomeKind.Synced, OutcomeKind.Conflicted], outcomes.Select(outcome => outcome.Kind));
        Assert.Contains("mine", cluster.Read("pc01", "motd"), StringComparison.Ordinal);
    }

    [Fact]
    public void Branch_tells_what_was_settled_although_the_client_keeps_its_own()
    {
        using var cluster = Disputed("pc01");
        Assert.Equal(OutcomeKind.Conflicted, cluster.SyncOne().Kind);
        Settle(cluster, DisputeSide.Client);

        Assert.Equal(OutcomeKind.Synced, cluster.SyncOne().Kind);

        var message = cluster.GitOf("pc01", "log", "-1", "--format=%B");
        Assert.Contains("settled: motd (the client's version, as settled by ann on 2026-03-01)", message, StringComparison.Ordinal);
        Assert.Contains("EtcSync-Resolution: ", message, StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOne().Kind);
        cluster.AssertInOrder("pc01");
    }

    [Fact]
    public void Later_change_of_the_same_lines_is_a_dispute_of_its_own()
    {
        using var cluster = Disputed("pc01");
        Settle(cluster, DisputeSide.Client);
        cluster.SyncOne();
        cluster.Put("motd", "one\ntwo\nthree\nfour\ntheirs again\n");
        cluster.Commit("again");

        Assert.Equal(OutcomeKind.Conflicted, cluster.SyncOne().Kind);
    }

    [Fact]
    public void Conflict_heals_when_upstream_reverts()
    {
        using var cluster = Disputed("pc01");
        cluster.SyncOne();
        cluster.Put("motd", "one\ntwo\nthree\nfour\nfive\n");
        cluster.Commit("revert");

        var outcome = cluster.SyncOne();

        Assert.Empty(outcome.Conflicts);
        Assert.Contains("mine", cluster.Read("pc01", "motd"), StringComparison.Ordinal);
    }

    [Fact]
    public void Conflict_heals_when_the_client_gives_in()
    {
        using var cluster = Disputed("pc01");
        cluster.SyncOne();
        File.WriteAllText(cluster.ClientPath("pc01", "motd"), "one\ntwo\nthree\nfour\ntheirs\n");

        var outcome = cluster.SyncOne();

        Assert.Empty(outcome.Conflicts);
        Assert.Empty(outcome.Settled);
    }

    [Fact]
    public void Killed_between_keeping_and_applying_the_next_sync_applies()
    {
        using var cluster = Disputed("pc01");
        cluster.SyncOne();

        // Kept, and then nothing: what is kept needs nobody who remembers it.
        Settle(cluster, DisputeSide.Upstream);

        Assert.Equal("motd", Assert.Single(cluster.SyncOne().Settled).Key.Name);
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

    private static void Settle(Cluster cluster, DisputeSide side, params string[] names)
    {
        var workspace = cluster.Workspace;
        var clients = workspace.Configuration.Inventory.Clients;
        var previews = new FleetSync(workspace).Preview(clients, new FleetObserver(workspace).Observe(clients), SyncRequest.Now, CancellationToken.None);
        var resolutions = DisputeView.Of(previews).Select(one => new NewResolution(new(one.Key, new DisputeAnswer.Take(side), [.. names.Select(ClientName.Parse)], "ann", When), ContentsInDispute.Unknown));
        Assert.IsType<KeepOutcome.Kept>(workspace.Resolutions.Keep(workspace.Resolutions.Load(), [.. resolutions], new("ann", "ann@server", When), CancellationToken.None));
    }
}
