using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EtcSync.Clients;
using EtcSync.Configuration;
using EtcSync.Core.Server;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.State;

namespace EtcSync.Server;

/// <summary>
/// Carries a plan for the server's files out: has the programs look at the new files, puts them in place part by part, tells the
/// programs, and asks them what they have now. What a program does not take is put back, and nothing after it is begun.
/// </summary>
internal sealed class ServerApplier(Workspace workspace, ImmutableArray<IServerFiles> parts, ImmutableArray<IServerService> services)
{
    private const int Private = 0x180; // 0600
    private const int AtOnce = 32;

    private readonly ServerState _state = new(workspace.State);
    private readonly ServerFileWriter _writer = new(workspace.Locations);

    public ServerApplier(Workspace workspace)
        : this(workspace, ServerParts.Files, ServerParts.Services(workspace))
    {
    }

    /// <summary>Observes, plans, and applies what is planned, under the lock of the server's files.</summary>
    /// <param name="show">Told of the plan before anything is written; false keeps everything as it is.</param>
    /// <param name="cancellation">Ends waiting for the lock, and for programs. What was begun is finished.</param>
    /// <exception cref="IOException">The files cannot be written, or another process works on them.</exception>
    public ServerOutcome Run(Func<ServerPlan, bool> show, CancellationToken cancellation)
    {
        using (ServerLock.Take(workspace, "etcsync server apply", cancellation)) return RunLocked(show, cancellation);
    }

    /// <summary>The same for one who holds the lock already, because it is about more than this.</summary>
    /// <inheritdoc cref="Run"/>
    public ServerOutcome RunLocked(Func<ServerPlan, bool> show, CancellationToken cancellation)
    {
        // Half of a client's name would be served, and the other half not: a running one would lose its export.
        if (RenameRecord.Read(workspace.State) is { } rename) throw new IOException($"The renaming of {rename.From} to {rename.To} was interrupted, and the server's files stay as they are until it is finished: 'etcsync client rename {rename.From} {rename.To}'.");
        var observation = ServerObserver.Observe(Latest(), parts);
        var plan = ServerPlanner.Plan(observation, parts);
        if (!plan.IsRefused && plan.Changes.Length > 0) plan = plan with { Findings = [.. plan.Findings, .. services.Where(service => plan.Changes.Any(change => change.Part == service.Part)).SelectMany(service => service.TryOut(plan, cancellation))] };
        if (!show(plan)) return new(plan, [], [], IsDeclined: true);
        return plan.IsRefused ? new(plan, [], [], IsDeclined: false) : Apply(observation, plan);
    }

    // Whoever waited for the lock waited, perhaps, for somebody who changed the inventory.
    private Workspace Latest() => ConfigurationLoader.Load(workspace.Locations).Value is { } configuration ? workspace.With(configuration) : workspace;

    private ServerOutcome Apply(ServerObservation observation, ServerPlan plan)
    {
        var store = new InstalledStore(_state);
        var installed = observation.Installed;
        var done = new List<FileChange>();
        var findings = new List<ServerFinding>();
        var untold = installed.Untold.Keys.Where(part => ServerPlanner.IsManaged(observation.Settings, part));
        foreach (var part in plan.Changes.Select(change => change.Part).Concat(untold).Distinct().ToList())
        {
            ImmutableArray<FileChange> changes = [.. plan.Changes.Where(change => change.Part == part)];
            KeepEdited(changes);
            // Recorded before it is written: what a crash leaves is ours either way, and its program is told by whoever comes next.
            var before = installed;
            var news = News(part, changes, installed);
            installed = installed with { Files = Record(installed.Files, plan, part), Untold = installed.Untold.SetItem(part, news.Max(change => change.Reload)) };
            store.Write(installed);
            if (Put(changes) is { } obstacle)
            {
                findings.Add(obstacle);
                store.Write(before);
                return new(plan, [.. done], [.. findings], IsDeclined: false);
            }

            // What was begun is finished: a program that was not told would go on with the old.
            var told = services.Where(service => service.Part == part).SelectMany(service => service.Reload(plan, news, CancellationToken.None)).ToList();
            findings.AddRange(told);
            if (told.Exists(finding => finding.Level == FindingLevel.Refusal))
            {
                foreach (var change in changes.Reverse()) _writer.PutBack(change);
                store.Write(before);
                if (!changes.IsEmpty) findings.AddRange(services.Where(service => service.Part == part).SelectMany(service => service.Reload(plan, news, CancellationToken.None)));
                return new(plan, [.. done], [.. findings], IsDeclined: false);
            }

            installed = installed with { Untold = installed.Untold.Remove(part) };
            done.AddRange(changes);
        }

        var now = new InstalledFiles(
            Enum.GetValues<ServerPart>().Where(part => ServerPlanner.IsManaged(observation.Settings, part)).Aggregate(installed.Files, (files, part) => Record(files, plan, part)),
            [.. observation.Clients.Select(served => new InstalledClient(served.Client.Name, [.. served.Client.Macs], [.. served.Client.Addresses]))]);
        if (!plan.Changes.IsEmpty || !observation.Installed.Untold.IsEmpty || !now.Clients.SequenceEqual(observation.Installed.Clients)) store.Write(now);
        _state.ClearDue();
        findings.AddRange(services.SelectMany(service => service.ReadBack(plan, observation, CancellationToken.None)));
        return new(plan, [.. done], [.. findings.Distinct()], IsDeclined: false);
    }

    // What a program has to be told: of what is written now, and of what somebody wrote who was killed before telling it.
    private static ImmutableArray<FileChange> News(ServerPart part, ImmutableArray<FileChange> changes, InstalledFiles installed) => installed.Untold.TryGetValue(part, out var reload)
        ? [.. changes, new(part, installed.Files.FirstOrDefault(pair => pair.Value.Part == part).Key ?? "", null, null, null, reload)]
        : changes;

    // The record with the files of one part as the plan has them.
    private static ImmutableSortedDictionary<string, InstalledFile> Record(ImmutableSortedDictionary<string, InstalledFile> files, ServerPlan plan, ServerPart part) =>
        files.RemoveRange(files.Where(pair => pair.Value.Part == part).Select(pair => pair.Key))
            .SetItems(plan.Files.Where(file => file.Part == part).Select(file => KeyValuePair.Create(file.Path, ServerPlanner.Recorded(file))));

    // All at once: each waits for the disk, and those that wait together are served together.
    private ServerFinding? Put(ImmutableArray<FileChange> changes)
    {
        var failures = new ServerFinding?[changes.Length];
        Parallel.For(0, changes.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, i => failures[i] = Put(changes[i]));
        if (failures.FirstOrDefault(failure => failure is not null) is not { } first) return null;
        for (var i = changes.Length - 1; i >= 0; i--)
        {
            if (failures[i] is null) _writer.PutBack(changes[i]);
        }

        return first;
    }

    private ServerFinding? Put(FileChange change)
    {
        try
        {
            return _writer.Put(change) ? null : new(change.Part, FindingLevel.Refusal, "Somebody changed it while this was being prepared. Nothing of this part was changed; run 'etcsync server apply' again.", change.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(change.Part, FindingLevel.Refusal, $"It could not be written: {e.Message} Nothing of this part was changed.", change.Path);
        }
    }

    private void KeepEdited(ImmutableArray<FileChange> changes)
    {
        foreach (var change in changes)
        {
            if (change is not { Edited: not null, Before: CurrentFile.Regular edited }) continue;
            StateDirectory.MakePrivate(_state.Replaced);
            var name = $"{change.Path[1..].Replace('/', '_')}.{workspace.Time.GetUtcNow().ToString("yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture)}";
            SecureDirectory.WriteFile($"{_state.Replaced}/{name}", Encoding.Latin1.GetBytes(edited.Text), Private);
        }
    }
}

/// <summary>What came of applying a plan for the server's files.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Done">What was changed, and stays.</param>
/// <param name="Findings">What the programs said.</param>
/// <param name="IsDeclined">Whether whoever was shown the plan said no.</param>
internal sealed record ServerOutcome(ServerPlan Plan, ImmutableArray<FileChange> Done, ImmutableArray<ServerFinding> Findings, bool IsDeclined)
{
    /// <summary>Everything that a person should know, the worst first.</summary>
    public ImmutableArray<ServerFinding> All => [.. Plan.Findings.Concat(Findings).Distinct().OrderBy(finding => finding.Level)];

    /// <summary>Whether something was refused or failed.</summary>
    public bool IsFailed => All.Any(finding => finding.Level == FindingLevel.Refusal);
}
