using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;
using Xunit.Abstractions;

namespace EtcSync.EndToEnd.Controller;

[Collection(MeasuredCollection.Name)]
public sealed class ReactionTests(ITestOutputHelper output)
{
    private static readonly TimeSpan TwoSeconds = TimeSpan.FromSeconds(2);

    [Fact]
    public void Commit_withAControllerRunning_isOnTheClientsWithinTwoSeconds()
    {
        using var cluster = new Cluster(["one", "two", "three"]);
        using var controller = ControllerProcess.Start(cluster);
        Eventually.Holds(() => File.Exists(cluster.ClientPath("three", "motd")) && File.Exists(cluster.ClientPath("one", "motd")) && File.Exists(cluster.ClientPath("two", "motd")), () => controller.Program.Output);
        var times = new List<TimeSpan>();
        for (var round = 1; round <= 6; round++)
        {
            // Also several commits in a row count from the last one.
            cluster.Put("motd", $"round {round}\n");
            cluster.Commit($"round {round}");
            times.Add(Eventually.Holds(() => ((string[])["one", "two", "three"]).All(client => cluster.Read(client, "motd") == $"round {round}\n"), () => controller.Program.Output));
        }

        output.WriteLine($"From commit to all clients: {string.Join(", ", times.Select(time => $"{time.TotalMilliseconds:0} ms"))}.");
        Assert.All(times, time => Assert.True(time < TwoSeconds, $"{time.TotalSeconds:0.00} seconds"));
        output.WriteLine($"From SIGTERM to the end: {controller.Stop().TotalMilliseconds:0} ms.");
    }

    [Fact]
    public void Drift_isCommittedAfterTheSettleTimeAndNotBefore()
    {
        using var cluster = new Cluster(["one"], "drift:\n  settle: 2s\n");
        cluster.RunSync();
        using var controller = ControllerProcess.Start(cluster);
        var before = cluster.Head("one");
        // Written again and again: quiet counts from the last time.
        for (var i = 0; i < 4; i++)
        {
            File.WriteAllText(cluster.ClientPath("one", "motd"), $"mine {i}\n");
            Eventually.Always(TimeSpan.FromSeconds(0.7), () => cluster.Head("one") == before, () => "It was committed while the client was writing.");
        }

        Eventually.Always(TimeSpan.FromSeconds(1), () => cluster.Head("one") == before, () => "It was committed too early.");
        var time = Eventually.Holds(() => cluster.Head("one") != before, () => controller.Program.Output);
        output.WriteLine($"Committed {1.7 + time.TotalSeconds:0.0} seconds after the last write, with a settle time of 2 seconds.");
        Assert.Contains("mine 3", cluster.GitOf("one", "show", "client/one:motd"), StringComparison.Ordinal);
        Assert.DoesNotContain("mine 2", cluster.History("one", "motd"), StringComparison.Ordinal);
        controller.WaitFor("one: a change of its own was committed: motd");
        controller.Stop();
        cluster.AssertWhole("one");
    }

    [Fact]
    public void Rollout_dueWhileTheClientWrites_isMadeUpForWhenItIsQuiet()
    {
        using var cluster = new Cluster(["one"], "drift:\n  settle: 2s\n");
        cluster.RunSync();
        using var controller = ControllerProcess.Start(cluster);
        File.WriteAllText(cluster.ClientPath("one", "conf.d/mine.conf"), "mine\n");
        cluster.Put("motd", "new\n");
        cluster.Commit("new");
        var time = Eventually.Holds(() => cluster.Read("one", "motd") == "new\n", () => controller.Program.Output);
        output.WriteLine($"After {time.TotalSeconds:0.0} seconds, with a settle time of 2 seconds.");
        Assert.InRange(time.TotalSeconds, 1, 8);
        controller.Stop();
        cluster.AssertWhole("one");
        Assert.Contains("+mine", cluster.History("one", "conf.d/mine.conf"), StringComparison.Ordinal);
    }

    [Fact]
    public void Client_thatKeepsUsWaiting_delaysNobodyElse()
    {
        using var cluster = new Cluster(["slow", "fast"], "workers: 2\n");
        cluster.RunSync();
        using var controller = ControllerProcess.Start(cluster);
        // As passwd(1) does on the client, and then hangs.
        using var held = new FileStream(cluster.ClientPath("slow", ".pwd.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        held.Lock(0, 0);
        cluster.Put("group", "root:x:0:\nman:x:12:\nshadow:x:42:\nnew:x:77:\n");
        cluster.Commit("a group");
        var time = Eventually.Holds(() => cluster.Read("fast", "group").EndsWith("new:x:77:\n", StringComparison.Ordinal), () => controller.Program.Output);
        output.WriteLine($"The other one had it after {time.TotalMilliseconds:0} ms.");
        Assert.True(time < TwoSeconds, $"{time.TotalSeconds:0.00} seconds");
        Assert.DoesNotContain("new:x:77:", cluster.Read("slow", "group"), StringComparison.Ordinal);

        var stop = controller.Stop();
        output.WriteLine($"From SIGTERM to the end, with the other one in hand: {stop.TotalMilliseconds:0} ms.");
        Assert.True(stop < TimeSpan.FromSeconds(10), $"{stop.TotalSeconds:0.0} seconds");
        held.Dispose();
        cluster.RunSync();
        cluster.AssertWhole("slow");
        cluster.AssertLikeUpstream("slow", ".pwd.lock");
    }
}
