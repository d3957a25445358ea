using EtcSync.Core.Clients;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>A client's open work tree, with its staging area.</summary>
internal sealed class WorkTree : IDisposable
{
    private readonly DirectoryDescriptor _parent;

    private WorkTree(DirectoryDescriptor parent, DirectoryDescriptor root, StagingArea staging) => (_parent, Root, Staging) = (parent, root, staging);

    /// <summary>The top.</summary>
    public DirectoryDescriptor Root { get; }

    /// <summary>The staging area.</summary>
    public StagingArea Staging { get; }

    /// <summary>Opens a work tree; null where there is no directory of that name (a link is none).</summary>
    /// <exception cref="IOException">It is there and cannot be opened.</exception>
    public static WorkTree? TryOpen(string path, ClientName client)
    {
        var parentPath = Path.GetDirectoryName(path)!;
        if (DirectoryDescriptor.OpenRoot(parentPath, out var parent) != OpenOutcome.Opened) return null;
        DirectoryDescriptor? root = null;
        try
        {
            switch (parent!.OpenDirectory(Path.GetFileName(path), out root))
            {
                case OpenOutcome.Opened:
                    return new(parent, root!, StagingArea.OpenOutside(parent, client));
                case OpenOutcome.Outside when DirectoryDescriptor.OpenRoot(path, out root) == OpenOutcome.Opened:
                    return new(parent, root!, StagingArea.OpenInside(root!));
                default:
                    parent.Dispose();
                    return null;
            }
        }
        catch
        {
            root?.Dispose();
            parent!.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Staging.Dispose();
        Root.Dispose();
        _parent.Dispose();
    }
}
