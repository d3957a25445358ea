using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Fleet;
using EtcSync.Tests.Cli;
using EtcSync.Tests.FileSystem;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

public sealed class UnfitFileSystemTests
{
    private const int NotPermitted = 1;
    private const int Invalid = 22;

    public static TheoryData<uint, int, string> Lacks => new()
    {
        { ForbiddenCall.Exchange.Number, Invalid, "exchange two files in one step" },
        { ForbiddenCall.ChangeOwner.Number, NotPermitted, "hold owners and modes" },
        { ForbiddenCall.ChangeMode.Number, NotPermitted, "hold owners and modes" },
        // 'quiet': it says that it did it.
        { ForbiddenCall.ChangeOwner.Number, 0, "hold owners and modes" },
        { ForbiddenCall.ChangeMode.Number, 0, "hold owners and modes" },
    };

    [Theory]
    [MemberData(nameof(Lacks))]
    public void FileSystem_thatCannotDoWhatIsNeeded_holdsTheClientBeforeAnythingIsStaged(uint number, int error, string what)
    {
        var call = ((uint Number, uint? Argument, uint Value)[])[ForbiddenCall.Exchange, ForbiddenCall.ChangeOwner, ForbiddenCall.ChangeMode];
        using var cluster = new Cluster(["one"]);
        // Where its clone would be made, none is.
        AssertHeld(Pass(cluster, call.Single(one => one.Number == number), error), what);
        Assert.False(Directory.Exists(cluster.ClientPath("one")));
        cluster.SyncWell();

        // Another process, to which the file system is new.
        cluster.Configure("");
        cluster.Put("motd", "new\n");
        cluster.Commit("new");
        var head = cluster.Head("one");
        for (var i = 0; i < 2; i++) AssertHeld(Pass(cluster, call.Single(one => one.Number == number), error), what);
        Assert.Equal(head, cluster.Head("one"));
        cluster.AssertInOrder("one");
        cluster.SyncWell();
        Assert.Equal("new\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void ReadOnlyFileSystem_holdsItsClients_andPlanSaysSo_untilItIsWritable()
    {
        using var cluster = new Cluster(["one", "two"]);
        var one = Directory.CreateDirectory(cluster.ClientPath("one")).FullName;
        cluster.Sync();
        // The clone gets a file system of its own.
        var copy = Path.Combine(cluster.Root, "copy");
        Tool.Run("cp", "-a", one, copy);
        Tool.Run("mount", "-t", "tmpfs", "-o", "mode=755", "none", one);
        try
        {
            Tool.Run("cp", "-a", copy + "/.", one);
            Assert.Equal(OutcomeKind.Held, cluster.Sync().First().Kind);
            Assert.Equal(OutcomeKind.Unchanged, cluster.Sync(new() { Drift = EtcSync.Core.Drift.DriftAnswer.Accept }).First().Kind);
            Tool.Run("rm", "-rf", Path.Combine(one, ".etcsync"));
            Tool.Run("mount", "-o", "remount,ro", one);
            cluster.Put("motd", "new\n");
            cluster.Commit("new");
            for (var i = 0; i < 2; i++)
            {
                var outcomes = cluster.Sync();
                Assert.Equal(OutcomeKind.Held, outcomes[0].Kind);
                Assert.Contains("etc-one is on a file system that is mounted read-only", outcomes[0].Reason, StringComparison.Ordinal);
                Assert.Equal("new\n", cluster.Read("two", "motd"));
            }

            Assert.Matches("held +.*/srv/etc-one is on a file system that is mounted read-only", cluster.Cli("plan", "one").Out);
            Tool.Run("mount", "-o", "remount,rw", one);
            Assert.Equal(OutcomeKind.Synced, cluster.Sync().First().Kind);
            Assert.Equal("new\n", cluster.Read("one", "motd"));
        }
        finally
        {
            Tool.Run("umount", "-l", one);
        }
    }

    [Fact]
    public void Overlay_canDoWhatIsNeeded()
    {
        using var cluster = new Cluster(["one"]);
        var srv = Path.Combine(cluster.Root, "srv");
        var layers = Path.Combine(cluster.Root, "layers");
        Tool.Run("mkdir", "-p", layers);
        if (Tool.Try("mount", "-t", "tmpfs", "none", layers).Code != 0) return;
        try
        {
            Tool.Run("mkdir", layers + "/upper", layers + "/work");
            if (Tool.Try("mount", "-t", "overlay", "-o", $"lowerdir={srv},upperdir={layers}/upper,workdir={layers}/work", "none", srv).Code != 0) return;
            try
            {
                cluster.SyncWell();
                cluster.Put("motd", "new\n", 0x1A0, 6, 12);
                cluster.Commit("new");
                cluster.SyncWell();
                Assert.Equal("640 6:12", cluster.Attributes("one", "motd"));
            }
            finally
            {
                Tool.Run("umount", "-l", srv);
            }
        }
        finally
        {
            Tool.Run("umount", "-l", layers);
        }
    }

    [Fact]
    public void ReplacingThatIsRefusedWithoutAnAttributeToBeSeen_isHeldTooAndNotTriedAgainAtOnce()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Put("motd", "new\n");
        cluster.Put("conf.d/new", "new\n");
        cluster.Commit("new");
        // A security module, say: renaming over is refused, and nothing tells beforehand.
        var outcome = Pass(cluster, ForbiddenCall.Exchange, NotPermitted);
        Assert.Equal(OutcomeKind.Conflicted, outcome.Kind);
        Assert.Contains(outcome.Conflicts, conflict => conflict.Path.Value == "motd" && conflict.Kind == Core.Merging.ConflictKind.Immutable);
        Assert.False(outcome.Again);
        Assert.Equal("new\n", cluster.Read("one", "conf.d/new"));
        cluster.SyncWell();
        Assert.Equal("new\n", cluster.Read("one", "motd"));
    }

    // On a thread of its own with this pass alone on it, so that what is forbidden there is forbidden to nothing else.
    private static ClientOutcome Pass(Cluster cluster, (uint Number, uint? Argument, uint Value) forbidden, int error)
    {
        var clients = cluster.Workspace.Configuration.Inventory.Clients;
        var client = clients.Single(one => one.Name == ClientName.Parse("one"));
        var target = new FleetObserver(cluster.Workspace).Take(clients, acceptRewrite: false, CancellationToken.None);
        return ForbiddenCall.Run(forbidden, error, () => new ClientSync(cluster.Workspace).Run(client, target.Of(client)!, SyncRequest.Now));
    }

    private static void AssertHeld(ClientOutcome outcome, string what)
    {
        Assert.Equal(OutcomeKind.Held, outcome.Kind);
        Assert.Contains($"/srv/etc-one is on a file system that cannot {what}", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains("'clones' in etcsync.yaml", outcome.Reason, StringComparison.Ordinal);
    }
}
