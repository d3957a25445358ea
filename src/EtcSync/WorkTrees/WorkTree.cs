using EtcSync.Core.Clients;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>A client's open work tree with its staging area, to be changed.</summary>
internal sealed class WorkTree : WorkTreeView
{
    private WorkTree(DirectoryDescriptor parent, DirectoryDescriptor root, StagingArea staging)
        : base(parent, root, kept: null) => Staging = staging;

    /// <summary>The staging area.</summary>
    public StagingArea Staging { get; }

    /// <inheritdoc/>
    public override DirectoryDescriptor Kept => Staging.Kept;

    /// <summary>Opens a work tree, and makes its staging area if need be; null where there is no directory of that name (a link is none).</summary>
    /// <exception cref="IOException">It is there and cannot be opened.</exception>
    public static WorkTree? TryOpen(string path, ClientName client) =>
        Open<WorkTree>(path, (parent, root) => new(parent, root, StagingArea.OpenOutside(parent, client)), (parent, root) => new(parent, root, StagingArea.OpenInside(root)));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) Staging.Dispose();
        base.Dispose(disposing);
    }
}
