using System.Security.Cryptography;
using System.Text;
using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;
using Microsoft.Win32.SafeHandles;
using Xunit.Abstractions;

namespace EtcSync.EndToEnd.Races;

/// <summary>Programs on a client write and read the files that are being rolled out.</summary>
public sealed class LiveFilesTests(ITestOutputHelper output)
{
    private const string Client = "one";
    private const string Settings = "drift:\n  settle: 200ms\n  keep-replaced: 1s\n";
    private const int Rounds = 16;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [Fact]
    public async Task Writers_hammeringDuringRollouts_loseNothing()
    {
        using var cluster = new Cluster([Client], Settings, firstCommit: cluster => Roll(cluster, 0));
        cluster.RunSync();
        using var stop = new CancellationTokenSource();
        var replaced = 0;
        var appended = 0;
        var (one, other) = (new Random(20240918), new Random(20240919));
        // Who never pauses gets no rollout at all: the program waits for a moment in which the file is quiet.
        var replacing = Loop(() => Replace(cluster.ClientPath(Client, "replaced.conf"), ++replaced, pause: one.Next(100)), stop.Token);
        var appending = Loop(() => Append(cluster.ClientPath(Client, "appended.conf"), ++appended, pause: other.Next(100)), stop.Token);
        var outcomes = new List<(int Code, string Said)>();
        for (var round = 1; round <= Rounds; round++)
        {
            Roll(cluster, round);
            cluster.Commit($"round {round}");
            // At once, as a person asks for it: the controller would wait until the client is quiet.
            outcomes.Add(RunningProgram.Run(cluster.Root, "sync"));
        }

        await stop.CancelAsync();
        await Task.WhenAll(replacing, appending);
        // What was swapped out is looked at once more when it is due.
        await Task.Delay(1100, CancellationToken.None);
        outcomes.Add(RunningProgram.Run(cluster.Root, "sync"));
        output.WriteLine($"{replaced} files replaced, {appended} lines appended.\n{string.Join('\n', outcomes)}");
        Assert.All(outcomes, outcome => Assert.DoesNotContain("failed", outcome.Said, StringComparison.Ordinal));

        Assert.Contains($"serial {replaced}\n", cluster.Read(Client, "replaced.conf"), StringComparison.Ordinal);
        var present = $"{cluster.Read(Client, "appended.conf")}\n{cluster.History(Client, "appended.conf")}".Split('\n').Select(line => line.TrimStart('+')).ToHashSet(StringComparer.Ordinal);
        Assert.Equal([], Enumerable.Range(1, appended).Select(serial => $"serial {serial}").Except(present));
        // And of the rollouts neither.
        Assert.Contains($"round {Rounds}\n", cluster.Read(Client, "appended.conf"), StringComparison.Ordinal);
        Assert.True(cluster.Read(Client, "replaced.conf").Contains($"round {Rounds}\n", StringComparison.Ordinal), cluster.History(Client, "replaced.conf"));
        cluster.AssertWhole(Client);
    }

    [Fact]
    public async Task Reader_duringRollouts_seesWholeFilesAndNoLooseMode()
    {
        using var cluster = new Cluster([Client], Settings, firstCommit: cluster => RollSecret(cluster, 0));
        cluster.RunSync();
        using var stop = new CancellationTokenSource();
        using var controller = RunningProgram.Start(cluster.Root, ["run"]);
        controller.WaitFor("Watching");
        var reads = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var reading = Loop(() =>
        {
            reads++;
            seen.Add(ReadWhole(cluster.ClientPath(Client, "secret.conf")));
        }, stop.Token);
        var looking = Loop(() => AssertClosed(File.GetUnixFileMode(cluster.ClientPath(Client, "secret.conf"))), stop.Token);
        for (var round = 1; round <= Rounds; round++)
        {
            RollSecret(cluster, round);
            cluster.Commit($"round {round}");
            await Task.Delay(200, CancellationToken.None);
        }

        Eventually.Holds(() => reading.IsCompleted || ReadWhole(cluster.ClientPath(Client, "secret.conf")).StartsWith($"round {Rounds}\n", StringComparison.Ordinal), () => controller.Output);
        await stop.CancelAsync();
        await Task.WhenAll(reading, looking);
        output.WriteLine($"{reads} reads of {seen.Count} versions.");
        Assert.True(seen.Count > Rounds / 3, $"Only {seen.Count} versions were seen in {reads} reads.");
    }

    private static Task Loop(Action action, CancellationToken stop) => Task.Factory.StartNew(() =>
    {
        while (!stop.IsCancellationRequested) action();
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Roll(Cluster cluster, int round)
    {
        // What is rolled out and what is written are far enough apart to be merged.
        var body = string.Concat(Enumerable.Range(0, 10).Select(line => $"# {line}\n"));
        cluster.Put("replaced.conf", $"round {round}\n{body}serial 0\n");
        cluster.Put("appended.conf", $"round {round}\n{body}");
    }

    // Reads, changes its line, writes a new file and renames it, as sed and careful daemons do.
    private static void Replace(string file, int serial, int pause)
    {
        var lines = File.ReadAllLines(file);
        lines[^1] = $"serial {serial}";
        using (var stream = new FileStream(file + "~", FileMode.Create))
        {
            stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + "~", file, overwrite: true);
        Thread.Sleep(pause);
    }

    private static void Append(string file, int serial, int pause)
    {
        using (var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            stream.Write(Encoding.UTF8.GetBytes($"serial {serial}\n"));
            stream.Flush(flushToDisk: true);
        }

        Thread.Sleep(pause);
    }

    private static void RollSecret(Cluster cluster, int round)
    {
        var text = new StringBuilder($"round {round}\n");
        for (var line = 0; line < 2000; line++) text.Append($"{round} {line}\n");
        cluster.Put("secret.conf", $"{text}{Checksum(text.ToString())}\n", round % 2 == 0 ? 0x180 : 0x1A0, 0, round % 2 == 0 ? 0 : 42);
    }

    private static string ReadWhole(string file)
    {
        using SafeFileHandle handle = File.OpenHandle(file);
        AssertClosed(File.GetUnixFileMode(handle));
        var content = new byte[RandomAccess.GetLength(handle)];
        Assert.Equal(content.Length, RandomAccess.Read(handle, content, 0));
        var text = Encoding.UTF8.GetString(content);
        var end = text.TrimEnd('\n').LastIndexOf('\n') + 1;
        Assert.Equal(Checksum(text[..end]), text[end..].TrimEnd('\n'));
        return text[..end];
    }

    // 0600, or 0640 for the group that it is for.
    private static void AssertClosed(UnixFileMode mode) => Assert.Equal(UnixFileMode.None, mode & (Others | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute));

    private static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
