using System.Collections.Immutable;

namespace EtcSync.Core.Boot;

/// <summary>What is in the shared root's boot directory, and what of the shared root belongs to it.</summary>
/// <param name="Path">Where it is, as the configuration spells it.</param>
/// <param name="Files">What is in it, by the path below it; directories are not in it.</param>
public sealed record BootDirectory(string Path, ImmutableSortedDictionary<string, BootFile> Files)
{
    /// <summary>Boot loaders that packages put elsewhere in the shared root, by the path below the shared root.</summary>
    public ImmutableSortedDictionary<string, BootFile> Packaged { get; init; } = None;

    /// <summary>The kernel versions for which the shared root has modules, sorted.</summary>
    public ImmutableArray<string> Modules { get; init; } = [];

    private static ImmutableSortedDictionary<string, BootFile> None { get; } = ImmutableSortedDictionary<string, BootFile>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>An empty one.</summary>
    public static BootDirectory Empty(string path) => new(path, None);
}

/// <summary>One file of the boot directory.</summary>
/// <param name="Size">Its length in bytes, links followed.</param>
/// <param name="IsReadable">Whether everybody may read it, as TFTP servers require.</param>
public sealed record BootFile(long Size, bool IsReadable)
{
    /// <summary>Where the name leads, if it is a link: the target as it is written.</summary>
    public string? Link { get; init; }

    /// <summary>The version that a kernel says it has; null where it is no kernel, or none that says it.</summary>
    public string? KernelVersion { get; init; }
}
