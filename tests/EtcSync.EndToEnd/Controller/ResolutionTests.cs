using System.Text.RegularExpressions;
using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Controller;

public sealed partial class ResolutionTests
{
    private const string Theirs = "one\ntwo\nthree\nfour\ntheirs\n";

    [Fact]
    public void Answer_keptForLater_isAppliedByTheControllerOnItsOwn()
    {
        using var cluster = Disputed();
        using var controller = ControllerProcess.Start(cluster);
        controller.WaitFor("one: has 1 path in conflict: motd");
        var (code, output) = RunningProgram.Run(cluster.Root, "resolve", Id(cluster), "--take", "upstream", "--later");
        Assert.True(code == 0, output);
        Eventually.Holds(() => ((string[])["one", "two"]).All(client => cluster.Read(client, "motd") == Theirs), () => controller.Program.Output);
        controller.WaitFor("one: a dispute was settled: motd (upstream's version, as settled by ");
        controller.Stop();
        cluster.AssertWhole("one");
    }

    [Fact]
    public void Answer_killedAtAnyMoment_isKeptOrNot_andNothingIsDamaged()
    {
        using var cluster = Disputed();
        RunningProgram.Run(cluster.Root, "sync");
        var id = Id(cluster);
        var store = cluster.Workspace.State.Resolutions;
        for (var after = 100; after <= 1500; after += 100)
        {
            using (var program = RunningProgram.Start(cluster.Root, ["resolve", id, "--take", "upstream", "--later"]))
            {
                Thread.Sleep(after);
                program.Kill();
            }

            Assert.Empty(cluster.Workspace.Resolutions.Load().Problems);
            if (Directory.Exists(store)) Assert.Equal(0, Tool.Try("git", "--git-dir=" + store, "fsck", "--strict", "--no-dangling").Code);
        }

        var (code, output) = RunningProgram.Run(cluster.Root, "resolve", id, "--take", "upstream");
        // Where one of them had come far enough, it is settled already.
        Assert.True(code == 0 || output.Contains("motd is settled", StringComparison.Ordinal), output);
        cluster.RunSync();
        Assert.Equal(Theirs, cluster.Read("one", "motd"));
    }

    private static Cluster Disputed()
    {
        var cluster = new Cluster(["one", "two"]);
        cluster.RunSync();
        foreach (var client in (string[])["one", "two"]) File.WriteAllText(cluster.ClientPath(client, "motd"), "one\ntwo\nthree\nfour\nmine\n");
        cluster.RunSync();
        cluster.Put("motd", Theirs);
        cluster.Commit("theirs");
        return cluster;
    }

    private static string Id(Cluster cluster) => Shown().Match(RunningProgram.Run(cluster.Root, "conflicts").Output).Groups["id"].Value;

    [GeneratedRegex("motd +(?<id>[0-9a-f]{12})", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Shown();
}
