using System.Collections.Immutable;
using EtcSync.Core.Checks;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Merging;

/// <summary>Something in the work tree, not tracked, where upstream adds a path.</summary>
/// <param name="Version">What it is and its content, where it is a file or a link that could be read; else absent.</param>
/// <param name="Description">What it is, for people: "an ignored file".</param>
public sealed record Obstacle(FileVersion Version, string Description);

/// <summary>Everything a client's merge depends on.</summary>
public sealed record MergeInput
{
    /// <summary>The tree that both sides started from: the composite last taken, with the held paths as they were before.</summary>
    public required ObjectId Base { get; init; }

    /// <summary>The client's tree, drift committed.</summary>
    public required ObjectId Client { get; init; }

    /// <summary>The composite's tree.</summary>
    public required ObjectId Upstream { get; init; }

    /// <summary>What the policies say about a path of this client.</summary>
    public Func<RepoPath, PathPolicy> Policy { get; init; } = _ => PathPolicy.Default;

    /// <summary>Untracked things that stand where upstream adds a path.</summary>
    public IReadOnlyDictionary<RepoPath, Obstacle> Obstacles { get; init; } = ImmutableDictionary<RepoPath, Obstacle>.Empty;

    /// <summary>Paths that stay as they are this time, because the client is writing them at this moment.</summary>
    public IReadOnlySet<RepoPath> Deferred { get; init; } = ImmutableHashSet<RepoPath>.Empty;

    /// <summary>Paths that cannot be changed in the work tree, each with the reason: they are held as they are.</summary>
    public IReadOnlyDictionary<RepoPath, string> Fixed { get; init; } = ImmutableDictionary<RepoPath, string>.Empty;

    /// <summary>Paths whose merged version a check of the merged tree refused, each with its words: they are held, unless the client's version stays.</summary>
    public IReadOnlyDictionary<RepoPath, Refusal> Refused { get; init; } = ImmutableDictionary<RepoPath, Refusal>.Empty;

    /// <summary>What looks at the merged tree before anything comes of it; what one refuses is held in the same way.</summary>
    public ImmutableArray<IBuiltInCheck> Checks { get; init; } = [];

    /// <summary>What people settled before, for this client.</summary>
    public Func<DisputeKey, Resolution?> Resolutions { get; init; } = _ => null;

    /// <summary>The differences between <see cref="Base"/> and <see cref="Upstream"/> where they are known already: many clients share them.</summary>
    public ImmutableArray<PathChange>? Changes { get; init; }
}
