using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Crashes;

/// <summary>The program is killed in the middle of a rollout, and the client writes a file of it before the next run.</summary>
public sealed class WriteAfterKillTests
{
    // Before it the file system is tried, and a .git is looked for.
    private const int FirstSwap = 3;
    private const string Old = "one\ntwo\nthree\nfour\nfive\n";

    [StraceFact]
    public void File_writtenBeforeTheRolloutReachedIt_isMergedFromTheVersionBefore()
    {
        using var cluster = Begun();
        Kill(cluster, "renameat2", FirstSwap);
        Assert.Equal(Old, cluster.Read("one", "motd"));
        // The client's program knows the old version, and changes the very line that the rollout changes.
        File.WriteAllText(cluster.ClientPath("one", "motd"), "one\ntwo\nthree\nfour\nmine\n");
        var (code, output) = RunningProgram.Run(cluster.Root, "sync", "--json");
        Assert.True(code == 2, output);
        Assert.Contains("\"conflicted\"", output, StringComparison.Ordinal);
        Assert.Equal("one\ntwo\nthree\nfour\nmine\n", cluster.Read("one", "motd"));
        Assert.Equal("rolled out\n", cluster.Read("one", "conf.d/02.conf"));
        File.WriteAllText(cluster.ClientPath("one", "motd"), "mine\ntwo\nthree\nfour\nfive\n");
        cluster.RunSync();
        Assert.Equal("mine\ntwo\nthree\nfour\nFIVE\n", cluster.Read("one", "motd"));
        cluster.AssertWhole("one");
        cluster.AssertQuiet("one");
    }

    [StraceFact]
    public void File_writtenAfterTheRolloutReachedIt_isDrift()
    {
        using var cluster = Begun();
        // The second rename in the git directory is the index: everything is swapped, nothing recorded.
        Kill(cluster, "rename", 2);
        Assert.Equal("one\ntwo\nthree\nfour\nFIVE\n", cluster.Read("one", "motd"));
        File.WriteAllText(cluster.ClientPath("one", "motd"), "mine\ntwo\nthree\nfour\nFIVE\n");
        // Killed once more, while it repairs.
        Kill(cluster, "rename", 2);
        cluster.Put("motd", "one\ntwo\nthree\nfour\nFive\n");
        cluster.Commit("the same line once more");
        cluster.RunSync();
        Assert.Equal("mine\ntwo\nthree\nfour\nFive\n", cluster.Read("one", "motd"));
        cluster.AssertWhole("one");
        cluster.AssertQuiet("one");
    }

    [StraceFact]
    public void StaleSave_writtenOnceMoreBeforeItWasPutRight_keepsTheRollout()
    {
        using var cluster = Begun();
        cluster.RunSync();
        // A program has had the file open since before the rollout, and saves it twice.
        File.WriteAllText(cluster.ClientPath("one", "motd"), "mine\ntwo\nthree\nfour\nfive\n");
        Kill(cluster, "renameat2", FirstSwap);
        Assert.Equal("mine\ntwo\nthree\nfour\nfive\n", cluster.Read("one", "motd"));
        File.WriteAllText(cluster.ClientPath("one", "motd"), "mine\ntwo\nMINE\nfour\nfive\n");
        cluster.RunSync();
        Assert.Equal("mine\ntwo\nMINE\nfour\nFIVE\n", cluster.Read("one", "motd"));
        cluster.AssertWhole("one");
        cluster.AssertQuiet("one");
    }

    private static Cluster Begun()
    {
        var cluster = new Cluster(["one"], firstCommit: cluster => cluster.Put("motd", Old));
        cluster.RunSync();
        cluster.Put("motd", "one\ntwo\nthree\nfour\nFIVE\n");
        cluster.Put("conf.d/02.conf", "rolled out\n");
        cluster.Commit("rollout");
        return cluster;
    }

    private static void Kill(Cluster cluster, string call, int number)
    {
        using var program = RunningProgram.Start(cluster.Root, ["sync", "one"], ["strace", "-f", "-qq", "-o", "/dev/null", "-e", $"trace=?{call}", "-e", $"inject=?{call}:signal=SIGKILL:when={number}"]);
        Assert.Equal(137, program.Wait());
        Assert.True(File.Exists(Path.Combine(cluster.GitDirectory("one"), "refs/etcsync/applying")), "It was killed before it had begun.");
    }
}
