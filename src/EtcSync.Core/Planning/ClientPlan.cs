using System.Collections.Immutable;
using EtcSync.Core.Applying;
using EtcSync.Core.Drift;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Planning;

/// <summary>A late write that is brought back into the live tree.</summary>
/// <param name="Late">The write.</param>
/// <param name="Merged">What the path becomes; null where it cannot be joined with what is there now.</param>
public sealed record LateWriteDecision(LateWrite Late, FileVersion? Merged);

/// <summary>The complete statement of what will be done to one client, and why. Nothing of it is done yet.</summary>
public sealed record ClientPlan
{
    /// <summary>What it was made from.</summary>
    public required ClientObservation Observation { get; init; }

    /// <summary>What becomes of drift.</summary>
    public required DriftPlan Drift { get; init; }

    /// <summary>What becomes of late writes.</summary>
    public ImmutableArray<LateWriteDecision> LateWrites { get; init; } = [];

    /// <summary>The merge of the composite; null where the client is held.</summary>
    public MergePlan? Merge { get; init; }

    /// <summary>Why nothing is done at all; null otherwise.</summary>
    public string? Held { get; init; }

    /// <summary>The commits that will be made, oldest first, with their subjects.</summary>
    public ImmutableArray<ObjectId> Commits { get; init; } = [];

    /// <summary>The branch's commit afterwards; the same as before where no commit is made.</summary>
    public required ObjectId Head { get; init; }

    /// <summary>The state commit to record; null where the state stays as it is.</summary>
    public ObjectId? State { get; init; }

    /// <summary>What the work tree has.</summary>
    public required AttributedTree Live { get; init; }

    /// <summary>What the work tree shall have.</summary>
    public required AttributedTree Target { get; init; }

    /// <summary>Paths that are neither written nor removed.</summary>
    public ImmutableHashSet<RepoPath> Untouched { get; init; } = [];

    /// <summary>The steps from <see cref="Live"/> to <see cref="Target"/>.</summary>
    public ApplyPlan Apply { get; init; } = ApplyPlan.Nothing;

    /// <summary>Whether anything would change.</summary>
    public bool ChangesAnything => State is not null || !Apply.Steps.IsEmpty;
}
