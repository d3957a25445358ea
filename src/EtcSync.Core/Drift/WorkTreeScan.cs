using System.Collections.Immutable;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Drift;

/// <summary>A path whose content in the work tree is not what the branch has.</summary>
/// <param name="Path">The path.</param>
/// <param name="Committed">The branch's version.</param>
/// <param name="Live">The work tree's version; absent where it was deleted.</param>
public readonly record struct LiveChange(RepoPath Path, FileVersion Committed, FileVersion Live);

/// <summary>Something in a work tree that is left alone, and that people should know of.</summary>
/// <param name="Path">Where; as the file system has it, not necessarily a path that a repository could hold.</param>
/// <param name="Message">A sentence.</param>
public sealed record Finding(string Path, string Message);

/// <summary>A work tree as it was seen, compared with the index and the branch.</summary>
public sealed record WorkTreeScan
{
    /// <summary>The paths whose content differs, .etckeeper excepted, sorted. New content is in the overlay.</summary>
    public required ImmutableArray<LiveChange> Changes { get; init; }

    /// <summary>
    /// Mode and owner of every file and directory, for .etckeeper; the top is "." and ignored paths are in it. Empty where
    /// nothing differs: then nobody asks.
    /// </summary>
    public required ImmutableArray<ObservedEntry> Entries { get; init; }

    /// <summary>Whether a mode, an owner or the set of empty directories differs from what the branch's .etckeeper says.</summary>
    public required bool AttributesDiffer { get; init; }

    /// <summary>The version of .etckeeper that is in the work tree.</summary>
    public required FileVersion Metadata { get; init; }

    /// <summary>What was left alone.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>Tracked paths that cannot be read or replaced (something special stands there): they stay as they are.</summary>
    public required ImmutableHashSet<RepoPath> Unreadable { get; init; }

    /// <summary>The index with the statistics that were seen; entries are those of the branch.</summary>
    public required GitIndex Index { get; init; }

    /// <summary>Whether the statistics in <see cref="Index"/> are worth writing.</summary>
    public required bool IndexIsStale { get; init; }

    /// <summary>The newest change time (server's clock) among what differs; null where nothing does.</summary>
    public DateTimeOffset? NewestChange { get; init; }

    /// <summary>Whether the work tree has nothing in it that is tracked.</summary>
    public required bool IsEmpty { get; init; }
}
