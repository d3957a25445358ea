using EtcSync.Clients;
using EtcSync.Tests.Cli;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

public sealed class AttributeLossTests
{
    [Theory]
    [InlineData("chmod -R 777 .")]
    [InlineData("chmod -R +x .")]
    [InlineData("chown -R 6:12 .")]
    [InlineData("chmod 600 conf.d/*")]
    public void ModesOrOwnersOfVeryMany_holdTheClient_untilAPersonAccepts(string commands)
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        var (head, before) = (cluster.Head("one"), Picture(cluster));
        cluster.Shell("one", commands);
        for (var i = 0; i < 2; i++)
        {
            var outcome = cluster.SyncOf("one");
            Assert.True(outcome.Kind == OutcomeKind.Held, $"{outcome.Kind} {outcome.Reason}");
            Assert.Matches("^[0-9]+ of [0-9]+ paths have another mode or owner than before ", outcome.Reason);
            Assert.Contains("sync --accept-drift one", outcome.Reason, StringComparison.Ordinal);
            Assert.Contains("sync --reject-drift one", outcome.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain("checkout", outcome.Reason, StringComparison.Ordinal);
            Assert.Equal(head, cluster.Head("one"));
        }

        Assert.Contains("another mode or owner", cluster.Cli("plan").Out, StringComparison.Ordinal);
        var changed = Picture(cluster);
        Assert.NotEqual(before, changed);
        Assert.Equal(OutcomeKind.Synced, cluster.SyncOf("one", new() { Drift = EtcSync.Core.Drift.DriftAnswer.Accept }).Kind);
        Assert.Equal(changed, Picture(cluster));
        cluster.AssertSettled("one", OutcomeKind.Unchanged);
    }

    [Theory]
    [InlineData("chmod -R 777 .")]
    [InlineData("chown -R 6:12 .")]
    [InlineData("chmod -R 777 . && rm -r conf.d && echo mine > motd && echo new > extra && rm -f hostname && ln -s nowhere hostname")]
    [InlineData("find . -mindepth 1 -delete")]
    public void Drift_thatIsRejected_isCommittedAndPutBack(string commands)
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", "echo own > own.conf");
        cluster.SyncWell();
        var before = Picture(cluster);
        cluster.Put("conf.d/01.conf", "rolled out\n");
        cluster.Commit("rollout");
        cluster.Shell("one", commands);
        var changed = Picture(cluster);
        Assert.Equal(OutcomeKind.Held, cluster.SyncOf("one").Kind);
        Assert.Equal(OutcomeKind.Synced, cluster.SyncOf("one", new() { Drift = EtcSync.Core.Drift.DriftAnswer.Reject }).Kind);
        Assert.Equal("rolled out\n", cluster.Read("one", "conf.d/01.conf"));
        Assert.Equal(before, Picture(cluster));
        Assert.NotEqual(before, changed);
        Assert.Contains("Put back what changed on one", cluster.GitOf("one", "log", "--first-parent", "--format=%s", "client/one"), StringComparison.Ordinal);
        cluster.AssertSettled("one", OutcomeKind.Unchanged);
    }

    [Fact]
    public void ModesThatArePutBack_letTheClientGo()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        var head = cluster.Head("one");
        cluster.Shell("one", "chmod 600 conf.d/*");
        Assert.Equal(OutcomeKind.Held, cluster.SyncOf("one").Kind);
        cluster.Shell("one", "chmod 644 conf.d/*");
        cluster.SyncWell();
        Assert.Equal(head, cluster.Head("one"));
    }

    [Fact]
    public void FewModes_andManyNewFiles_areDriftAsAnyOther()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", "chmod 600 conf.d/0[0-4].conf; mkdir -m 700 own; for i in $(seq 1 50); do echo $i >own/$i; chmod 600 own/$i; done");
        cluster.SyncWell();
        Assert.Equal("600 0:0", cluster.Attributes("one", "conf.d/00.conf"));
    }

    private static string Picture(Cluster cluster) => Tool.Run("/bin/sh", "-c", $"cd '{cluster.ClientPath("one")}'; find . -name .etckeeper -prune -o -name .pwd.lock -prune -o -printf '%p %m %U %G\n' | sort");
}
