using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Drift;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Planning;

/// <summary>A file that was written after it had been swapped out, by a program that had it open.</summary>
/// <param name="Path">The path it had.</param>
/// <param name="Version">The version that was swapped out.</param>
/// <param name="Written">What it has now.</param>
/// <param name="KeptName">Where it is kept.</param>
public sealed record LateWrite(RepoPath Path, FileVersion Version, FileVersion Written, string KeptName);

/// <summary>A client as it was found: everything that its plan depends on.</summary>
public sealed record ClientObservation
{
    /// <summary>The client.</summary>
    public required Client Client { get; init; }

    /// <summary>The branch's commit.</summary>
    public required ObjectId Head { get; init; }

    /// <summary>The branch's tree.</summary>
    public required ObjectId HeadTree { get; init; }

    /// <summary>The tree that the work tree was brought to last; the branch's, unless somebody has committed to the branch since.</summary>
    public required ObjectId Tree { get; init; }

    /// <summary>What was merged last.</summary>
    public required MergedState Merged { get; init; }

    /// <summary>What the client should have.</summary>
    public required Composite Composite { get; init; }

    /// <summary>The work tree.</summary>
    public required WorkTreeScan Scan { get; init; }

    /// <summary>Writes into files that had been swapped out before.</summary>
    public ImmutableArray<LateWrite> LateWrites { get; init; } = [];

    /// <summary>Rollouts that the branch remembers, newest first; only read where there is drift.</summary>
    public ImmutableArray<RecentRollout> Rollouts { get; init; } = [];

    /// <summary>Stale saves that were put back before.</summary>
    public ImmutableHashSet<(RepoPath Path, FileVersion Version)> PutBackBefore { get; init; } = [];

    /// <summary>What differs between the merge's base and the composite.</summary>
    public required ImmutableArray<PathChange> Changes { get; init; }

    /// <summary>Untracked things where the composite adds a path.</summary>
    public required IReadOnlyDictionary<RepoPath, Obstacle> Obstacles { get; init; }

    /// <summary>Paths that an earlier plan would have changed, and that cannot be changed, each with the reason.</summary>
    public ImmutableDictionary<RepoPath, string> Fixed { get; init; } = ImmutableDictionary<RepoPath, string>.Empty;

    /// <summary>Paths of which a check refused what an earlier plan would have made of them, each with the check's words.</summary>
    public ImmutableDictionary<RepoPath, Refusal> Refused { get; init; } = ImmutableDictionary<RepoPath, Refusal>.Empty;

    /// <summary>What people settled before.</summary>
    public ResolutionSet Resolutions { get; init; } = ResolutionSet.Empty;

    /// <summary>What the policies say about a path.</summary>
    public required Func<RepoPath, PathPolicy> Policy { get; init; }

    /// <summary>When drift is not simply the client's wish.</summary>
    public required DriftGuards Guards { get; init; }

    /// <summary>What a person says of the drift.</summary>
    public DriftAnswer DriftAnswer { get; init; }

    /// <summary>The time of the observation.</summary>
    public required DateTimeOffset Now { get; init; }
}
