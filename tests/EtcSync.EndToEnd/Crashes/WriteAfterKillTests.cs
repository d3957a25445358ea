using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Crashes;

/// <summary>The program is killed in the middle of a rollout, and the client writes a file of it before the next run.</summary>
public sealed class WriteAfterKillTests
{
    private const string Old = "one\ntwo\nthree\nfour\nfive\n";

    [StraceFact]
    public void File_writtenBeforeTheRolloutReachedIt_isMergedFromTheVersionBefore()
    {
        using var cluster = Begun();
        KillAtFirstSwap(cluster);
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
        KillAtFirstSwap(cluster);
        Assert.Equal("mine\ntwo\nthree\nfour\nfive\n", cluster.Read("one", "motd"));
        File.WriteAllText(cluster.ClientPath("one", "motd"), "mine\ntwo\nMINE\nfour\nfive\n");
        cluster.RunSync();
        Assert.Equal("mine\ntwo\nMINE\nfour\nFIVE\n", cluster.Read("one", "motd"));
        cluster.AssertWhole("one");
        cluster.AssertQuiet("one");
    }

    [StraceFact]
    public void Files_writtenBetweenKills_areAllMergedFromTheVersionBefore()
    {
        using var cluster = Begun();
        KillAtFirstSwap(cluster);
        string[] edited = ["motd", "conf.d/20.conf", "conf.d/30.conf"];
        foreach (var path in edited)
        {
            // One path before each kill: the later ones must not be taken for what the client made of the new version.
            File.WriteAllText(cluster.ClientPath("one", path), cluster.Read("one", path).Replace(path == "motd" ? "five" : "value", "mine", StringComparison.Ordinal));
            if (path != edited[^1]) Kill(cluster, "renameat2", 2);
        }

        var (code, output) = RunningProgram.Run(cluster.Root, "sync", "--json");
        Assert.True(code == 2, output);
        Assert.All(edited, path => Assert.Contains($"\"{path}\"", output, StringComparison.Ordinal));
        Assert.Equal("mine=20\n", cluster.Read("one", "conf.d/20.conf"));
        Assert.Equal("mine=30\n", cluster.Read("one", "conf.d/30.conf"));
        var left = cluster.GitOf("one", "log", "--format=%s", "client/one").Split('\n').Count(subject => subject.StartsWith("Left for later", StringComparison.Ordinal));
        Assert.Equal(1, left);
        foreach (var path in edited) File.Copy(cluster.UpstreamPath(path), cluster.ClientPath("one", path), overwrite: true);
        cluster.RunSync();
        cluster.AssertWhole("one");
        cluster.AssertLikeUpstream("one");
        cluster.AssertQuiet("one");
    }

    [StraceFact]
    public void File_writtenWhereTheRolloutWasToMakeADirectory_isInConflict()
    {
        using var cluster = new Cluster(["one"], firstCommit: cluster => cluster.Put("modules", "old\n"));
        cluster.RunSync();
        File.Delete(cluster.UpstreamPath("modules"));
        cluster.Put("modules/new", "new\n");
        cluster.Commit("a directory for a file");
        KillAtFirstSwap(cluster);
        File.WriteAllText(cluster.ClientPath("one", "modules"), "mine\n");
        var (code, output) = RunningProgram.Run(cluster.Root, "sync", "--json");
        Assert.True(code == 2, output);
        Assert.Equal("mine\n", cluster.Read("one", "modules"));
        File.WriteAllText(cluster.ClientPath("one", "modules"), "old\n");
        cluster.RunSync();
        Assert.Equal("new\n", cluster.Read("one", "modules/new"));
        cluster.AssertWhole("one");
        cluster.AssertQuiet("one");
    }

    private static Cluster Begun()
    {
        var cluster = new Cluster(["one"], firstCommit: cluster => cluster.Put("motd", Old));
        cluster.RunSync();
        cluster.Put("motd", "one\ntwo\nthree\nfour\nFIVE\n");
        foreach (var number in (string[])["02", "20", "30"]) cluster.Put($"conf.d/{number}.conf", "rolled out\n");
        cluster.Commit("rollout");
        return cluster;
    }

    // The first two calls try out the file system and look for a .git.
    private static void KillAtFirstSwap(Cluster cluster) => Kill(cluster, "renameat2", 3);

    private static void Kill(Cluster cluster, string call, int number)
    {
        using var program = RunningProgram.Start(cluster.Root, ["sync", "one"], ["strace", "-f", "-qq", "-o", "/dev/null", "-e", $"trace=?{call}", "-e", $"inject=?{call}:signal=SIGKILL:when={number}"]);
        Assert.Equal(137, program.Wait());
        Assert.True(File.Exists(Path.Combine(cluster.GitDirectory("one"), "refs/etcsync/applying")), program.Output);
    }
}
