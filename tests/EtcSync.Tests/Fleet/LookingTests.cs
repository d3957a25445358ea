using EtcSync.Cli;
using EtcSync.FileSystem;
using EtcSync.Tests.Cli;
using EtcSync.Tests.Clients;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Fleet;

/// <summary>Who only looks writes nothing: no object, no reference, no directory, no lock, not even a time.</summary>
public sealed class LookingTests
{
    private static readonly string[][] Commands =
    [
        ["plan"], ["plan", "pc01", "--json"], ["status"], ["status", "--json"], ["conflicts"], ["conflicts", "--json"], ["diff", "pc01"], ["diff", "pc01", "--json"], ["log", "pc01"], ["log", "pc01", "--json"],
    ];

    [Fact]
    public void Looking_writesNothing_alsoWhereUpstreamAndALayerHaveMoved()
    {
        using var cluster = new Cluster(["pc01:lab", "pc02", "pc03"]);
        cluster.Cli("sync", "pc01", "pc02");
        Layer(cluster, "echo lab >motd; echo 1 >ssh/lab");
        cluster.Write("pc02", "motd", "mine\n");
        cluster.Cli("sync", "pc01", "pc02");
        // A work tree whose staging area is gone, drift, a conflict, and a controller that was killed.
        Directory.Delete(Path.Combine(cluster.Root, "srv/.etcsync/pc02"), recursive: true);
        cluster.Write("pc01", "hosts", "mine\n");
        File.WriteAllText(cluster.Workspace.State.ControllerLock, "4711 etcsync run\n");
        cluster.Put("motd", "new\ntwo\nthree\nfour\nfive\n");
        cluster.Put("conf.d/03.conf", "new\n");
        cluster.Commit("new");
        Layer(cluster, "echo 2 >ssh/lab");

        var before = Picture(cluster);
        var answers = Commands.Select(command =>
        {
            var answer = cluster.Cli(command);
            Assert.Equal(before, Picture(cluster));
            return answer;
        }).ToList();
        Assert.All(answers, answer => Assert.NotEqual(ExitCode.Failed, answer.Code));

        Assert.Matches(@"take +changed conf\.d/03\.conf", answers[0].Out);
        Assert.Matches(@"take +changed ssh/lab", answers[0].Out);
        Assert.Matches(@"commit +drift: (added|changed) hosts", answers[0].Out);
        Assert.Matches(@"clone +make it from upstream", answers[0].Out);
        Assert.Equal(1, answers[3].Json.GetProperty("clients")[1].GetProperty("behind").GetInt32());
        // The other side of the dispute is in upstream's repository alone.
        Assert.Matches(@"motd  [0-9a-f]{12}\n  on pc02\n", answers[4].Out);
        Assert.Matches(@"mine +.*new", answers[4].Out);

        // And it is what a sync does then.
        cluster.Cli("sync", "pc01", "pc02");
        Assert.Equal("new\n", cluster.Read("pc01", "conf.d/03.conf"));
        Assert.Equal("2\n", cluster.Read("pc01", "ssh/lab"));
        Assert.Equal("mine\n", cluster.Read("pc02", "motd"));
    }

    [Fact]
    public void Looking_beforeTheFirstSync_makesNoState()
    {
        using var cluster = new Cluster(["pc01"]);
        var before = Picture(cluster);
        foreach (var command in (string[][])[["plan"], ["status"], ["conflicts"]])
        {
            Assert.Equal(0, cluster.Cli(command).Code);
            Assert.Equal(before, Picture(cluster));
        }

        Assert.False(Directory.Exists(cluster.Workspace.State.Path));
        Assert.Matches(@"clone +make it from upstream", cluster.Cli("plan").Out);
    }

    [Fact]
    public void Looking_atARewrittenUpstream_saysSo_andTakesNothing()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Put("motd", "first\n");
        cluster.Commit("first");
        cluster.SyncWell("pc01");
        Tool.Git(cluster.Upstream, "reset", "-q", "--hard", "HEAD~1");
        cluster.Put("motd", "rewritten\n");
        cluster.Commit("rewritten");
        var before = Picture(cluster);
        var answer = cluster.Cli("plan");
        Assert.Equal(before, Picture(cluster));
        Assert.Equal(ExitCode.PersonNeeded, answer.Code);
        Assert.Contains("--accept-rewrite", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("motd", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Looking_whileOthersWork_isNotInTheirWayLongerThanItTakes()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.SyncWell("pc01");
        var file = cluster.Workspace.State.ClientLock(Core.Clients.ClientName.Parse("pc01"));
        using (SharedLock.TryTake(file, out _))
        {
            // Many may look; nobody works meanwhile.
            Assert.Equal(0, cluster.Cli("plan").Code);
            Assert.IsType<LockOutcome.Held>(LockFile.TryAcquire(file, "test"));
        }

        using (((LockOutcome.Acquired)LockFile.TryAcquire(file, "etcsync run")).Lock)
        {
            Assert.Null(SharedLock.TryTake(file, out var holder));
            Assert.Equal("etcsync run", holder!.Program);
        }

        using var controller = ((LockOutcome.Acquired)LockFile.TryAcquire(cluster.Workspace.State.ControllerLock, "etcsync run")).Lock;
        using var hub = ((LockOutcome.Acquired)LockFile.TryAcquire(cluster.Workspace.State.HubLock, "etcsync run")).Lock;
        cluster.Put("motd", "new\n");
        cluster.Commit("new");
        Assert.Matches(@"take +changed motd", ClusterProofs.Within(TimeSpan.FromSeconds(20), () => cluster.Cli("plan")).Out);
        Assert.Contains("A controller runs", cluster.Cli("status").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void LinkedWorkTree_asUpstream_isReadWhereItsObjectsAre()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.SyncWell("pc01");
        // Upstream's git directory becomes a linked work tree of a repository elsewhere.
        var main = Path.Combine(cluster.Root, "main");
        Directory.Move(Path.Combine(cluster.Upstream, ".git"), main);
        Tool.Run("git", "--git-dir=" + main, "config", "core.bare", "true");
        Tool.Run("git", "--git-dir=" + main, "worktree", "add", "-f", "-q", Path.Combine(cluster.Root, "linked"), "master");
        File.Copy(Path.Combine(cluster.Root, "linked/.git"), Path.Combine(cluster.Upstream, ".git"));
        cluster.Put("motd", "new\n");
        cluster.Commit("new");
        var before = Picture(cluster);
        Assert.Matches(@"take +changed motd", cluster.Cli("plan").Out);
        Assert.Equal(before, Picture(cluster));
    }

    // A commit on the layer, by git in a clone of the hub.
    private static void Layer(Cluster cluster, string commands)
    {
        var (hub, work) = (cluster.Workspace.Hub.GitDirectory, Path.Combine(cluster.Root, "layer"));
        if (!Directory.Exists(work))
        {
            Tool.Run("git", "clone", "-q", "--branch", "upstream", hub, work);
            Tool.Git(work, "checkout", "-q", "-b", "group/lab");
        }

        Tool.Run("/bin/bash", "-euc", $"cd '{work}'\n{commands}");
        Tool.Git(work, "add", "-A");
        Tool.Git(work, "commit", "-qm", "layer");
        Tool.Git(work, "push", "-q", "origin", "group/lab");
    }

    /// <summary>Everything of the state and of the clones: names, inodes, modes, times of content and of the inode, and contents.</summary>
    private static string Picture(Cluster cluster) => Tool.Run("/bin/bash", "-euc",
        $"cd '{cluster.Root}'; find var srv -path srv/root -prune -o -printf '%p %i %y %m %U %G %s %l %T@ %C@\\n' | sort; find var srv -path srv/root -prune -o -type f -print0 | sort -z | xargs -0 -r sha256sum");
}
