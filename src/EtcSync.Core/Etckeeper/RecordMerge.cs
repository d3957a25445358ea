using System.Collections.Immutable;

namespace EtcSync.Core.Etckeeper;

/// <summary>
/// The three-way merge of the records: one walk along the three sorted lists. Only where a side removed a record is the
/// merged tree asked.
/// </summary>
internal sealed class RecordMerge(
    EtckeeperFile ancestor, EtckeeperFile ours, EtckeeperFile theirs, EtckeeperTrees trees, IReadOnlySet<string> held)
{
    private readonly ImmutableArray<EtckeeperRecord>.Builder _records =
        ImmutableArray.CreateBuilder<EtckeeperRecord>(Math.Max(ours.Records.Length, theirs.Records.Length) + 16);

    /// <summary>The merged records.</summary>
    public ImmutableArray<EtckeeperRecord> Records { get; private set; }

    /// <summary>The disagreements.</summary>
    public List<EtckeeperConflict> Conflicts { get; } = [];

    /// <summary>
    /// Paths whose record one side removed and the other changed, and that the merged tree does not have. The change
    /// stands so far.
    /// </summary>
    public List<string> Contested { get; } = [];

    /// <summary>Paths that have a record because theirs has one; ours has none.</summary>
    public List<string> Incoming { get; } = [];

    /// <summary>Merges.</summary>
    public void Run()
    {
        var ancestors = ancestor.Records.AsSpan();
        var ourRecords = ours.Records.AsSpan();
        var theirRecords = theirs.Records.AsSpan();
        int a = 0, o = 0, t = 0;
        while (a < ancestors.Length || o < ourRecords.Length || t < theirRecords.Length)
        {
            var inAncestor = a < ancestors.Length ? ancestors[a] : null;
            var inOurs = o < ourRecords.Length ? ourRecords[o] : null;
            var inTheirs = t < theirRecords.Length ? theirRecords[t] : null;
            KeepFirst(ref inAncestor, ref inOurs, ref inTheirs);
            if (inAncestor is not null) a++;
            if (inOurs is not null) o++;
            if (inTheirs is not null) t++;
            if (Merge(inAncestor, inOurs, inTheirs) is not { } record) continue;
            _records.Add(record);
            if (inOurs is null) Incoming.Add(record.Path);
        }

        Records = _records.DrainToImmutable();
    }

    // Of the three next records, only those of the first path stay.
    private static void KeepFirst(ref EtckeeperRecord? a, ref EtckeeperRecord? b, ref EtckeeperRecord? c)
    {
        // Mostly all three are the same path, and equal strings are found faster than ordered ones.
        if (a is not null && b is not null && c is not null && a.Path == b.Path && b.Path == c.Path) return;
        KeepFirst(ref a, ref b);
        KeepFirst(ref b, ref c);
        KeepFirst(ref a, ref c);
    }

    private static void KeepFirst(ref EtckeeperRecord? left, ref EtckeeperRecord? right)
    {
        if (left is null || right is null) return;
        var order = EtckeeperPath.Compare(left.Path, right.Path);
        if (order < 0) right = null;
        else if (order > 0) left = null;
    }

    private EtckeeperRecord? Merge(EtckeeperRecord? inAncestor, EtckeeperRecord? inOurs, EtckeeperRecord? inTheirs)
    {
        if (Same(inOurs, inTheirs)) return inOurs ?? Missing(inOurs, inTheirs, inAncestor);
        if (Same(inAncestor, inOurs)) return inTheirs ?? Missing(inOurs, inTheirs, inAncestor);
        if (Same(inAncestor, inTheirs)) return inOurs ?? Missing(inOurs, inTheirs, inAncestor);
        if (inOurs is not null && inTheirs is not null) return MergeAttributes(inAncestor, inOurs, inTheirs);
        var changed = (inOurs ?? inTheirs)!;
        if (KindOf(changed.Path) is TreeKind.None or TreeKind.SymbolicLink) Contested.Add(changed.Path);
        return changed;
    }

    // No record is left; what the merged tree tracks needs one all the same.
    private EtckeeperRecord? Missing(EtckeeperRecord? inOurs, EtckeeperRecord? inTheirs, EtckeeperRecord? inAncestor)
    {
        var candidate = inOurs ?? inTheirs ?? inAncestor;
        return candidate is not null && KindOf(candidate.Path) is TreeKind.File or TreeKind.Directory ? candidate : null;
    }

    private EtckeeperRecord MergeAttributes(EtckeeperRecord? inAncestor, EtckeeperRecord inOurs, EtckeeperRecord inTheirs)
    {
        var path = inOurs.Path;
        if (held.Contains(path)) return inOurs;
        // One side has a directory where the merged tree has the other's file: its record is not about the same thing.
        var (oursIsDirectory, theirsIsDirectory) = (ours.SaysDirectory(path), theirs.SaysDirectory(path));
        if (oursIsDirectory != theirsIsDirectory && KindOf(path) == TreeKind.File) return oursIsDirectory ? inTheirs : inOurs;

        return EtckeeperRecord.Known(
            path,
            Pick(EtckeeperAttribute.Mode, inAncestor?.Mode, inOurs.Mode, inTheirs.Mode),
            Pick(EtckeeperAttribute.Owner, inAncestor?.Owner, inOurs.Owner, inTheirs.Owner),
            Pick(EtckeeperAttribute.Group, inAncestor?.Group, inOurs.Group, inTheirs.Group));

        T Pick<T>(EtckeeperAttribute attribute, T was, T our, T their)
        {
            var equality = EqualityComparer<T>.Default;
            if (equality.Equals(our, their)) return our;
            // Without an ancestor, root as the owner is as much said as any other.
            if (inAncestor is not null && equality.Equals(our, was)) return their;
            if (inAncestor is null || !equality.Equals(their, was)) Disagree(attribute);
            return our;
        }

        void Disagree(EtckeeperAttribute attribute) =>
            Conflicts.Add(new(path, attribute, Show(inAncestor, attribute), Show(inOurs, attribute), Show(inTheirs, attribute)));
    }

    private TreeKind KindOf(string path) => path == EtckeeperPath.Top ? TreeKind.Directory : trees.Merged(path);

    private static string? Show(EtckeeperRecord? record, EtckeeperAttribute attribute) => attribute switch
    {
        _ when record is null => null,
        EtckeeperAttribute.Mode => record.Mode is { } mode ? Convert.ToString(mode, 8).PadLeft(4, '0') : null,
        EtckeeperAttribute.Owner => record.Owner ?? "root",
        _ => record.Group ?? "root",
    };

    private static bool Same(EtckeeperRecord? left, EtckeeperRecord? right) =>
        left is null || right is null ? ReferenceEquals(left, right) : left.SaysTheSame(right);
}
