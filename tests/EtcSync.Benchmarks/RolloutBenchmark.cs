using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using EtcSync.Clients;
using EtcSync.Configuration;
using EtcSync.Fleet;
using EtcSync.State;
using Spectre.Console;

namespace EtcSync.Benchmarks;

/// <summary>Measures EtcSync against the shell loops that it replaces, on the same upstream, in the same run.</summary>
internal sealed class RolloutBenchmark(string directory, int clients)
{
    private readonly SyntheticEtc _upstream = new(Path.Combine(directory, "srv/root/etc"));
    private readonly Table _table = new Table().AddColumn("what").AddColumn(new TableColumn("ms a client").RightAligned()).AddColumn(new TableColumn("in all, s").RightAligned()).AddColumn(new TableColumn("against").RightAligned());
    private int _round;

    public int Run()
    {
        Console.WriteLine($"{clients} clients, {SyntheticEtc.Files} files, {Environment.ProcessorCount} processors, in {directory}");
        try
        {
            Prepare();
            Measure();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        return 0;
    }

    private void Prepare()
    {
        _upstream.Create();
        Directory.CreateDirectory(Path.Combine(directory, "etc/etcsync"));
        File.WriteAllText(Path.Combine(directory, "etc/etcsync/etcsync.yaml"), "version: 1\nupstream:\n  branch: master\n");
        var inventory = new StringBuilder("version: 1\nclients:\n");
        for (var i = 0; i < clients; i++) inventory.Append(CultureInfo.InvariantCulture, $"  - name: c{i}\n    mac: 02:00:00:00:{i / 256:x2}:{i % 256:x2}\n");
        File.WriteAllText(Path.Combine(directory, "etc/etcsync/inventory.yaml"), inventory.ToString());
    }

    private void Measure()
    {
        var workspace = Open();
        var fanOut = Time(() => Sync(workspace, SyncRequest.Now));
        Console.WriteLine($"fan-out: {fanOut.TotalSeconds:0.0} s");
        for (var i = 0; i < clients; i++) Diverge(i, Path.Combine(directory, $"srv/etc-c{i}"), null);
        Sync(workspace, SyncRequest.Now);

        // A quarter of the clones for each way of the other side: it costs the same a client, and there is only so much disk.
        var others = Math.Max(4, clients / 4);
        var gitClone = Time(() => Shell.Script($"for i in $(seq 0 {others - 1}); do git clone -q {directory}/srv/root/etc {directory}/git$i; done"));
        Shell.Script($"cp -a {directory}/srv/root/etc {directory}/warm");
        var copy = Time(() => Shell.Script($"for i in $(seq 0 {others - 1}); do cp -a {directory}/srv/root/etc {directory}/copy$i; done"));
        Shell.Script($"rm -rf {directory}/warm {directory}/copy*");
        for (var i = 0; i < others; i++) Diverge(i, Path.Combine(directory, $"git{i}"), Path.Combine(directory, $"git{i}"));

        var rollouts = new List<TimeSpan>();
        var loops = new List<TimeSpan>();
        var parallel = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            _upstream.CommitRollout(_round++);
            rollouts.Add(Time(() => Sync(workspace, SyncRequest.Now)));
            (i % 2 == 0 ? loops : parallel).Add(Time(() => Pull(others, i % 2 == 0 ? 1 : 2)));
            Console.WriteLine($"rollout {i}: EtcSync {rollouts[^1].TotalMilliseconds / clients:0.00} ms a client; git pull {(i % 2 == 0 ? loops : parallel)[^1].TotalMilliseconds / others:0.0}");
        }

        var scan = Median(5, () => Sync(workspace, SyncRequest.Now));
        var noScan = Median(5, () => Sync(workspace, SyncRequest.Now with { Scan = false }));
        var nothing = Time(() => Pull(others, 2));

        _table.Title = new($"{clients} clients, {SyntheticEtc.Files} files, {Environment.ProcessorCount} processors");
        var (rollout, loop, pairs) = (Median(rollouts), Median(loops), Median(parallel));
        Row("rollout of five files: EtcSync", rollout, clients, rollout, clients);
        Row("rollout: git pull in a loop", loop, others, rollout, clients);
        Row("rollout: git pull, two at a time", pairs, others, rollout, clients);
        Row("nothing to do: EtcSync, no scan", noScan, clients, noScan, clients);
        Row("nothing to do: EtcSync, every file looked at", scan, clients, noScan, clients);
        Row("nothing to do: git pull, two at a time", nothing, others, noScan, clients);
        Row("fan-out: EtcSync", fanOut, clients, fanOut, clients);
        Row("fan-out: git clone in a loop", gitClone, others, fanOut, clients);
        Row("fan-out: cp -a in a loop", copy, others, fanOut, clients);
        AnsiConsole.Console.Profile.Width = 110;
        AnsiConsole.Write(_table);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"Peak memory: {process.PeakWorkingSet64 / 1048576} MiB");
        Console.WriteLine($"Rollout against git pull two at a time: {PerClient(pairs, others) / PerClient(rollout, clients):0.0} times as fast");
    }

    private Workspace Open()
    {
        var locations = new Locations(directory);
        var loaded = ConfigurationLoader.Load(locations);
        return new(locations, loaded.Value ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems)), TimeProvider.System);
    }

    private static void Sync(Workspace workspace, SyncRequest request)
    {
        var all = workspace.Configuration.Inventory.Clients;
        var target = new FleetObserver(workspace).Take(all, acceptRewrite: false, CancellationToken.None);
        var bad = new FleetSync(workspace).Run(all, target, _ => request, _ => { }, CancellationToken.None)
            .Where(outcome => outcome.Kind is not (OutcomeKind.Synced or OutcomeKind.Unchanged)).ToImmutableArray();
        if (!bad.IsEmpty) throw new InvalidOperationException($"{bad.Length} clients went wrong: {bad[0].Client} {bad[0].Kind} {bad[0].Reason} {string.Join(',', bad[0].Conflicts)}");
    }

    // One to three changes of its own.
    private static void Diverge(int client, string workTree, string? commitIn)
    {
        for (var i = 0; i <= client % 3; i++)
        {
            File.AppendAllText(Path.Combine(workTree, SyntheticEtc.OwnPath(client, i)), $"Own{i}=client {client}\n");
            if (commitIn is not null) Shell.Git(commitIn, "commit", "-qam", $"own {i}");
        }
    }

    private void Pull(int count, int atOnce) => Shell.Script(
        $"seq 0 {count - 1} | xargs -P {atOnce} -I@ git -C {directory}/git@ -c user.name=b -c user.email=b@b -c gc.auto=0 pull -q --no-rebase --no-edit");

    private void Row(string what, TimeSpan time, int count, TimeSpan baseline, int baselineCount) => _table.AddRow(
        what, $"{PerClient(time, count):0.00}", $"{time.TotalSeconds * clients / count:0.00}", $"{PerClient(time, count) / PerClient(baseline, baselineCount):0.0} x");

    private static double PerClient(TimeSpan time, int count) => time.TotalMilliseconds / count;

    private static TimeSpan Median(int times, Action action) => Median([.. Enumerable.Range(0, times).Select(_ => Time(action))]);

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    // What others left unwritten is written first: who asks for all of it to be on the disk, as EtcSync does, would pay for it.
    private static TimeSpan Time(Action action)
    {
        Shell.Script("sync");
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start);
    }
}
