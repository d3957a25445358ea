using EtcSync.Core.Clients;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>A client's open work tree, to be looked at. Opening one makes nothing.</summary>
internal class WorkTreeView : IDisposable
{
    private readonly DirectoryDescriptor _parent;
    private readonly DirectoryDescriptor? _kept;

    /// <summary>Takes over what is open.</summary>
    protected WorkTreeView(DirectoryDescriptor parent, DirectoryDescriptor root, DirectoryDescriptor? kept) => (_parent, Root, _kept) = (parent, root, kept);

    /// <summary>The top.</summary>
    public DirectoryDescriptor Root { get; }

    /// <summary>Files that were swapped out and wait to be looked at once more; null where nothing ever was.</summary>
    public virtual DirectoryDescriptor? Kept => _kept;

    /// <summary>Opens a work tree; null where there is no directory of that name (a link is none).</summary>
    /// <exception cref="IOException">It is there and cannot be opened.</exception>
    public static WorkTreeView? TryLook(string path, ClientName client) => Open<WorkTreeView>(path, (parent, root) => new(parent, root, StagingArea.FindKept(parent, client)), (parent, root) => new(parent, root, StagingArea.FindKeptInside(root)));

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the top, and makes a view of it.</summary>
    /// <param name="path">The work tree.</param>
    /// <param name="beside">For a work tree on the file system of its parent.</param>
    /// <param name="apart">For a work tree that is a mount of its own.</param>
    protected static T? Open<T>(string path, Func<DirectoryDescriptor, DirectoryDescriptor, T> beside, Func<DirectoryDescriptor, DirectoryDescriptor, T> apart)
        where T : WorkTreeView
    {
        var parentPath = Path.GetDirectoryName(path)!;
        if (DirectoryDescriptor.OpenRoot(parentPath, out var parent) != OpenOutcome.Opened) return null;
        DirectoryDescriptor? root = null;
        try
        {
            switch (parent!.OpenDirectory(Path.GetFileName(path), out root))
            {
                case OpenOutcome.Opened:
                    return beside(parent, root!);
                case OpenOutcome.Outside when DirectoryDescriptor.OpenRoot(path, out root) == OpenOutcome.Opened:
                    return apart(parent, root!);
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

    /// <summary>Closes everything.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _kept?.Dispose();
        Root.Dispose();
        _parent.Dispose();
    }
}
