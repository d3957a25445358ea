using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using EtcSync.Clients;
using EtcSync.Configuration;
using EtcSync.Core.Clients;
using EtcSync.Fleet;
using EtcSync.State;

namespace EtcSync.Benchmarks;

/// <summary>Measures 'etcsync plan --upstream' and its like as whole processes, against 'git merge-tree' client by client.</summary>
internal sealed class ForecastBenchmark(string directory, int clients)
{
    private const int Batch = 100;
    private const int Sampled = 50;
    private const int Rounds = 5;
    private const string Candidate = "candidate";
    private static readonly string[] Groups = ["lab", "office", "kiosk"];

    private readonly SyntheticEtc _upstream = new(Path.Combine(directory, "srv/root/etc"));

    private string Upstream => Path.Combine(directory, "srv/root/etc");

    public int Run()
    {
        Console.WriteLine($"{clients} clients in {Groups.Length} groups and none, {SyntheticEtc.Files} files, {Environment.ProcessorCount} processors, in {directory}");
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
        for (var i = 0; i < clients; i++) inventory.Append(CultureInfo.InvariantCulture, $"  - name: c{i}\n    mac: 02:00:00:00:{i / 256:x2}:{i % 256:x2}\n{(i % 4 == 0 ? "" : $"    groups: [{Groups[i % 4 - 1]}]\n")}");
        File.WriteAllText(Path.Combine(directory, "etc/etcsync/inventory.yaml"), inventory.ToString());
        var locations = new Locations(directory);
        var loaded = ConfigurationLoader.Load(locations);
        var workspace = new Workspace(locations, loaded.Value ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems)), TimeProvider.System);
        Sync(workspace, [workspace.Configuration.Inventory.Clients[0]]);
        for (var i = 0; i < Groups.Length; i++) Program("layer", "edit", Groups[i], "-m", "layer", "--", "/bin/sh", "-c", $"echo layer >>{SyntheticEtc.PathOf(100 + (2 * i) + 1)}");

        // The work trees are not looked at; two million files would only fill the disk.
        foreach (var some in workspace.Configuration.Inventory.Clients.Chunk(Batch))
        {
            Sync(workspace, some);
            foreach (var client in some) Diverge(int.Parse(client.Name.Value[1..], CultureInfo.InvariantCulture), workspace.CloneOf(client.Name));
            Sync(workspace, some);
            foreach (var client in some) Directory.Delete(workspace.CloneOf(client.Name), recursive: true);
            Console.Write('.');
        }

        Console.WriteLine();
    }

    private void Measure()
    {
        Shell.Git(Upstream, "switch", "-q", "-c", Candidate);
        _upstream.CommitRollout(0);
        Shell.Git(Upstream, "switch", "-q", "master");
        var revision = Median(() => Program("plan", "--upstream", Candidate));
        var json = Median(() => Program("plan", "--upstream", Candidate, "--json"));
        Shell.Git(Upstream, "read-tree", "-u", "--reset", Candidate);
        var staged = Median(() => Program("plan", "--staged"));
        var workTree = Median(() => Program("plan", "--worktree"));
        var samples = Math.Min(Sampled, clients);
        var git = Time(() => Shell.Script($"""
            commit=$(git -C {Upstream} rev-parse {Candidate})
            export GIT_ALTERNATE_OBJECT_DIRECTORIES={Upstream}/.git/objects
            for i in $(seq 0 {samples - 1}); do git --git-dir={directory}/var/lib/etcsync/clients/c$i.git merge-tree --write-tree client/c$i $commit >/dev/null || [ $? = 1 ]; done
            """));
        var all = git.TotalSeconds * clients / samples;
        Row("plan --upstream", revision);
        Row("plan --upstream --json", json);
        Row("plan --staged", staged);
        Row("plan --worktree", workTree);
        Console.WriteLine($"{"git merge-tree, one client after the other",-44} {all,6:0.00} s  ({samples} sampled)  {all / revision.TotalSeconds:0.0} times plan --upstream");
    }

    // Half have something of their own: some in files that the candidate changes, some in others, some files that nobody else has.
    private static void Diverge(int client, string workTree)
    {
        if (client % 2 == 0) return;
        for (var i = 0; i <= client % 3; i++) File.AppendAllText(Path.Combine(workTree, SyntheticEtc.OwnPath(client, i)), $"Own{i}=client {client}\n");
        if (client % 10 == 1) File.AppendAllText(Path.Combine(workTree, SyntheticEtc.PathOf(client % 5 * 2)), $"Own=client {client}\n");
        if (client % 6 == 1) File.WriteAllText(Path.Combine(workTree, $"own-{client}.conf"), "own\n");
    }

    private static void Sync(Workspace workspace, IReadOnlyCollection<Client> some)
    {
        var target = new FleetObserver(workspace).Take(some, acceptRewrite: false, CancellationToken.None);
        var bad = new FleetSync(workspace).Run(some, target, _ => SyncRequest.Now, _ => { }, CancellationToken.None).Where(outcome => outcome.Kind is not (OutcomeKind.Synced or OutcomeKind.Unchanged)).ToImmutableArray();
        if (!bad.IsEmpty) throw new InvalidOperationException($"{bad.Length} clients went wrong: {bad[0].Client} {bad[0].Kind} {bad[0].Reason}");
    }

    private void Program(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "etcsync")) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])["--root", directory, .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode is not (0 or 2)) throw new InvalidOperationException($"etcsync {string.Join(' ', arguments)} returned {process.ExitCode}.");
    }

    private static void Row(string what, TimeSpan time) => Console.WriteLine($"{what,-44} {time.TotalSeconds,6:0.00} s");

    private static TimeSpan Median(Action action) => Enumerable.Range(0, Rounds).Select(_ => Time(action)).Order().ElementAt(Rounds / 2);

    private static TimeSpan Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start);
    }
}
