namespace EtcSync.Core.Etckeeper;

/// <summary>What a tree has at a path, as far as a <c>.etckeeper</c> cares.</summary>
public enum TreeKind
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A regular file.</summary>
    File = 1,

    /// <summary>A directory: something in it is tracked. (Also a nested repository, which is a directory on disk.)</summary>
    Directory = 2,

    /// <summary>A symbolic link, which has no record.</summary>
    SymbolicLink = 3,
}

/// <summary>
/// What <see cref="EtckeeperMerge"/> must know of the trees: little, and most of it only for paths that changed, so
/// that its cost does not grow with the tree.
/// </summary>
public sealed record EtckeeperTrees
{
    /// <summary>
    /// What the merged tree has at a path. Asked for changed paths and the directories above them, and for records that
    /// a side added or removed. Never asked for ".".
    /// </summary>
    public required Func<string, TreeKind> Merged { get; init; }

    /// <summary>What our tree has at a path. Asked only about paths that the merged tree does not have.</summary>
    public required Func<string, TreeKind> Ours { get; init; }

    /// <summary>What their tree has at a path. Asked only about paths that the merged tree does not have.</summary>
    public required Func<string, TreeKind> Theirs { get; init; }

    /// <summary>
    /// The files and links (not the directories) that are not the same kind of thing in the ancestor's tree and theirs,
    /// or in our tree and the merged one: what the merge added, removed or exchanged. Naming more does no harm; what is
    /// not named is taken to be in order in our version.
    /// </summary>
    public required IReadOnlyCollection<string> Changed { get; init; }
}
