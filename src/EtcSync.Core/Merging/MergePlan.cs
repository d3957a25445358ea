using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Merging;

/// <summary>What a merge does with one path, and by which rule.</summary>
public enum MergeAction
{
    /// <summary>The client takes upstream's version.</summary>
    Take,

    /// <summary>Both sides' changes are joined.</summary>
    Combine,

    /// <summary>The client keeps its version, because policy says so.</summary>
    Keep,

    /// <summary>The client's change is undone, because policy says that the path is upstream's.</summary>
    PutBack,

    /// <summary>The path is no longer tracked, and the file stays: upstream ignores it now.</summary>
    Untrack,
}

/// <summary>The decision about one path.</summary>
/// <param name="Path">The path.</param>
/// <param name="Action">What is done.</param>
/// <param name="Before">The client's version.</param>
/// <param name="After">The version after the merge.</param>
/// <param name="Rule">The policy rule that decided, or null for the plain three-way merge.</param>
public sealed record MergeDecision(RepoPath Path, MergeAction Action, FileVersion Before, FileVersion After, PolicySource? Rule = null)
{
    /// <summary>Disputes in the path that were settled without asking anybody.</summary>
    public ImmutableArray<Settlement> Settled { get; init; } = [];

    /// <summary>What people should know of how it was merged: that it was not understood and merged as text. Null for nothing.</summary>
    public string? Note { get; init; }
}

/// <summary>The result of a merge: trees, decisions, conflicts. New objects are in the overlay it was computed with.</summary>
public sealed record MergePlan
{
    /// <summary>The client's tree after the merge.</summary>
    public required ObjectId Tree { get; init; }

    /// <summary>The base for the next merge: upstream's tree, with the held paths as they were in this merge's base.</summary>
    public required ObjectId NextBase { get; init; }

    /// <summary>What is done, sorted by path.</summary>
    public ImmutableArray<MergeDecision> Decisions { get; init; } = [];

    /// <summary>The paths that are held, sorted.</summary>
    public ImmutableArray<Conflict> Conflicts { get; init; } = [];

    /// <summary>Why nothing at all is merged: policy holds the client for a conflict in one of its paths.</summary>
    public string? ClientHeld { get; init; }

    /// <summary>Everything that was settled without asking anybody, by path.</summary>
    public IEnumerable<Settlement> Settled => Decisions.SelectMany(decision => decision.Settled).Concat(AttributesSettled);

    /// <summary>Disputes about modes and owners that were settled.</summary>
    public ImmutableArray<Settlement> AttributesSettled { get; init; } = [];

    /// <summary>System accounts of the client's that take upstream's numbers.</summary>
    public ImmutableArray<Renumbering> Renumbered { get; init; } = [];

    /// <summary>What people should know and need not decide: lines of upstream's .etckeeper that have no effect, accounts with other numbers, old faults.</summary>
    public ImmutableArray<string> Notices { get; init; } = [];
}
