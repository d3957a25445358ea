using EtcSync.Core.Etckeeper;

namespace EtcSync.Core.Tests.Etckeeper;

/// <summary>A tree and what is beside it, from which a .etckeeper follows as it would from a live tree.</summary>
internal sealed record MergeSide(
    IReadOnlyDictionary<string, TreeKind> Tracked,
    IReadOnlySet<string> IgnoredOnly,
    IReadOnlySet<string> Empty,
    IReadOnlyDictionary<string, (int Mode, string? Owner, string? Group)> Attributes,
    EtckeeperSpelling Spelling)
{
    /// <summary>The directories that hold something tracked.</summary>
    public HashSet<string> Directories => [.. Tracked.Keys.SelectMany(Above)];

    /// <summary>Its .etckeeper, as etckeeper would write it.</summary>
    public EtckeeperFile File()
    {
        var directories = Directories.Concat(IgnoredOnly).Concat(Empty).ToHashSet(StringComparer.Ordinal);
        directories.UnionWith(directories.SelectMany(Above).ToList());
        return EtckeeperFile.FromObserved(
            [
                Entry(".", ObservedKind.Directory),
                .. Tracked.Select(pair => Entry(pair.Key, pair.Value == TreeKind.File ? ObservedKind.File : ObservedKind.SymbolicLink)),
                .. directories.Select(path => Entry(path, ObservedKind.Directory)),
            ],
            Spelling);
    }

    public TreeKind KindOf(string path) => Tracked.TryGetValue(path, out var kind) ? kind : Directories.Contains(path) ? TreeKind.Directory : TreeKind.None;

    /// <summary>What the merge is told of the trees: as little as it may be, or every path there is.</summary>
    public static EtckeeperTrees Trees(MergeSide ancestor, MergeSide ours, MergeSide theirs, MergeSide merged, bool everything = false)
    {
        MergeSide[] sides = [ancestor, ours, theirs];
        var leaves = sides.Append(merged).SelectMany(side => side.Tracked.Keys).Distinct(StringComparer.Ordinal);
        return new()
        {
            Merged = merged.KindOf,
            Ours = ours.KindOf,
            Theirs = theirs.KindOf,
            Changed = [.. leaves.Where(path => everything || ancestor.KindOf(path) != theirs.KindOf(path) || ours.KindOf(path) != merged.KindOf(path))],
        };
    }

    public static IEnumerable<string> Above(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1)) yield return path[..slash];
    }

    private ObservedEntry Entry(string path, ObservedKind kind)
    {
        var (mode, owner, group) = Attributes.GetValueOrDefault(path, (kind == ObservedKind.Directory ? 0x1ED : 0x1A4, null, null));
        return new(path, kind, mode, owner, group, Empty.Contains(path));
    }
}
