using EtcSync.Core.Etckeeper;
using FsCheck;
using FsCheck.Fluent;

namespace EtcSync.Core.Tests.Etckeeper;

public sealed class EtckeeperMergeLawTests
{
    [Fact]
    public void Side_that_changed_nothing_gives_the_other() => Holds(scenario =>
    {
        var (a, o, t) = (scenario.Ancestor, scenario.Ours, scenario.Theirs);
        var forward = EtckeeperMerge.Merge(a.File(), a.File(), t.File(), MergeSide.Trees(a, a, t, t));
        var kept = EtckeeperMerge.Merge(a.File(), o.File(), a.File(), MergeSide.Trees(a, o, a, o));
        var both = EtckeeperMerge.Merge(a.File(), o.File(), o.File(), MergeSide.Trees(a, o, o, o));
        Assert.Equal(t.File().Lines(), forward.Merged.Lines());
        Assert.Equal(o.File().Lines(), kept.Merged.Lines());
        Assert.Equal(o.File().Lines(), both.Merged.Lines());
        Assert.Empty(forward.Conflicts.Concat(kept.Conflicts).Concat(both.Conflicts));
    });

    [Fact]
    public void Merging_again_changes_nothing() => Holds(scenario =>
    {
        var (a, t, m) = (scenario.Ancestor, scenario.Theirs, scenario.Merged);
        var merged = scenario.Merge().Merged;
        var later = EtckeeperMerge.Merge(t.File(), merged, t.File(), MergeSide.Trees(t, m, t, m));
        var again = EtckeeperMerge.Merge(a.File(), merged, t.File(), MergeSide.Trees(a, m, t, m));
        Assert.Equal(merged.Lines(), later.Merged.Lines());
        Assert.Empty(later.Conflicts);
        Assert.Equal(merged.Lines(), again.Merged.Lines());
    });

    [Fact]
    public void Swapped_sides_differ_only_where_they_conflict() => Holds(scenario =>
    {
        var (one, other) = (scenario.Merge(), scenario.MergeSwapped());
        Assert.Equal<EtckeeperConflict>(one.Conflicts, other.Conflicts.Select(c => c with { Ours = c.Theirs, Theirs = c.Ours }));
        var disputed = one.Conflicts.Select(c => c.Path).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(Undisputed(one), Undisputed(other));
        Assert.Equal(one.Merged.Records.Select(r => r.Path), other.Merged.Records.Select(r => r.Path));
        Assert.Equal<string>(one.Merged.EmptyDirectories, other.Merged.EmptyDirectories);
        Assert.Equal(one.Merged.Spelling, other.Merged.Spelling);

        IEnumerable<EtckeeperRecord> Undisputed(EtckeeperMergeResult result) => result.Merged.Records.Where(r => !disputed.Contains(r.Path));
    });

    [Fact]
    public void Naming_more_changed_paths_changes_nothing() => Holds(scenario =>
    {
        var (few, all) = (scenario.Merge(), scenario.Merge(everything: true));
        Assert.Equal(few.Merged.Lines(), all.Merged.Lines());
        Assert.Equal<EtckeeperConflict>(few.Conflicts, all.Conflicts);
    });

    [Fact]
    public void Result_agrees_with_the_merged_tree() => Holds(scenario =>
    {
        var (tree, merged) = (scenario.Merged, scenario.Merge().Merged);
        MergeSide[] sides = [scenario.Ancestor, scenario.Ours, scenario.Theirs];
        foreach (var path in tree.Tracked.Keys.Concat(tree.Directories))
        {
            if (tree.KindOf(path) == TreeKind.SymbolicLink) Assert.Null(merged.Find(path));
            else if (sides.Any(side => side.File().Find(path) is not null)) Assert.NotNull(merged.Find(path));
        }

        foreach (var path in merged.Records.Select(record => record.Path).Where(path => path is not "." and not EtckeeperFile.FileName))
        {
            var stands = tree.KindOf(path) != TreeKind.None || merged.HasEmptyDirectory(path) || merged.SaysDirectory(path)
                || sides[1..].Any(side => side.KindOf(path) == TreeKind.None && side.File().Find(path) is not null && !side.Empty.Contains(path));
            Assert.True(stands, $"{path} has a record and is not in the tree.");
            Assert.DoesNotContain(MergeSide.Above(path), above => tree.Tracked.ContainsKey(above));
        }

        foreach (var path in merged.EmptyDirectories)
        {
            Assert.Equal(TreeKind.None, tree.KindOf(path));
            Assert.DoesNotContain(MergeSide.Above(path), above => tree.Tracked.ContainsKey(above));
        }
    });

    [Fact]
    public void Nothing_that_only_one_side_added_is_missing() => Holds(scenario =>
    {
        var result = scenario.Merge();
        var (a, o, t) = (scenario.Ancestor.File(), scenario.Ours.File(), scenario.Theirs.File());
        foreach (var (side, other) in new[] { (o, t), (t, o) })
        {
            foreach (var record in side.Records.Where(r => a.Find(r.Path) is null && other.Find(r.Path) is null))
            {
                var dropped = scenario.Merged.KindOf(record.Path) is TreeKind.None or TreeKind.SymbolicLink;
                if (!dropped) Assert.Equal(record, result.Merged.Find(record.Path));
            }

            foreach (var path in side.EmptyDirectories.Where(path => !a.HasEmptyDirectory(path)))
            {
                var occupied = scenario.Merged.KindOf(path) != TreeKind.None || MergeSide.Above(path).Any(scenario.Merged.Tracked.ContainsKey);
                Assert.NotEqual(occupied, result.Merged.HasEmptyDirectory(path));
            }
        }
    });

    [Fact]
    public void Held_paths_are_as_in_ours() => Holds(scenario =>
    {
        var held = new HashSet<string>(StringComparer.Ordinal) { "a", "a/b", "a/b/y", "c", "e", "void" };
        var ours = scenario.Ours.File();
        var trees = MergeSide.Trees(scenario.Ancestor, scenario.Ours, scenario.Theirs, scenario.Merged);
        var result = EtckeeperMerge.Merge(scenario.Ancestor.File(), ours, scenario.Theirs.File(), trees, held);
        foreach (var path in held)
        {
            Assert.Equal(ours.Find(path), result.Merged.Find(path));
            Assert.Equal(ours.HasEmptyDirectory(path), result.Merged.HasEmptyDirectory(path));
        }

        Assert.DoesNotContain(result.Conflicts, conflict => held.Contains(conflict.Path));
    });

    [Fact]
    public void What_is_written_is_read_again() => Holds(scenario =>
    {
        var merged = scenario.Merge().Merged;
        var again = EtckeeperFile.Parse(merged.Write());
        Assert.Equal(merged, again);
        Assert.Empty(again.Rejected);
        Assert.Equal(merged.Write(), again.Write());
    });

    private static void Holds(Action<MergeScenario> law) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(1_000_000), Prop.ForAll((int seed) => law(MergeScenario.From(seed))));
}
