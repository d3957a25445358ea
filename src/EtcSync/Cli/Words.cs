using EtcSync.Clients;
using EtcSync.Core.Drift;
using EtcSync.Core.Mergers;
using EtcSync.Core.Merging;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;
using EtcSync.Forecasts;
using EtcSync.Upstream;

namespace EtcSync.Cli;

/// <summary>How values are called on the command line and in JSON.</summary>
internal static class Words
{
    /// <summary>"1 path", "2 paths".</summary>
    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    /// <summary>"1 stash", "2 stashes".</summary>
    public static string Count(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";

    /// <summary>A name with hyphens: "deleted-by-client".</summary>
    public static string Of(ConflictKind kind) => kind switch
    {
        ConflictKind.Content => "content",
        ConflictKind.Binary => "binary",
        ConflictKind.BothAdded => "both-added",
        ConflictKind.DeletedByClient => "deleted-by-client",
        ConflictKind.DeletedByUpstream => "deleted-by-upstream",
        ConflictKind.Type => "type",
        ConflictKind.Attribute => "attribute",
        ConflictKind.UnknownOwner => "unknown-owner",
        ConflictKind.Untracked => "untracked",
        ConflictKind.Unsupported => "unsupported",
        ConflictKind.Immutable => "immutable",
        ConflictKind.HeldTogether => "held-together",
        ConflictKind.CheckFailed => "check-failed",
        ConflictKind.BeingWritten => "being-written",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A conflict of an unknown kind."),
    };

    /// <summary>Who owns a path, as policies write it.</summary>
    public static string Of(PathClass pathClass) => pathClass switch
    {
        PathClass.Merge => "merge",
        PathClass.Client => "client",
        PathClass.Upstream => "upstream",
        PathClass.Local => "local",
        PathClass.ShadowOfRoot => "shadow-of-root",
        _ => throw new ArgumentOutOfRangeException(nameof(pathClass), pathClass, "A path of an unknown class."),
    };

    /// <summary>What happens to a conflict, as policies write it.</summary>
    public static string Of(ConflictAnswer answer) => answer switch
    {
        ConflictAnswer.Hold => "hold",
        ConflictAnswer.Client => "client",
        ConflictAnswer.Upstream => "upstream",
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "An unknown answer to a conflict."),
    };

    /// <summary>An answer to a dispute: the side that is taken, or "content" for new content.</summary>
    public static string Of(DisputeAnswer answer) => answer is DisputeAnswer.Take { Side: var side } ? Resolutions.ResolutionFiles.NameOf(side) : "content";

    /// <summary>What was settled, and how: "shadow#root (upstream's version, as settled by ann on 2026-03-01)".</summary>
    public static string Of(Settlement settled) => $"{settled.Key.Name} ({settled.Describe()})";

    /// <summary>What a merge does with a path.</summary>
    public static string Of(MergeAction action) => action switch
    {
        MergeAction.Take => "take",
        MergeAction.Combine => "combine",
        MergeAction.Keep => "keep",
        MergeAction.PutBack => "put-back",
        MergeAction.Untrack => "untrack",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "A decision of an unknown kind."),
    };

    /// <summary>How a sync ended.</summary>
    public static string Of(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Unchanged => "unchanged",
        OutcomeKind.Synced => "synced",
        OutcomeKind.Conflicted => "conflicted",
        OutcomeKind.Held => "held",
        OutcomeKind.Deferred => "deferred",
        OutcomeKind.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "An outcome of an unknown kind."),
    };

    /// <summary>How a client is.</summary>
    public static string Of(ClientStateKind state) => state switch
    {
        ClientStateKind.Failed => "failed",
        ClientStateKind.Missing => "missing",
        ClientStateKind.Held => "held",
        ClientStateKind.Conflicted => "conflicted",
        ClientStateKind.Drifted => "drifted",
        ClientStateKind.Behind => "behind",
        ClientStateKind.Synced => "synced",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A client in an unknown state."),
    };

    /// <summary>Where a candidate comes from.</summary>
    public static string Of(CandidateSource source) => source switch
    {
        CandidateSource.Revision => "revision",
        CandidateSource.Staged => "staged",
        CandidateSource.WorkTree => "worktree",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "A candidate of an unknown source."),
    };

    /// <summary>How a candidate comes to a client.</summary>
    public static string Of(ForecastKind kind) => kind switch
    {
        ForecastKind.Clean => "clean",
        ForecastKind.Rule => "rule",
        ForecastKind.Resolution => "resolution",
        ForecastKind.Conflict => "conflict",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A forecast of an unknown kind."),
    };

    /// <summary>What would become of a path.</summary>
    public static string Of(PathEffect effect) => effect switch
    {
        PathEffect.Take => "take",
        PathEffect.Combine => "combine",
        PathEffect.Has => "has",
        PathEffect.Layer => "layer",
        PathEffect.PutBack => "put-back",
        PathEffect.Untrack => "untrack",
        PathEffect.Keep => "keep",
        PathEffect.Settled => "settled",
        PathEffect.Held => "held",
        PathEffect.Conflict => "conflict",
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "An effect of an unknown kind."),
    };

    /// <summary>What became of a path in a work tree.</summary>
    public static string Of(LiveChange change) => !change.Live.Exists ? "deleted" : change.Committed.Exists ? "changed" : "added";

    /// <summary>What becomes of a path of the client: "added", "changed", "deleted"; null where its content stays.</summary>
    public static string? Change(MergeDecision decision) => (decision.Before.Exists, decision.After.Exists) switch
    {
        _ when decision.Before == decision.After || decision.Action == MergeAction.Untrack => null,
        (false, _) => "added",
        (_, false) => "deleted",
        _ => "changed",
    };

    /// <summary>How a path differs.</summary>
    public static string Change(PathChange change) => !change.Before.Exists ? "added" : change.After.Exists ? "changed" : "deleted";

    /// <summary>Some names, and how many more there are.</summary>
    public static string Some(IReadOnlyCollection<string> names, int most) =>
        names.Count <= most ? string.Join(", ", names) : $"{string.Join(", ", names.Take(most))} and {names.Count - most} more";
}
