using System.Collections.Immutable;

namespace EtcSync.Core.Boot;

/// <summary>What is in the shared root's boot directory.</summary>
/// <param name="Path">Where it is, as the configuration spells it.</param>
/// <param name="Files">What is in it, by the path below it.</param>
public sealed record BootDirectory(string Path, ImmutableSortedDictionary<string, BootFile> Files)
{
    /// <summary>An empty one.</summary>
    public static BootDirectory Empty(string path) => new(path, ImmutableSortedDictionary<string, BootFile>.Empty.WithComparers(StringComparer.Ordinal));
}

/// <summary>One file of the boot directory.</summary>
/// <param name="Size">Its length in bytes, links followed.</param>
/// <param name="IsReadable">Whether everybody may read it, as TFTP servers require.</param>
public sealed record BootFile(long Size, bool IsReadable);
