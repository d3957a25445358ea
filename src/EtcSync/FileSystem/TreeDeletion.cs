namespace EtcSync.FileSystem;

/// <summary>
/// Removes a directory with everything below it, also while somebody else is writing to it. Links are removed, not
/// followed; mount points stop it. However deep the tree is, few descriptors are open: a directory below a certain depth
/// is first moved up to the top of the tree.
/// </summary>
internal sealed class TreeDeletion
{
    private const int DepthLimit = 32;
    private const int MovesLimit = 1 << 16;
    private const int Passes = 16;

    private readonly DirectoryDescriptor _top;
    private readonly Stack<string> _movedUp = new();
    private int _moves;

    private TreeDeletion(DirectoryDescriptor top) => _top = top;

    /// <summary>Removes the directory.</summary>
    /// <returns>
    /// <see cref="ChangeOutcome.Done"/>; <see cref="ChangeOutcome.Missing"/>; <see cref="ChangeOutcome.NotDirectory"/> where
    /// the name is a file or a link, which stays; <see cref="ChangeOutcome.OtherFileSystem"/> at a mount point below it;
    /// <see cref="ChangeOutcome.NotEmpty"/> while somebody keeps adding to it.
    /// </returns>
    public static ChangeOutcome Delete(DirectoryDescriptor parent, string name)
    {
        for (var pass = 0; pass < Passes; pass++)
        {
            var opened = Open(parent, name, out var top);
            if (top is null) return opened;
            using (top)
            {
                var emptied = new TreeDeletion(top).Run();
                if (emptied is not (ChangeOutcome.Done or ChangeOutcome.NotEmpty)) return emptied;
            }

            var removed = parent.RemoveDirectory(name);
            if (removed != ChangeOutcome.NotEmpty) return removed;
        }

        return ChangeOutcome.NotEmpty;
    }

    private ChangeOutcome Run()
    {
        var outcome = Empty(_top, depth: 0);
        while (outcome == ChangeOutcome.Done && _movedUp.TryPop(out var name)) outcome = Remove(_top, name, FileKind.Directory, depth: 1);
        return outcome;
    }

    private ChangeOutcome Empty(DirectoryDescriptor directory, int depth)
    {
        // The names first: what is found while a directory is changed is unspecified.
        foreach (var (name, kind) in Names(directory))
        {
            if (Remove(directory, name, kind, depth + 1) == ChangeOutcome.OtherFileSystem) return ChangeOutcome.OtherFileSystem;
        }

        return ChangeOutcome.Done;
    }

    /// <summary>Only a mount point is an obstacle; what somebody adds or replaces meanwhile is left to the next pass.</summary>
    private ChangeOutcome Remove(DirectoryDescriptor parent, string name, FileKind kind, int depth)
    {
        var outcome = kind == FileKind.Directory ? ChangeOutcome.IsDirectory : parent.Unlink(name);
        if (outcome == ChangeOutcome.IsDirectory) outcome = RemoveTree(parent, name, depth);
        if (outcome == ChangeOutcome.NotDirectory) outcome = parent.Unlink(name);
        return outcome is ChangeOutcome.OtherFileSystem or ChangeOutcome.Busy ? ChangeOutcome.OtherFileSystem : ChangeOutcome.Done;
    }

    private ChangeOutcome RemoveTree(DirectoryDescriptor parent, string name, int depth)
    {
        if (depth > DepthLimit) return MoveUp(parent, name);
        var opened = Open(parent, name, out var directory);
        if (directory is null) return opened;
        using (directory)
        {
            if (Empty(directory, depth) == ChangeOutcome.OtherFileSystem) return ChangeOutcome.OtherFileSystem;
        }

        return parent.RemoveDirectory(name);
    }

    private ChangeOutcome MoveUp(DirectoryDescriptor parent, string name)
    {
        // Somebody who deepens the tree faster than we remove it does not keep us here for ever.
        if (++_moves > MovesLimit) return ChangeOutcome.NotEmpty;
        var newName = $".etcsync-deep-{_moves}-{Guid.NewGuid():N}";
        var outcome = parent.RenameNoReplace(name, _top, newName);
        if (outcome == ChangeOutcome.Done) _movedUp.Push(newName);
        return outcome;
    }

    private static List<(string Name, FileKind Kind)> Names(DirectoryDescriptor directory)
    {
        var names = new List<(string, FileKind)>();
        foreach (var entry in directory.Enumerate()) names.Add((entry.Name, entry.Kind));
        return names;
    }

    private static ChangeOutcome Open(DirectoryDescriptor parent, string name, out DirectoryDescriptor? directory) =>
        parent.OpenDirectory(name, out directory) switch
        {
            OpenOutcome.Opened => ChangeOutcome.Done,
            OpenOutcome.Missing => ChangeOutcome.Missing,
            OpenOutcome.Outside => ChangeOutcome.OtherFileSystem,
            OpenOutcome.NotDirectory or OpenOutcome.SymbolicLink => ChangeOutcome.NotDirectory,
            _ => ChangeOutcome.NotEmpty,
        };
}
