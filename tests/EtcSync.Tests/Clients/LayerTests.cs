using EtcSync.Clients;
using EtcSync.Core.Merging;
using EtcSync.Fleet;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

public sealed class LayerTests
{
    [Fact]
    public void Layer_reachesItsMembers_andLeavesThemWithTheGroup()
    {
        using var cluster = new Cluster(["one:lab", "two"]);
        cluster.Sync();
        Layer(cluster, "lab", "echo lab >motd; echo extra >lab.conf; chmod 600 lab.conf; rm conf.d/05.conf");
        cluster.SyncWell();
        cluster.SyncWell("two");
        Assert.Equal("lab\n", cluster.Read("one", "motd"));
        Assert.Equal("600 0:0", cluster.Attributes("one", "lab.conf"));
        Assert.False(cluster.Exists("one", "conf.d/05.conf"));
        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.Read("two", "motd"));

        cluster.Put("conf.d/01.conf", "upstream\n");
        cluster.Commit("upstream moves on");
        cluster.SyncWell();
        Assert.Equal("upstream\n", cluster.Read("one", "conf.d/01.conf"));
        Assert.Equal("lab\n", cluster.Read("one", "motd"));

        cluster.Write("one", "hosts", "own\n");
        cluster.SyncWell();
        cluster.SetGroups("one", "two:lab");
        cluster.SyncWell();
        cluster.SyncWell("two");
        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.Read("one", "motd"));
        Assert.False(cluster.Exists("one", "lab.conf"));
        Assert.True(cluster.Exists("one", "conf.d/05.conf"));
        Assert.Equal("own\n", cluster.Read("one", "hosts"));
        Assert.Equal("lab\n", cluster.Read("two", "motd"));
    }

    [Fact]
    public void Layer_changedOnTheClientToo_isAConflictOfThePath_alsoWhenTheGroupIsLeft()
    {
        using var cluster = new Cluster(["one:lab"]);
        Layer(cluster, "lab", "echo lab >motd; echo lab >conf.d/01.conf", fromUpstream: true);
        cluster.SyncWell();
        Assert.Equal("lab\n", cluster.Read("one", "motd"));
        cluster.Write("one", "motd", "mine\n");
        cluster.SyncWell();
        cluster.SetGroups("one");
        cluster.SyncConflicted(["motd"]);
        Assert.Equal("mine\n", cluster.Read("one", "motd"));
        Assert.Equal("value=1\n", cluster.Read("one", "conf.d/01.conf"));
        cluster.SetGroups("one:lab");
        cluster.SyncWell();
        Assert.Equal("mine\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void TwoLayers_inTheClientsOrder_disputeOnceInTheComposite()
    {
        using var cluster = new Cluster(["one:lab, kiosk", "two:lab, kiosk", "three:kiosk"]);
        Layer(cluster, "lab", "echo lab >motd; echo lab >lab.conf", fromUpstream: true);
        Layer(cluster, "kiosk", "echo kiosk >motd; echo kiosk >kiosk.conf", fromUpstream: true);
        var clients = cluster.Workspace.Configuration.Inventory.Clients;
        var target = new FleetObserver(cluster.Workspace).Take(clients, acceptRewrite: false, CancellationToken.None);
        var conflict = Assert.Single(target.Conflicts);
        Assert.Equal(("kiosk", "motd"), (conflict.Group, conflict.Conflict.Path.Value));
        Assert.Equal(2, target.Composites.Count);
        foreach (var client in (string[])["one", "two", "three"])
        {
            cluster.SyncWell(client);
            Assert.Equal("kiosk\n", cluster.Read(client, "kiosk.conf"));
            Assert.Equal(client != "three", cluster.Exists(client, "lab.conf"));
        }

        Assert.Equal("kiosk\n", cluster.Read("three", "motd"));
        // The same sources give the same composite, whoever computes it.
        var again = new FleetObserver(cluster.Workspace).Take(clients, acceptRewrite: false, CancellationToken.None);
        Assert.Equal(target.Composites.Values.Select(c => c.Commit).Order(), again.Composites.Values.Select(c => c.Commit).Order());
    }

    [Fact]
    public void LayerThatIsRemoved_takesItsChangesAlong()
    {
        using var cluster = new Cluster(["one:lab"]);
        Layer(cluster, "lab", "echo lab >motd", fromUpstream: true);
        cluster.SyncWell();
        Tool.Run("git", "--git-dir=" + cluster.Workspace.Hub.GitDirectory, "update-ref", "-d", "refs/heads/group/lab");
        cluster.SyncWell();
        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void Layer_afterAnAcceptedRewrite_stillAdds()
    {
        using var cluster = new Cluster(["one:lab"]);
        cluster.Put("conf.d/02.conf", "first\n");
        cluster.Commit("first");
        Layer(cluster, "lab", "echo lab >motd", fromUpstream: true);
        cluster.SyncWell();
        Tool.Git(cluster.Upstream, "reset", "-q", "--hard", "HEAD~1");
        cluster.Put("conf.d/01.conf", "rewritten\n");
        cluster.Commit("rewritten");
        Assert.Equal(OutcomeKind.Synced, cluster.SyncOne(acceptRewrite: true).Kind);
        Assert.Equal("lab\n", cluster.Read("one", "motd"));
        Assert.Equal("rewritten\n", cluster.Read("one", "conf.d/01.conf"));
        // The layer was made on top of it, so it is the layer's now.
        cluster.AssertSettled("one", OutcomeKind.Unchanged);
    }

    [Fact]
    public void SetThatChangesTogether_isHeldTogetherInALayerToo()
    {
        using var cluster = new Cluster(["one:lab"]);
        Layer(cluster, "lab", "echo 'lab:x:7:7:::' >>passwd; echo 'lab:*:1::::::' | cat - shadow >new; cat new >shadow; rm new", fromUpstream: true);
        cluster.SyncWell();
        // The lines of passwd are disputed, those of shadow are not.
        cluster.UpstreamShell("echo 'new:x:7:7:::' >>passwd; echo 'new:*:2::::::' >>shadow; echo new >motd");
        cluster.Commit("another user");
        var target = new FleetObserver(cluster.Workspace).Observe(cluster.Workspace.Configuration.Inventory.Clients);
        Assert.Equal([("passwd", ConflictKind.Content), ("shadow", ConflictKind.HeldTogether)], target.Conflicts.Select(conflict => (conflict.Conflict.Path.Value, conflict.Conflict.Kind)));
        cluster.SyncWell();
        Assert.Contains("lab:", cluster.Read("one", "passwd"), StringComparison.Ordinal);
        Assert.DoesNotContain("new:", cluster.Read("one", "passwd"), StringComparison.Ordinal);
        Assert.DoesNotContain("new:", cluster.Read("one", "shadow"), StringComparison.Ordinal);
        Assert.Equal("new\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void Layer_mayChangeWhatAClientMayNot_andItsOwnVersionOfWhatIsTheClientsIsNoDispute()
    {
        using var cluster = new Cluster(["one:lab"], policies: "version: 1\nrules:\n  - path: conf.d/01.conf\n    class: upstream\n  - paths: [conf.d/02.conf, conf.d/03.conf]\n    class: client\n");
        Layer(cluster, "lab", "echo lab >conf.d/01.conf; echo lab >conf.d/02.conf", fromUpstream: true);
        cluster.UpstreamShell("echo upstream >conf.d/02.conf; echo upstream >conf.d/03.conf");
        cluster.Commit("upstream moves on");
        var target = new FleetObserver(cluster.Workspace).Observe(cluster.Workspace.Configuration.Inventory.Clients);
        Assert.Empty(target.Conflicts);
        cluster.SyncWell();
        Assert.Equal("lab\n", cluster.Read("one", "conf.d/01.conf"));
        Assert.Equal("lab\n", cluster.Read("one", "conf.d/02.conf"));
        Assert.Equal("upstream\n", cluster.Read("one", "conf.d/03.conf"));
        cluster.Write("one", "conf.d/01.conf", "mine\n");
        cluster.SyncOf("one");
        Assert.Equal("lab\n", cluster.Read("one", "conf.d/01.conf"));
    }

    /// <summary>A commit on a layer's branch by plain git, in a work tree elsewhere.</summary>
    private static void Layer(Cluster cluster, string group, string commands, bool fromUpstream = false)
    {
        if (fromUpstream)
        {
            _ = new FleetObserver(cluster.Workspace).Take(cluster.Workspace.Configuration.Inventory.Clients, acceptRewrite: false, CancellationToken.None);
        }

        var (hub, work) = (cluster.Workspace.Hub.GitDirectory, Path.Combine(cluster.Root, $"layer-{group}"));
        Tool.Run("git", "clone", "-q", "--branch", "upstream", hub, work);
        Tool.Git(work, "checkout", "-q", "-b", $"group/{group}");
        Tool.Run("/bin/bash", "-euc", $"cd '{work}'\n{commands}");
        var records = Directory.EnumerateFiles(work, "*.conf").Select(Path.GetFileName).Where(file => Tool.Try("git", "-C", work, "ls-files", "--error-unmatch", file!).Code != 0)
            .Select(file => $"maybe chmod {(file == "lab.conf" ? "0600" : "0644")} '{file}'\n");
        // Sorted as etckeeper does it.
        var metadata = Path.Combine(work, ".etckeeper");
        var text = File.ReadAllText(metadata);
        if (!text.Contains("'./", StringComparison.Ordinal)) File.WriteAllText(metadata, text + string.Concat(records));
        else File.WriteAllText(metadata, text + string.Concat(records).Replace(" '", " './", StringComparison.Ordinal));
        Tool.Git(work, "add", "-A");
        Tool.Git(work, "commit", "-qm", $"layer {group}");
        Tool.Git(work, "push", "-q", "origin", $"group/{group}");
    }
}
