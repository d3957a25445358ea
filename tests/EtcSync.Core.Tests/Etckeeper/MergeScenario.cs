using EtcSync.Core.Etckeeper;

namespace EtcSync.Core.Tests.Etckeeper;

/// <summary>Three trees made from a seed, and the tree that a merge of them by path gives (ours where it would be a conflict).</summary>
internal sealed record MergeScenario(MergeSide Ancestor, MergeSide Ours, MergeSide Theirs)
{
    // Few names, so that the sides meet; "a", "a/b" and "e" are files here and directories there.
    private static readonly string[] Leaves = ["top", "a", "a/x", "a/b", "a/b/y", "a/b/z", "a-b", "c/x", "c/y", "d'd/q", "e", "e/f/g", "é/ü"];
    private static readonly string[] Hollows = ["a/ign", "c", "c/z", "d'd", "e", "e/f", "void", "void/er", "a/b", "é"];
    private static readonly string?[] Names = [null, null, null, "www", "mail"];
    private static readonly int[] Modes = [0x1A4, 0x1ED, 0x180, 0x9ED];

    public MergeSide Merged { get; } = MergeTrees(Ancestor, Ours, Theirs);

    public static MergeScenario From(int seed)
    {
#pragma warning disable CA5394 // A test wants the same numbers for the same seed, not secret ones.
        var random = new Random(seed);
        var ancestor = Change(random, Side([], [], [], []), 12);
        return new(ancestor, Change(random, ancestor, random.Next(8)), Change(random, ancestor, random.Next(8)));
    }

    public EtckeeperMergeResult Merge(bool everything = false) => EtckeeperMerge.Merge(
        Ancestor.File(), Ours.File(), Theirs.File(), MergeSide.Trees(Ancestor, Ours, Theirs, Merged, everything));

    public EtckeeperMergeResult MergeSwapped() => EtckeeperMerge.Merge(
        Ancestor.File(), Theirs.File(), Ours.File(), MergeSide.Trees(Ancestor, Theirs, Ours, Merged));

    private static MergeSide Change(Random random, MergeSide side, int steps)
    {
        var tracked = new Dictionary<string, TreeKind>(side.Tracked, StringComparer.Ordinal);
        var (ignored, empty) = (side.IgnoredOnly.ToHashSet(StringComparer.Ordinal), side.Empty.ToHashSet(StringComparer.Ordinal));
        var attributes = side.Attributes.ToDictionary(StringComparer.Ordinal);
        for (var i = 0; i < steps; i++)
        {
            var leaf = Leaves[random.Next(Leaves.Length)];
            var hollow = Hollows[random.Next(Hollows.Length)];
            switch (random.Next(7))
            {
                case 0 or 1:
                    tracked[leaf] = random.Next(8) == 0 ? TreeKind.SymbolicLink : TreeKind.File;
                    // What cannot be beside it goes.
                    foreach (var other in tracked.Keys.Where(other => Clash(leaf, other)).ToList()) tracked.Remove(other);
                    break;
                case 2:
                    tracked.Remove(leaf);
                    break;
                case 3:
                    empty.Add(hollow);
                    ignored.Remove(hollow);
                    break;
                case 4:
                    empty.Remove(hollow);
                    ignored.Remove(hollow);
                    break;
                case 5:
                    ignored.Add(hollow);
                    break;
                default:
                    var path = random.Next(2) == 0 ? leaf : hollow;
                    attributes[path] = (Modes[random.Next(Modes.Length)], Names[random.Next(Names.Length)], Names[random.Next(Names.Length)]);
                    break;
            }
        }

        var result = new MergeSide(tracked, ignored, empty, attributes, random.Next(4) == 0 ? EtckeeperSpelling.Stripped : side.Spelling);
        var directories = result.Directories;
        ignored.RemoveWhere(path => !Fits(path) || directories.Contains(path));
        empty.RemoveWhere(path => !Fits(path) || directories.Contains(path) || ignored.Contains(path) || ignored.Any(other => MergeSide.Above(other).Contains(path)));
        empty.ExceptWith(empty.SelectMany(MergeSide.Above).ToList());
        return result;

        bool Fits(string path) => !tracked.ContainsKey(path) && !MergeSide.Above(path).Any(tracked.ContainsKey);
    }

    private static MergeSide MergeTrees(MergeSide ancestor, MergeSide ours, MergeSide theirs)
    {
        var tracked = new Dictionary<string, TreeKind>(StringComparer.Ordinal);
        foreach (var path in Leaves)
        {
            var (a, o, t) = (Leaf(ancestor), Leaf(ours), Leaf(theirs));
            var kind = a == o ? t : o;
            if (kind != TreeKind.None) tracked[path] = kind;

            TreeKind Leaf(MergeSide side) => side.Tracked.GetValueOrDefault(path);
        }

        foreach (var path in tracked.Keys.Where(path => tracked.Keys.Any(other => Clash(path, other))).ToList())
        {
            if (!ours.Tracked.ContainsKey(path)) tracked.Remove(path);
        }

        return ours with { Tracked = tracked };
    }

    private static bool Clash(string left, string right) => MergeSide.Above(left).Contains(right) || MergeSide.Above(right).Contains(left);

    private static MergeSide Side(Dictionary<string, TreeKind> tracked, HashSet<string> ignored, HashSet<string> empty, Dictionary<string, (int, string?, string?)> attributes) =>
        new(tracked, ignored, empty, attributes, EtckeeperSpelling.DotSlash);
}
