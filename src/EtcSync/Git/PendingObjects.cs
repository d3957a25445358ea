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

    /// <summary>The directory of objects of a git directory, which for a linked work tree is elsewhere (gitrepository-layout(5), commondir).</summary>
    public static string DirectoryOf(string gitDirectory)
    {
        var pointer = Path.Combine(gitDirectory, "commondir");
        var common = File.Exists(pointer) ? Path.GetFullPath(Path.Combine(gitDirectory, File.ReadAllText(pointer).Trim())) : gitDirectory;
        return Path.Combine(common, "objects");
    }
}
