using System.Collections.Immutable;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;

namespace EtcSync.Forecasts;

/// <summary>How a candidate comes to a client, the gravest last.</summary>
internal enum ForecastKind
{
    /// <summary>It takes all of it, or has it already.</summary>
    Clean,

    /// <summary>A policy rule says what becomes of some of it.</summary>
    Rule,

    /// <summary>A person settled before what would be in dispute.</summary>
    Resolution,

    /// <summary>Somebody has to settle something.</summary>
    Conflict,
}

/// <summary>What becomes of one changed path.</summary>
internal enum PathEffect
{
    /// <summary>The client takes upstream's version.</summary>
    Take,

    /// <summary>Both sides' changes are joined.</summary>
    Combine,

    /// <summary>The client has it already.</summary>
    Has,

    /// <summary>A layer of the client's has a version of its own, and keeps it.</summary>
    Layer,

    /// <summary>The client's change is undone, because the path is upstream's.</summary>
    PutBack,

    /// <summary>The file stays, and is tracked no longer.</summary>
    Untrack,

    /// <summary>The client keeps its own, because a rule says that it is the client's.</summary>
    Keep,

    /// <summary>It would be in dispute, and has an answer.</summary>
    Settled,

    /// <summary>It waits, because policy holds the whole client for a conflict in another path.</summary>
    Held,

    /// <summary>It is in dispute.</summary>
    Conflict,
}

/// <summary>What becomes of one changed path of a client.</summary>
/// <param name="Path">The path; "." for the top.</param>
/// <param name="Effect">What.</param>
/// <param name="Why">The rule, the answer or the dispute; null where there is nothing to say.</param>
internal readonly record struct PathOutcome(string Path, PathEffect Effect, string? Why);

/// <summary>What a candidate does to clients: the same for all whose merge comes to the same.</summary>
internal sealed class ForecastOutcome
{
    private ForecastOutcome(MergePlan merge, ImmutableArray<PathOutcome> paths, ImmutableArray<Conflict> conflicts, ImmutableArray<Conflict> standing, ForecastKind kind) =>
        (Merge, Paths, Conflicts, Standing, Kind) = (merge, paths, conflicts, standing, kind);

    /// <summary>The merge.</summary>
    public MergePlan Merge { get; }

    /// <summary>What becomes of each path that the candidate changes.</summary>
    public ImmutableArray<PathOutcome> Paths { get; }

    /// <summary>The conflicts in what it changes.</summary>
    public ImmutableArray<Conflict> Conflicts { get; }

    /// <summary>Other conflicts of these clients: the candidate neither brings nor ends them.</summary>
    public ImmutableArray<Conflict> Standing { get; }

    /// <summary>How it comes to these clients.</summary>
    public ForecastKind Kind { get; }

    /// <summary>Sorts a merge by what the candidate changes.</summary>
    public static ForecastOutcome Of(MergePlan merge, OwnChanges own, Func<RepoPath, PathPolicy> policy)
    {
        var lookup = merge.Conflicts.ToLookup(conflict => own.Contains(conflict.Path));
        ImmutableArray<Conflict> conflicts = [.. lookup[true]];
        // What is held with a path that the candidate changes is no dispute of its own.
        ImmutableArray<Conflict> standing = [.. lookup[false].Where(conflict => conflicts.IsEmpty || conflict.Kind != ConflictKind.HeldTogether)];
        var decisions = merge.Decisions.ToDictionary(decision => decision.Path.Value, StringComparer.Ordinal);
        ImmutableArray<PathOutcome> paths = [.. own.Changes.Select(change => Outcome(change, merge, decisions, policy))];
        return new(merge, paths, conflicts, standing, KindOf(merge, own, conflicts, paths));
    }

    private static ForecastKind KindOf(MergePlan merge, OwnChanges own, ImmutableArray<Conflict> conflicts, ImmutableArray<PathOutcome> paths)
    {
        if (!conflicts.IsEmpty) return ForecastKind.Conflict;
        if (merge.Settled.Any(settled => settled is Settlement.ByResolution && own.Contains(settled.Key.Path))) return ForecastKind.Resolution;
        return paths.Any(path => path.Effect is PathEffect.Keep or PathEffect.PutBack or PathEffect.Settled) ? ForecastKind.Rule : ForecastKind.Clean;
    }

    private static PathOutcome Outcome(OwnChange change, MergePlan merge, Dictionary<string, MergeDecision> decisions, Func<RepoPath, PathPolicy> policy)
    {
        var path = change.Path;
        if (merge.Conflicts.FirstOrDefault(conflict => conflict.Path.Value == path) is { } conflict) return new(path, PathEffect.Conflict, conflict.Reason);
        if (merge.ClientHeld is { } held) return new(path, PathEffect.Held, held);
        var settled = merge.Settled.Where(one => one.Key.Path.Value == path).Select(one => one.Describe()).Distinct(StringComparer.Ordinal).ToList();
        if (settled.Count > 0) return new(path, PathEffect.Settled, string.Join("; ", settled));
        if (decisions.TryGetValue(path, out var decision)) return new(path, EffectOf(decision.Action), decision.Rule is { } rule ? $"by {rule}" : null);
        if (change.IsContent) return new(path, PathEffect.Has, null);
        return RepoPath.TryParse(path, out var parsed) && policy(parsed) is { Class: PathClass.Client or PathClass.Local, ClassSource: var source } ? new(path, PathEffect.Keep, $"by {source}") : new(path, PathEffect.Take, null);
    }

    private static PathEffect EffectOf(MergeAction action) => action switch
    {
        MergeAction.Take => PathEffect.Take,
        MergeAction.Combine => PathEffect.Combine,
        MergeAction.Keep => PathEffect.Keep,
        MergeAction.PutBack => PathEffect.PutBack,
        MergeAction.Untrack => PathEffect.Untrack,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "A decision of an unknown kind."),
    };
}
