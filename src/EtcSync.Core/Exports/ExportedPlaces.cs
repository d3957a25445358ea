using System.Collections.Immutable;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Exports;

/// <summary>What matters to NFS about where the exported directories are.</summary>
/// <param name="WithoutIdentity">Directories whose file system the kernel cannot tell from others by itself (statfs(2) has no f_fsid for it), as the configuration spells them.</param>
/// <param name="MountedInRoot">Places below the shared root where another file system is mounted.</param>
/// <param name="Missing">Directories that must be exported and do not exist.</param>
/// <param name="BesideClones">What is on the same file system as clones, and must not be reached by clients: sentences name it.</param>
public sealed record ExportedPlaces(ImmutableHashSet<string> WithoutIdentity, ImmutableArray<string> MountedInRoot, ImmutableArray<string> Missing, ImmutableArray<string> BesideClones)
{
    /// <summary>Who is in no inventory and has a git directory in the state: clients that were removed. One that was released has none.</summary>
    public ImmutableHashSet<ClientName> Removed { get; init; } = [];

    /// <summary>Nothing that matters.</summary>
    public static ExportedPlaces Ordinary { get; } = new(ImmutableHashSet.Create<string>(StringComparer.Ordinal), [], [], []);
}
