using System.Text;
using EtcSync.Clients;
using EtcSync.Core.Git;
using EtcSync.Fleet;
using EtcSync.Hub;
using EtcSync.Tests.Clients;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Hub;

public sealed class HubTests
{
    [Fact]
    public void Commits_areFetchedOnceAsPacks_andNoLooseObjectsPileUp()
    {
        using var cluster = new Cluster(["one", "two"]);
        for (var i = 0; i < 5; i++)
        {
            cluster.Put("motd", $"{i}\n");
            cluster.Commit($"{i}");
            cluster.Sync();
            cluster.Sync();
        }

        Assert.Equal(5, Packs(cluster));
        Assert.Equal(0, Loose(cluster.Workspace.Hub.GitDirectory));
    }

    [Fact]
    public void CrashBetweenFetchAndTip_isMadeUpFor()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        var hub = cluster.Workspace.Hub;
        var old = hub.State().Tip!.Value;
        cluster.Put("motd", "new\n");
        var tip = ObjectId.Parse(cluster.Commit("new"));
        hub.Take(cluster.Workspace.Upstream.Observe(), CancellationToken.None);
        // The fetch was done, and the tip not moved.
        Assert.True(hub.Refs.TryUpdate("refs/heads/upstream", tip, old));
        cluster.SyncWell();
        Assert.Equal("new\n", cluster.Read("one", "motd"));
        hub.Refs.Delete("refs/heads/upstream");
        Assert.Equal(tip, hub.Take(cluster.Workspace.Upstream.Observe(), CancellationToken.None).Tip);
    }

    [Fact]
    public void Maintain_packsAndKeepsWhatNobodyRefersTo()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        var hub = cluster.Workspace.Hub.GitDirectory;
        // An object that a clone borrows and no reference of the hub reaches, loose; then many packs.
        var loose = Tool.Run("git", "--git-dir=" + hub, "hash-object", "-w", cluster.UpstreamPath("../etc/conf.d/../motd")).Trim();
        File.WriteAllText(Path.Combine(cluster.Root, "unreachable"), "unreachable\n");
        var unreachable = Tool.Run("git", "--git-dir=" + hub, "hash-object", "-w", Path.Combine(cluster.Root, "unreachable")).Trim();
        cluster.Put("motd", "rewritten away\n");
        var gone = cluster.Commit("rewritten away");
        cluster.SyncWell();
        Tool.Git(cluster.Upstream, "reset", "-q", "--hard", "HEAD~1");
        for (var i = 0; i < 41; i++)
        {
            Tool.Git(cluster.Upstream, "commit", "-q", "--allow-empty", "-m", $"{i}");
            cluster.Workspace.Hub.Take(cluster.Workspace.Upstream.Observe(), CancellationToken.None);
        }

        Assert.True(cluster.Workspace.Hub.Maintain(CancellationToken.None));
        Assert.Equal(1, Packs(cluster));
        Assert.Equal(0, Loose(hub));
        foreach (var id in (string[])[loose, unreachable, gone]) Tool.Run("git", "--git-dir=" + hub, "cat-file", "-e", id);
        Assert.Equal(0, Tool.Try("git", "--git-dir=" + hub, "fsck", "--no-dangling", "--strict").Code);
        cluster.AssertInOrder("one");
        Assert.False(cluster.Workspace.Hub.Maintain(CancellationToken.None));
        Assert.Equal(OutcomeKind.Synced, cluster.SyncOne(acceptRewrite: true).Kind);
        cluster.AssertSettled("one", OutcomeKind.Unchanged);
        // What was rolled out once stays, whatever is packed.
        Tool.Run("git", "--git-dir=" + hub, "cat-file", "-e", gone);
    }

    [Fact]
    public void Maintain_whileAClientHasTheObjectsOpen_breaksNoReading()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        using var objects = cluster.Workspace.Hub.OpenObjects();
        for (var i = 0; i < 41; i++)
        {
            cluster.Put("motd", $"{i}\n");
            cluster.Commit($"{i}");
            cluster.Workspace.Hub.Take(cluster.Workspace.Upstream.Observe(), CancellationToken.None);
        }

        var tip = cluster.Workspace.Hub.State().Tip!.Value;
        _ = objects.ReadCommit(tip);
        Assert.True(cluster.Workspace.Hub.Maintain(CancellationToken.None));
        for (ObjectId? at = tip; at is { } id;)
        {
            var commit = objects.ReadCommit(id);
            _ = objects.ReadBlob(objects.ReadTree(commit.Tree).Find("motd")!.Value.Id);
            at = commit.Parents.IsEmpty ? null : commit.Parents[0];
        }
    }

    [Fact]
    public void ClientMaintain_packsTheClone_andBorrowsOn()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        for (var i = 0; i < 3; i++)
        {
            cluster.Write("one", "motd", $"{i}\n");
            cluster.SyncWell();
        }

        // Enough loose objects for the threshold, in the one directory that is looked into.
        var many = Directory.CreateDirectory(Path.Combine(cluster.Root, "many")).FullName;
        foreach (var i in Enumerable.Range(0, 20_000).Where(i => ObjectId.Hash(ObjectType.Blob, Encoding.ASCII.GetBytes($"{i}\n")).ToString().StartsWith("17", StringComparison.Ordinal)).Take(30))
        {
            File.WriteAllText(Path.Combine(many, $"{i}"), $"{i}\n");
        }

        Tool.Run("/bin/sh", "-c", $"ls -d {many}/* | git --git-dir='{cluster.GitDirectory("one")}' hash-object -w --stdin-paths >/dev/null");
        Assert.True(ClientRepository.Maintain(cluster.GitDirectory("one"), CancellationToken.None));
        // git 2.39 takes loose objects that nothing refers to only into a repository that has a pack already.
        ClientRepository.Maintain(cluster.GitDirectory("one"), CancellationToken.None);
        Assert.Equal(0, Loose(cluster.GitDirectory("one")));
        Assert.False(ClientRepository.Maintain(cluster.GitDirectory("one"), CancellationToken.None));
        cluster.AssertInOrder("one");
        var commit = Tool.Git(cluster.Upstream, "rev-parse", "HEAD:conf.d/00.conf").Trim();
        var packed = Tool.Run("/bin/sh", "-c", $"for i in '{cluster.GitDirectory("one")}'/objects/pack/*.idx; do git show-index <$i; done");
        Assert.DoesNotContain(commit, packed, StringComparison.Ordinal);
        cluster.Write("one", "motd", "more\n");
        cluster.Put("conf.d/01.conf", "more\n");
        cluster.Commit("more");
        cluster.SyncWell();
    }

    [Fact]
    public void Hub_hasEverythingThatTheClonesBorrow()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Put("motd", "new\n");
        cluster.Commit("new");
        cluster.SyncWell();
        Directory.Move(cluster.Upstream, cluster.Upstream + ".away");
        cluster.AssertInOrder("one");
        Assert.Equal("700", Tool.Run("stat", "-c", "%a", cluster.Workspace.Hub.GitDirectory).Trim());
    }

    private static int Packs(Cluster cluster) => Directory.EnumerateFiles(Path.Combine(cluster.Workspace.Hub.GitDirectory, "objects/pack"), "*.pack").Count();

    private static int Loose(string gitDirectory) =>
        int.Parse(Tool.Run("git", "--git-dir=" + gitDirectory, "count-objects").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
}
