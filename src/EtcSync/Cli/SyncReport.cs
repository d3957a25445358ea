using System.Collections.Immutable;
using EtcSync.Cli.Json;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Merging;
using EtcSync.Fleet;

namespace EtcSync.Cli;

/// <summary>Syncs clients for a command, and tells how it went.</summary>
internal static class SyncReport
{
    // Another process, usually the controller, is done with a client in much less.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private const int MostNamed = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Brings clients to where they should be; those that another process works on are waited for, for a while.</summary>
    public static ImmutableArray<ClientOutcome> Run(Session session, ImmutableArray<Client> clients, TakenTarget target, SyncRequest request, CancellationToken cancellation)
    {
        var fleet = new FleetSync(session.Workspace);
        ImmutableArray<ClientOutcome> outcomes;
        using (var progress = new Progress(session, "syncing", clients.Length))
        {
            outcomes = fleet.Run(clients, target, _ => request, _ => progress.Advance(), cancellation);
        }

        // Deferred can only mean that somebody else works on the client: nobody asked to wait for it to be quiet.
        var start = session.Time.GetTimestamp();
        while (outcomes.Any(IsDeferred) && session.Time.GetElapsedTime(start) < Patience && !cancellation.IsCancellationRequested)
        {
            cancellation.WaitHandle.WaitOne(Pause);
            var again = outcomes.Where(IsDeferred).Select(outcome => outcome.Client).ToHashSet();
            var next = fleet.Run([.. clients.Where(client => again.Contains(client.Name))], target, _ => request, _ => { }, cancellation);
            outcomes = [.. outcomes.Where(outcome => !again.Contains(outcome.Client)).Concat(next).OrderBy(outcome => outcome.Client)];
        }

        return outcomes;
    }

    private static bool IsDeferred(ClientOutcome outcome) => outcome.Kind == OutcomeKind.Deferred;

    /// <summary>The exit code that an outcome asks for.</summary>
    public static int CodeOf(ClientOutcome outcome) => outcome.Kind switch
    {
        OutcomeKind.Failed or OutcomeKind.Deferred => ExitCode.Failed,
        OutcomeKind.Held or OutcomeKind.Conflicted => ExitCode.PersonNeeded,
        _ => ExitCode.InOrder,
    };

    /// <summary>Prints a line for each client that changed or needs somebody, and a summary.</summary>
    public static void Print(Session session, ImmutableArray<ClientOutcome> outcomes, FleetTarget target)
    {
        var output = session.Out;
        var width = outcomes.Select(outcome => outcome.Client.Value.Length).DefaultIfEmpty().Max();
        foreach (var outcome in outcomes)
        {
            // Upstream's problem was told once.
            var isTold = outcome.Kind == OutcomeKind.Held && target.Of(session.Select(outcome.Client.Value)) is null;
            if ((outcome.Kind != OutcomeKind.Unchanged || !outcome.Findings.IsEmpty) && !isTold) Print(session, outcome, width);
        }

        output.Line(outcomes.IsEmpty ? session.NoClients : Summary(outcomes));
        if (outcomes.Any(outcome => outcome.Kind == OutcomeKind.Conflicted) || target.Conflicts.Any()) output.Line($"'{session.Next("conflicts")}' shows the conflicts and what to do.", Tint.Faint);
    }

    private static void Print(Session session, ClientOutcome outcome, int width)
    {
        var output = session.Out;
        var indent = new string(' ', width + 2);
        output.Line($"{outcome.Client.Value.PadRight(width)}  {Words.Of(outcome.Kind)}", TintOf(outcome.Kind), Details(outcome) is { Length: > 0 } details ? $": {details}" : "");
        foreach (var settled in outcome.Settled) output.Line($"{indent}settled ", Tint.Notice, Words.Of(settled));
        foreach (var password in outcome.OwnPasswords) output.Line($"{indent}not rolled out ", Tint.Notice, $"upstream's password for {password}: it keeps its own.");
        foreach (var conflict in outcome.Conflicts) output.Line($"{indent}conflict ", Tint.Bad, $"{conflict.Path}: {conflict.Reason}{(conflict.Client.Exists ? $" ({session.Workspace.CloneOf(outcome.Client)}/{conflict.Path})" : "")}");
        foreach (var notice in outcome.Notices) output.Line($"{indent}note ", Tint.Notice, notice);
        foreach (var finding in outcome.Findings) output.Line($"{indent}left alone ", Tint.Notice, $"{finding.Path}: {finding.Message}");
        foreach (var save in outcome.StaleSaves) output.Line($"{indent}put right ", Tint.Notice, $"{save.Path}: it was saved by a program that had it open across a rollout.");
    }

    private static string Details(ClientOutcome outcome)
    {
        var parts = new List<string>();
        if (outcome.FannedOut) parts.Add("made its clone");
        if (!outcome.Drift.IsEmpty) parts.Add($"committed drift in {Words.Count(outcome.Drift.Length, "path")}");
        if (!outcome.DriftAttributes.IsEmpty) parts.Add($"committed {Words.Some([.. outcome.DriftAttributes.Select(change => change.ToString())], MostNamed)}");
        if (outcome.Merged is { } merged) parts.Add($"merged upstream {merged.Short}{(outcome.Decisions.IsEmpty && outcome.AttributeChanges == 0 && outcome.Conflicts.IsEmpty ? ", which changes nothing here" : "")}");
        foreach (var (action, said) in (IEnumerable<(MergeAction, string)>)[(MergeAction.Take, "took"), (MergeAction.Combine, "combined"), (MergeAction.PutBack, "put back"), (MergeAction.Keep, "kept"), (MergeAction.Untrack, "stopped tracking")])
        {
            var count = outcome.Decisions.Count(decision => decision.Action == action);
            if (count > 0) parts.Add($"{said} {Words.Count(count, "path")}");
        }

        if (outcome.AttributeChanges > 0) parts.Add($"set mode or owner of {Words.Count(outcome.AttributeChanges, "path")}");
        if (!outcome.Copied.IsEmpty) parts.Add($"copied {Words.Some(outcome.Copied, 3)}");
        if (parts.Count == 0 && outcome is { Kind: OutcomeKind.Synced, Reason: null }) parts.Add("took over what was committed to its branch");
        var did = string.Join(", ", parts);
        return (did, outcome.Reason) switch
        {
            (_, null) => did,
            ("", { } reason) => reason,
            (_, { } reason) => $"{did}. {reason}",
        };
    }

    private static string Summary(ImmutableArray<ClientOutcome> outcomes)
    {
        var counts = outcomes.GroupBy(outcome => outcome.Kind).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Words.Of(group.Key)}");
        return $"{Words.Count(outcomes.Length, "client")}: {string.Join(", ", counts)}.";
    }

    private static Tint TintOf(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Unchanged or OutcomeKind.Synced => Tint.Good,
        OutcomeKind.Deferred => Tint.Notice,
        _ => Tint.Bad,
    };

    /// <summary>An outcome as JSON.</summary>
    public static SyncClientJson Json(ClientOutcome outcome) => new(
        outcome.Client.Value,
        Words.Of(outcome.Kind),
        outcome.Reason,
        outcome.FannedOut,
        outcome.Merged?.ToString(),
        [.. outcome.Drift.Select(path => path.Value)],
        [.. outcome.DriftAttributes.Select(ToJson.Of)],
        [.. outcome.Decisions.Select(ToJson.Of)],
        [.. outcome.Settled.Select(ToJson.Of)],
        [.. outcome.OwnPasswords.Select(one => one.ToString())],
        [.. outcome.Conflicts.Select(ToJson.Of)],
        [.. outcome.StaleSaves.Select(save => save.Path.Value)],
        [.. outcome.LateWrites.Select(late => late.Late.Path.Value)],
        [.. outcome.Findings.Select(ToJson.Of)],
        outcome.Notices,
        outcome.Copied);
}
