using System.Collections.Immutable;
using EtcSync.Core.Drift;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;

namespace EtcSync.Layers;

/// <summary>What was changed in the work tree of an edit.</summary>
internal sealed record LayerChange
{
    /// <summary>The tree with the changes.</summary>
    public required ObjectId Tree { get; init; }

    /// <summary>Its new objects.</summary>
    public required IReadOnlyList<NewObject> Objects { get; init; }

    /// <summary>The paths whose content changed.</summary>
    public required ImmutableArray<LiveChange> Contents { get; init; }

    /// <summary>The paths whose mode or owner changed, and directories that became empty or are no longer; not those in <see cref="Contents"/>.</summary>
    public required ImmutableArray<string> Attributes { get; init; }

    /// <summary>What cannot be committed.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>Files that are there and not committed, because upstream's .gitignore covers them.</summary>
    public required ImmutableArray<string> LeftOut { get; init; }

    /// <summary>Whether nothing was changed.</summary>
    public bool IsEmpty => Contents.IsEmpty && Attributes.IsEmpty;

    /// <summary>All paths that changed, sorted.</summary>
    public IEnumerable<string> Paths => Contents.Select(change => change.Path.Value).Concat(Attributes).Order(StringComparer.Ordinal);
}
