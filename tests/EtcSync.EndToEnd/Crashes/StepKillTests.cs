using System.Collections.Concurrent;
using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;
using Xunit.Abstractions;

namespace EtcSync.EndToEnd.Crashes;

/// <summary>The program is killed before each single system call that changes something, on a client of its own each time.</summary>
public sealed class StepKillTests(ITestOutputHelper output)
{
    private const int Killed = 137;

    // The calls with which files are made, swapped and recorded; of those that only prepare it is enough to take some.
    private static readonly (string Call, int Step)[] Calls = [("renameat2", 1), ("renameat", 1), ("rename", 1), ("syncfs", 1), ("mkdirat", 1), ("unlinkat", 1), ("fchmod", 7), ("unlink", 5)];

    private readonly ConcurrentDictionary<string, string> _kills = new(StringComparer.Ordinal);

    [StraceFact]
    public void Rollout_killedBeforeAnyStep_isFinishedByTheNextRun()
    {
        var clients = Enumerable.Range(0, 90).Select(number => $"pc{number}").ToArray();
        using var cluster = new Cluster([.. clients, "first"], firstCommit: UpstreamChanges.Prepare);
        cluster.RunSync();
        // Every other client has changes of its own, one of them in a file that changes upstream.
        foreach (var client in clients.Where((_, number) => number % 2 == 1)) Edit(cluster, client);
        UpstreamChanges.Commit(cluster, 1);
        // The commit is in the hub before: what is killed is the work on the client.
        cluster.RunSync("first");

        KillAtEach(cluster, Calls, clients);
        Assert.True(_kills.Count >= 40, $"It was killed {_kills.Count} times.");
        // And some of those once more, while they are being repaired.
        KillAtEach(cluster, Calls[..1], [.. _kills.Where(kill => kill.Value is "renameat2 4" or "renameat2 7" or "renameat 2" or "renameat 5" or "syncfs 1" or "syncfs 2" or "syncfs 3" or "rename 2" or "rename 3" or "rename 4").Select(kill => kill.Key)]);
        string[] used = [.. _kills.Keys];
        output.WriteLine($"Killed {_kills.Count + _kills.Values.Count(kills => kills.Contains("then", StringComparison.Ordinal))} times: {string.Join("; ", _kills.Values.Order(StringComparer.Ordinal))}.");

        Assert.DoesNotContain(cluster.RunSync(), pair => pair.Value is not ("synced" or "unchanged"));
        var failures = used.AsParallel().WithDegreeOfParallelism(2).Select(client => Record.Exception(() => AssertArrived(cluster, client)) is { } e
            ? $"{client}, killed before {_kills.GetValueOrDefault(client, "nothing")}: {e.Message}" : "").Where(failure => failure.Length > 0).ToList();
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        cluster.AssertQuiet(used);
    }

    private static void Edit(Cluster cluster, string client)
    {
        File.WriteAllText(cluster.ClientPath(client, "motd"), $"{client}\ntwo\nthree\nfour\nfive\n");
        File.WriteAllText(cluster.ClientPath(client, "conf.d/mine.conf"), $"{client}\n");
        File.Delete(cluster.ClientPath(client, "conf.d/39.conf"));
    }

    private static void AssertArrived(Cluster cluster, string client)
    {
        cluster.AssertWhole(client);
        if (int.Parse(client["pc".Length..]) % 2 == 0)
        {
            cluster.AssertLikeUpstream(client);
            return;
        }

        cluster.AssertLikeUpstream(client, "motd", "conf.d/mine.conf", "conf.d/39.conf");
        Assert.Equal($"{client}\ntwo\nthree\nfour\nround 1\n", cluster.Read(client, "motd"));
        Assert.Equal($"{client}\n", cluster.Read(client, "conf.d/mine.conf"));
        Assert.False(File.Exists(cluster.ClientPath(client, "conf.d/39.conf")));
    }

    private void KillAtEach(Cluster cluster, IEnumerable<(string Call, int Step)> calls, IEnumerable<string> clients)
    {
        var waiting = new ConcurrentQueue<string>(clients);
        calls.AsParallel().WithDegreeOfParallelism(2).ForAll(one =>
        {
            for (var number = 1; waiting.TryDequeue(out var client) && Kill(cluster, client, one.Call, number); number += one.Step)
            {
            }
        });
    }

    private bool Kill(Cluster cluster, string client, string call, int number)
    {
        // Which calls there are differs between processors' architectures: '?' lets strace pass over those that are not.
        string[] strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", $"trace=?{call}", "-e", $"inject=?{call}:signal=SIGKILL:when={number}"];
        using var program = RunningProgram.Start(cluster.Root, ["sync", client], strace);
        var code = program.Wait();
        if (code == Killed) _kills.AddOrUpdate(client, $"{call} {number}", (_, before) => $"{before}, then {call} {number}");
        else Assert.True(code == 0, $"{call} {number}: {code}\n{program.Output}");
        return code == Killed;
    }
}
