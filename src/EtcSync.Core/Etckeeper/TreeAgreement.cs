namespace EtcSync.Core.Etckeeper;

/// <summary>
/// Finds what a merged <c>.etckeeper</c> says that the merged tree belies. Only paths that changed, and what lies above
/// and below them, are looked at.
/// </summary>
internal sealed class TreeAgreement(
    EtckeeperFile ancestor, EtckeeperFile ours, EtckeeperFile theirs, EtckeeperFile merged, EtckeeperTrees trees, IReadOnlySet<string> held)
{
    // In byte order what is in a directory follows it; from the end, a directory comes after what is in it.
    private readonly SortedSet<string> _suspects = new(EtckeeperPath.ByteOrder);
    private readonly Dictionary<string, TreeKind> _kinds = new(StringComparer.Ordinal);

    /// <summary>The paths whose records have to go.</summary>
    public HashSet<string> Gone { get; } = new(StringComparer.Ordinal);

    /// <summary>The empty directories that no longer are.</summary>
    public HashSet<string> NotEmpty { get; } = new(StringComparer.Ordinal);

    /// <summary>The empty directories that one side made where the other put a file.</summary>
    public List<EtckeeperConflict> Conflicts { get; } = [];

    /// <summary>Fills the lists.</summary>
    /// <param name="contested">Paths that are not in the merged tree, whose record one side removed and the other changed.</param>
    /// <param name="incoming">Paths whose records came from their side.</param>
    public void Run(List<string> contested, List<string> incoming)
    {
        foreach (var path in trees.Changed) Look(path);
        LookAtNewEmptyDirectories();
        // In our tree there may be a link, or a file above it, of which the side that added the record knows nothing.
        foreach (var path in incoming)
        {
            if (KindOf(path) == TreeKind.SymbolicLink || IsBelowFile(path)) _suspects.Add(path);
        }

        _suspects.UnionWith(contested);
        foreach (var path in _suspects.Reverse())
        {
            if (!held.Contains(path) && merged.Find(path) is not null && IsGone(path)) Gone.Add(path);
        }
    }

    private void Look(string path)
    {
        var kind = KindOf(path);
        if (kind == TreeKind.Directory)
        {
            Occupied(path);
            return;
        }

        if (kind == TreeKind.None)
        {
            for (var gone = path; gone is not null && KindOf(gone) == TreeKind.None; gone = EtckeeperPath.Parent(gone)) _suspects.Add(gone);
            return;
        }

        _suspects.Add(path);
        for (var occupied = path; occupied is not null; occupied = EtckeeperPath.Parent(occupied)) Occupied(occupied);
        // Below a file there is nothing.
        var (start, length) = EtckeeperPath.Below(merged.EmptyDirectories.AsSpan(), path, EtckeeperFile.Itself);
        for (var i = start; i < start + length; i++) Displaced(merged.EmptyDirectories[i]);
        (start, length) = EtckeeperPath.Below(merged.Records.AsSpan(), path, EtckeeperFile.PathOf);
        for (var i = start; i < start + length; i++) _suspects.Add(merged.Records[i].Path);
    }

    // Those that came from their side, for the same reason.
    private void LookAtNewEmptyDirectories()
    {
        var o = 0;
        foreach (var directory in merged.EmptyDirectories)
        {
            while (o < ours.EmptyDirectories.Length && EtckeeperPath.Compare(ours.EmptyDirectories[o], directory) < 0) o++;
            if (o < ours.EmptyDirectories.Length && ours.EmptyDirectories[o] == directory) continue;
            if (KindOf(directory) != TreeKind.None) Occupied(directory);
            else if (IsBelowFile(directory)) Displaced(directory);
        }
    }

    private bool IsBelowFile(string path)
    {
        for (var above = EtckeeperPath.Parent(path); above is not null; above = EtckeeperPath.Parent(above))
        {
            if (KindOf(above) is TreeKind.File or TreeKind.SymbolicLink) return true;
        }

        return false;
    }

    // There are tracked files in it, or it is one.
    private void Occupied(string directory)
    {
        if (!merged.HasEmptyDirectory(directory)) return;
        if (KindOf(directory) is TreeKind.File or TreeKind.SymbolicLink) Displaced(directory);
        else if (!held.Contains(directory)) NotEmpty.Add(directory);
    }

    // There is a file at it or above it. Where the ancestor has it, the file's side just removed it; else both sides made something.
    private void Displaced(string directory)
    {
        if (held.Contains(directory) || !NotEmpty.Add(directory) || ancestor.HasEmptyDirectory(directory)) return;
        Conflicts.Add(new(directory, EtckeeperAttribute.EmptyDirectory, EtckeeperConflict.No, Show(ours), Show(theirs)));

        string Show(EtckeeperFile side) => side.HasEmptyDirectory(directory) ? EtckeeperConflict.Yes : EtckeeperConflict.No;
    }

    private bool IsGone(string path) => KindOf(path) switch
    {
        TreeKind.SymbolicLink => true,
        TreeKind.File or TreeKind.Directory => false,
        _ when IsBelowFile(path) => true,
        _ => !StillEmpty(path) && !AnyRecordBelow(path)
            && !ExistsUntracked(path, ours, trees.Ours) && !ExistsUntracked(path, theirs, trees.Theirs),
    };

    // A side that has the record and not the path says that it exists, with nothing in it that is tracked.
    private static bool ExistsUntracked(string path, EtckeeperFile side, Func<string, TreeKind> tree) =>
        side.Find(path) is not null && !side.HasEmptyDirectory(path) && tree(path) == TreeKind.None;

    private bool StillEmpty(string path)
    {
        if (merged.HasEmptyDirectory(path) && !NotEmpty.Contains(path)) return true;
        var (start, length) = EtckeeperPath.Below(merged.EmptyDirectories.AsSpan(), path, EtckeeperFile.Itself);
        for (var i = start; i < start + length; i++)
        {
            if (!NotEmpty.Contains(merged.EmptyDirectories[i])) return true;
        }

        return false;
    }

    private bool AnyRecordBelow(string path)
    {
        var (start, length) = EtckeeperPath.Below(merged.Records.AsSpan(), path, EtckeeperFile.PathOf);
        for (var i = start; i < start + length; i++)
        {
            if (!Gone.Contains(merged.Records[i].Path)) return true;
        }

        return false;
    }

    private TreeKind KindOf(string path)
    {
        if (path == EtckeeperPath.Top) return TreeKind.Directory;
        if (!_kinds.TryGetValue(path, out var kind)) _kinds[path] = kind = trees.Merged(path);
        return kind;
    }
}
