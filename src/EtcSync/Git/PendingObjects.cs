using System.Collections.Immutable;
using EtcSync.Core.Git;

namespace EtcSync.Git;

/// <summary>
/// Objects that belong to what clients should have and that the hub does not hold: what only upstream's own repository has
/// so far, and what was computed. Whoever only looks reads them from here; nothing of it is written.
/// </summary>
/// <param name="Upstream">Upstream's git directory; null where the hub has everything that upstream has.</param>
/// <param name="Computed">Commits, trees and files of composites that no repository has.</param>
internal sealed record PendingObjects(string? Upstream, ImmutableDictionary<ObjectId, NewObject> Computed)
{
    /// <summary>The hub has everything.</summary>
    public static PendingObjects None { get; } = new(null, ImmutableDictionary<ObjectId, NewObject>.Empty);

    /// <summary>The directory of objects of a git directory.</summary>
    public static string DirectoryOf(string gitDirectory) => Path.Combine(CommonDirectory.Of(gitDirectory), "objects");
}
