using EtcSync.Clients;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

public sealed class FullDiskTests
{
    [Fact]
    public void Rollout_thatDoesNotFit_failsInClearWords_changesNothing_andIsDoneWhenThereIsRoom()
    {
        using var cluster = new Cluster(["one"]);
        var clones = Path.Combine(cluster.Root, "srv");
        var root = Path.Combine(cluster.Root, "srv-root");
        // Only the clones are on the small disk.
        Directory.Move(Path.Combine(clones, "root"), root);
        if (Tool.Try("mount", "-t", "tmpfs", "-o", "size=2m,mode=755", "none", clones).Code != 0) return;
        try
        {
            Directory.CreateDirectory(Path.Combine(clones, "root"));
            Tool.Run("mount", "--bind", root, Path.Combine(clones, "root"));
            cluster.SyncWell();
            cluster.Put("motd", "new\n");
            for (var i = 0; i < 8; i++) cluster.Put($"big/{i}", new string((char)('a' + i), 400_000));
            File.Delete(cluster.UpstreamPath("conf.d/01.conf"));
            cluster.Commit("big");
            var (before, head) = (Picture(cluster), cluster.Head("one"));
            for (var i = 0; i < 2; i++)
            {
                var outcome = cluster.SyncOne();
                Assert.Equal(OutcomeKind.Failed, outcome.Kind);
                Assert.Contains("No space left", outcome.Reason, StringComparison.Ordinal);
                Assert.Equal(before, Picture(cluster));
                Assert.Equal(head, cluster.Head("one"));
            }

            Tool.Run("mount", "-o", "remount,size=16m", clones);
            Assert.Equal(OutcomeKind.Synced, cluster.SyncWell().Kind);
            Assert.Equal("new\n", cluster.Read("one", "motd"));
            Assert.Equal(new string('h', 400_000), cluster.Read("one", "big/7"));
            Assert.False(cluster.Exists("one", "conf.d/01.conf"));
        }
        finally
        {
            Tool.Try("umount", "-l", Path.Combine(clones, "root"));
            Tool.Run("umount", "-l", clones);
        }
    }

    [Fact]
    public void FanOut_thatDoesNotFit_fails_andIsDoneWhenThereIsRoom()
    {
        using var cluster = new Cluster(["one"]);
        var clones = Path.Combine(cluster.Root, "srv");
        var root = Path.Combine(cluster.Root, "srv-root");
        cluster.Put("big", new string('x', 800_000));
        cluster.Commit("big");
        Directory.Move(Path.Combine(clones, "root"), root);
        if (Tool.Try("mount", "-t", "tmpfs", "-o", "size=400k,mode=755", "none", clones).Code != 0) return;
        try
        {
            Directory.CreateDirectory(Path.Combine(clones, "root"));
            Tool.Run("mount", "--bind", root, Path.Combine(clones, "root"));
            for (var i = 0; i < 2; i++)
            {
                var outcome = cluster.SyncOne();
                Assert.Equal(OutcomeKind.Failed, outcome.Kind);
                Assert.Contains("No space left", outcome.Reason, StringComparison.Ordinal);
                Assert.False(Directory.Exists(cluster.ClientPath("one")));
            }

            Tool.Run("mount", "-o", "remount,size=16m", clones);
            Assert.True(cluster.SyncWell().FannedOut);
        }
        finally
        {
            Tool.Try("umount", "-l", Path.Combine(clones, "root"));
            Tool.Run("umount", "-l", clones);
        }
    }

    [Fact]
    public void ObjectsThatDoNotFit_intoTheStateDirectory_failAndLoseNothing()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        var clients = cluster.Workspace.State.Clients;
        var moved = clients + ".moved";
        Directory.Move(clients, moved);
        Directory.CreateDirectory(clients);
        if (Tool.Try("mount", "-t", "tmpfs", "-o", "size=600k,mode=700", "none", clients).Code != 0) return;
        try
        {
            Tool.Run("cp", "-a", moved + "/.", clients);
            var content = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(2_000_000));
            cluster.Write("one", "drift", content);
            var head = cluster.Head("one");
            for (var i = 0; i < 2; i++)
            {
                var outcome = cluster.SyncOne();
                Assert.Equal(OutcomeKind.Failed, outcome.Kind);
                Assert.DoesNotContain("Unexpected", outcome.Reason, StringComparison.Ordinal);
                Assert.Equal(head, cluster.Head("one"));
            }

            Tool.Run("mount", "-o", "remount,size=32m", clients);
            cluster.SyncWell();
            Assert.Equal(content, cluster.GitOf("one", "show", "client/one:drift"));
        }
        finally
        {
            Tool.Run("umount", "-l", clients);
        }
    }

    private static string Picture(Cluster cluster) => Tool.Run("/bin/sh", "-c", $"cd '{cluster.ClientPath("one")}' && find . -printf '%p %y %m %U %G %s %T@\\n' | sort; cat motd");
}
