using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Crashes;

/// <summary>The program is killed at any time, again and again, while clients write as well.</summary>
public sealed class RandomKillTests
{
    private static readonly string[] Clients = ["one", "two", "three"];

    private readonly Random _random = new(20240917);
    private int _edits;

    [Fact]
    public void Sync_killedAgainAndAgain_losesAndDoublesNothing()
    {
        using var cluster = new Cluster([.. Clients], firstCommit: UpstreamChanges.Prepare);
        cluster.RunSync();
        for (var round = 1; round <= 5; round++)
        {
            Edit(cluster, round);
            UpstreamChanges.Commit(cluster, round);
            for (var i = 0; i < 6; i++)
            {
                using var program = RunningProgram.Start(cluster.Root, ["sync"]);
                // Most of its time it only starts: a client's lock says when that is over.
                if (i % 3 != 0) Eventually.Holds(() => !program.IsRunning || IsAtWork(cluster), () => "a lock");
                Thread.Sleep(_random.Next(i % 3 == 0 ? 700 : 60));
                if (i % 2 == 0) Edit(cluster, round);
                program.Kill();
            }

            Assert.DoesNotContain(cluster.RunSync(), pair => pair.Value is not ("synced" or "unchanged"));
            AssertArrived(cluster, round);
            cluster.AssertQuiet(Clients);
        }
    }

    [Fact]
    public void Controller_killedAgainAndAgain_losesAndDoublesNothing()
    {
        using var cluster = new Cluster([.. Clients], moreSettings: "drift:\n  settle: 200ms\n", firstCommit: UpstreamChanges.Prepare);
        for (var round = 1; round <= 12; round++)
        {
            using var program = RunningProgram.Start(cluster.Root, ["run"]);
            program.WaitFor("Watching");
            if (round > 1) Edit(cluster, round);
            UpstreamChanges.Commit(cluster, round);
            Thread.Sleep(_random.Next(800));
            program.Kill();
            if (round == 1) cluster.RunSync();
        }

        using (var program = RunningProgram.Start(cluster.Root, ["run"]))
        {
            program.WaitFor("Watching");
            Eventually.Holds(() => Clients.All(client => cluster.Read(client, "motd").EndsWith("round 12\n", StringComparison.Ordinal)), () => program.Output + string.Concat(Clients.Select(client => $"\n{client}: {cluster.Read(client, "motd")}\n{cluster.History(client, "motd")}")));
            program.Terminate();
            Assert.Equal(0, program.Wait());
        }

        cluster.RunSync();
        AssertArrived(cluster, 12);
        cluster.AssertQuiet(Clients);
    }

    [Fact]
    public void FanOut_killedAgainAndAgain_makesEveryCloneOnceAndWhole()
    {
        string[] clients = [.. Enumerable.Range(0, 8).Select(number => $"pc{number}")];
        using var cluster = new Cluster([.. clients], firstCommit: UpstreamChanges.Prepare);
        var identities = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < 10; i++)
        {
            using var program = RunningProgram.Start(cluster.Root, ["sync", .. clients.Take(2 + i)]);
            Eventually.Holds(() => !program.IsRunning || IsAtWork(cluster), () => "a lock");
            Thread.Sleep(_random.Next(50));
            program.Kill();
            foreach (var client in clients.Where(client => File.Exists(cluster.ClientPath(client, "machine-id")))) identities.TryAdd(client, cluster.Read(client, "machine-id"));
        }

        cluster.RunSync();
        foreach (var client in clients)
        {
            cluster.AssertWhole(client);
            cluster.AssertLikeUpstream(client);
            Assert.Equal($"{client}\n", cluster.Read(client, "hostname"));
            if (identities.TryGetValue(client, out var identity)) Assert.Equal(identity, cluster.Read(client, "machine-id"));
        }

        Assert.Equal(clients.Length, clients.Select(client => cluster.Read(client, "machine-id")).Distinct().Count());
        Assert.Equal(clients, Directory.EnumerateDirectories(Path.Combine(cluster.Root, "srv/.etcsync")).Select(directory => Path.GetFileName(directory)!).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(Path.Combine(cluster.Root, "var/lib/etcsync/clients")), path => path.Contains(".making", StringComparison.Ordinal));
        cluster.AssertQuiet(clients);
    }

    private static bool IsAtWork(Cluster cluster)
    {
        var directory = new DirectoryInfo(Path.Combine(cluster.Root, "var/lib/etcsync/clients"));
        return directory.Exists && directory.EnumerateFiles("*.lock").Any(file => file.Length > 0);
    }

    // As an editor does: the new version beside the old one, then renamed over it.
    private void Edit(Cluster cluster, int round)
    {
        foreach (var client in Clients)
        {
            Replace(cluster.ClientPath(client, $"conf.d/own-{++_edits}.conf"), $"{client} {round}\n");
            var motd = cluster.ClientPath(client, "motd");
            Replace(motd, $"{client} {_edits}{File.ReadAllText(motd)[File.ReadAllText(motd).IndexOf('\n', StringComparison.Ordinal)..]}");
        }
    }

    private static void Replace(string file, string content)
    {
        File.WriteAllText(file + "~", content);
        File.Move(file + "~", file, overwrite: true);
    }

    private void AssertArrived(Cluster cluster, int round)
    {
        var own = Enumerable.Range(1, _edits).Select(edit => $"conf.d/own-{edit}.conf").ToList();
        for (var i = 0; i < Clients.Length; i++)
        {
            var client = Clients[i];
            cluster.AssertWhole(client);
            cluster.AssertLikeUpstream(client, [.. own, "motd"]);
            Assert.Equal($"{client} {_edits - Clients.Length + 1 + i}\ntwo\nthree\nfour\nround {round}\n", cluster.Read(client, "motd"));
            // Every third one is this client's.
            Assert.All(own.Where((_, edit) => edit % Clients.Length == i), path => Assert.StartsWith(client, cluster.Read(client, path), StringComparison.Ordinal));
        }
    }
}
