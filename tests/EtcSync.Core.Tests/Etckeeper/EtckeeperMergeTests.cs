using System.Collections.Immutable;
using EtcSync.Core.Etckeeper;
using static EtcSync.Core.Tests.Etckeeper.EtckeeperText;

namespace EtcSync.Core.Tests.Etckeeper;

public sealed class EtckeeperMergeTests
{
    private static readonly EtckeeperTrees Nothing = Trees([]);

    [Fact]
    public void Different_attributes_of_a_path_are_both_taken()
    {
        var merge = Merge(["maybe chmod 0644 'x'"], ["maybe chmod 0600 'x'"], ["maybe chgrp 'www' 'x'", "maybe chmod 0644 'x'"], Trees([], "x"));
        Assert.Equal(["maybe chgrp 'www' 'x'", "maybe chmod 0600 'x'"], merge.Merged.Lines());
        Assert.Empty(merge.Conflicts);
    }

    [Fact]
    public void Same_attribute_changed_differently_is_a_conflict_and_ours_stands()
    {
        var merge = Merge(
            ["maybe chown 'a' 'x'", "maybe chmod 0644 'x'", "maybe chmod 0644 'y'"],
            ["maybe chown 'b' 'x'", "maybe chmod 0600 'x'", "maybe chmod 0644 'y'"],
            ["maybe chmod 0640 'x'", "maybe chmod 0700 'y'"],
            Trees([], "x", "y"));
        Assert.Equal(["maybe chown 'b' 'x'", "maybe chmod 0600 'x'", "maybe chmod 0700 'y'"], merge.Merged.Lines());
        Assert.Equal<EtckeeperConflict>(
            [new("x", EtckeeperAttribute.Mode, "0644", "0600", "0640"), new("x", EtckeeperAttribute.Owner, "a", "b", "root")], merge.Conflicts);
    }

    [Fact]
    public void Path_that_both_added_conflicts_also_where_one_says_root()
    {
        var merge = Merge([], ["maybe chmod 0644 'x'"], ["maybe chown 'www' 'x'", "maybe chmod 0644 'x'"], Trees([], "x"));
        Assert.Equal(["maybe chmod 0644 'x'"], merge.Merged.Lines());
        Assert.Equal(new("x", EtckeeperAttribute.Owner, null, "root", "www"), Assert.Single(merge.Conflicts));
    }

    [Fact]
    public void Record_removed_here_and_changed_there_is_decided_by_the_tree()
    {
        string[] before = ["maybe chmod 0644 'x'"], changed = ["maybe chmod 0600 'x'"];
        var tracked = Trees([], "x");
        var gone = Nothing with { Ours = _ => TreeKind.File, Theirs = _ => TreeKind.File };

        Assert.Equal(changed, Merge(before, [], changed, tracked).Merged.Lines());
        Assert.Equal(changed, Merge(before, changed, [], tracked).Merged.Lines());
        Assert.Empty(Merge(before, [], changed, gone).Merged.Lines());
        Assert.Empty(Merge(before, changed, [], gone).Merged.Lines());
        // A directory that holds ignored files only was never in a tree: it may exist.
        Assert.Equal(changed, Merge(before, [], changed, Nothing).Merged.Lines());
        Assert.Empty(Merge(before, [], changed, tracked).Conflicts);
    }

    [Fact]
    public void Record_of_a_path_that_left_the_tree_goes_and_the_directory_above_it_too()
    {
        string[] before = ["maybe chmod 0755 'a'", "maybe chmod 0755 'a/b'", "maybe chmod 0644 'a/b/x'", "maybe chmod 0755 'c'", "maybe chmod 0755 'c/ignored'", "maybe chmod 0644 'c/x'"];
        var merge = Merge(before, before, before, Trees(["a/b/x", "c/x"]));
        // "c/ignored" was never tracked, so it stands, and "c" with it.
        Assert.Equal(["maybe chmod 0755 'c'", "maybe chmod 0755 'c/ignored'"], merge.Merged.Lines());
    }

    [Fact]
    public void Directory_that_became_empty_keeps_its_record()
    {
        string[] before = ["maybe chmod 0755 'a'", "maybe chmod 0644 'a/x'"], after = ["mkdir -p './a'", "maybe chmod 0755 'a'"];
        Assert.Equal(after, Merge(before, before, after, Trees(["a/x"])).Merged.Lines());
    }

    [Fact]
    public void Path_of_the_merged_tree_without_a_record_gets_one_back()
    {
        string[] before = ["maybe chmod 0755 'a'", "maybe chmod 0644 'a/x'"];
        var trees = Trees(["a/x"], "a/x");
        Assert.Equal(before, Merge(before, [], before, trees).Merged.Lines());
        Assert.Equal(before, Merge(before, before, [], trees).Merged.Lines());
        Assert.Equal(before, Merge(before, [], [], trees).Merged.Lines());
    }

    [Fact]
    public void Empty_directory_that_holds_tracked_files_now_is_not_empty()
    {
        string[] before = ["mkdir -p './a'", "maybe chmod 0755 'a'"], full = ["maybe chmod 0755 'a'", "maybe chmod 0644 'a/x'"];
        Assert.Equal(full, Merge(before, before, full, Trees(["a/x"], "a/x")).Merged.Lines());
        // Theirs made the directory, ours made it and put a file in it: nothing changed in the tree.
        Assert.Equal(full, Merge([], full, before, Trees([], "a/x")).Merged.Lines());
    }

    [Fact]
    public void Empty_directory_against_a_file_of_the_same_name_is_a_conflict_and_the_tree_decides()
    {
        string[] empty = ["mkdir -p './a/b'", "maybe chmod 0755 'a'", "maybe chmod 0755 'a/b'"], file = ["maybe chmod 0644 'a'"];
        var conflict = Assert.Single(Merge([], empty, file, Trees(["a"], "a")).Conflicts);
        Assert.Equal(new EtckeeperConflict("a/b", EtckeeperAttribute.EmptyDirectory, "no", "yes", "no"), conflict);
        Assert.Equal(file, Merge([], empty, file, Trees(["a"], "a")).Merged.Lines());
        Assert.Equal(file, Merge([], file, empty, Trees([], "a")).Merged.Lines());
    }

    [Fact]
    public void Symbolic_link_has_no_record()
    {
        string[] before = ["maybe chmod 0644 'x'"], changed = ["maybe chmod 0600 'x'"];
        var trees = new EtckeeperTrees { Merged = _ => TreeKind.SymbolicLink, Ours = Fail<TreeKind>, Theirs = Fail<TreeKind>, Changed = ["x"] };
        Assert.Empty(Merge(before, changed, [], trees).Merged.Lines());
    }

    [Fact]
    public void Held_path_stays_as_ours_without_a_conflict()
    {
        var held = ImmutableHashSet.Create(StringComparer.Ordinal, "x", "d", "n");
        var ours = Parse("mkdir -p './d'", "maybe chmod 0600 'x'", "maybe chmod 0644 'y'");
        var result = EtckeeperMerge.Merge(
            Parse("maybe chmod 0644 'x'", "maybe chmod 0644 'y'"), ours, Parse("maybe chmod 0644 'n'", "maybe chmod 0640 'x'", "maybe chmod 0600 'y'"), Trees(["n", "x"], "n"), held);
        Assert.Equal(["mkdir -p './d'", "maybe chmod 0600 'x'", "maybe chmod 0600 'y'"], result.Merged.Lines());
        Assert.Empty(result.Conflicts);
    }

    [Fact]
    public void Spelling_that_one_side_changed_is_taken()
    {
        var (dotSlash, stripped) = (Parse("maybe chmod 0644 './x'"), Parse("maybe chmod 0644 'x'"));
        Assert.Equal(stripped, EtckeeperMerge.Merge(dotSlash, dotSlash, stripped, Nothing).Merged);
        Assert.Equal(stripped, EtckeeperMerge.Merge(dotSlash, stripped, dotSlash, Nothing).Merged);
        Assert.Equal(dotSlash, EtckeeperMerge.Merge(stripped, dotSlash, dotSlash, Nothing).Merged);
    }

    [Fact]
    public void Result_that_is_a_side_is_that_side()
    {
        var (before, after) = (Parse("maybe chmod 0644 'x'"), Parse("maybe chmod 0600 'x'"));
        Assert.Same(after, EtckeeperMerge.Merge(before, before, after, Trees([], "x")).Merged);
        Assert.Same(after, EtckeeperMerge.Merge(before, after, before, Trees([], "x")).Merged);
    }

    [Fact]
    public void Nothing_is_asked_where_no_path_changed()
    {
        var trees = new EtckeeperTrees { Merged = Fail<TreeKind>, Ours = Fail<TreeKind>, Theirs = Fail<TreeKind>, Changed = [] };
        var merge = EtckeeperMerge.Merge(
            Parse("mkdir -p './e'", "maybe chmod 0644 'x'"), Parse("mkdir -p './e'", "maybe chmod 0600 'x'"), Parse("mkdir -p './e'", "maybe chown 'www' 'x'", "maybe chmod 0644 'x'"), trees);
        Assert.Equal(["mkdir -p './e'", "maybe chown 'www' 'x'", "maybe chmod 0600 'x'"], merge.Merged.Lines());
    }

    private static EtckeeperMergeResult Merge(string[] ancestor, string[] ours, string[] theirs, EtckeeperTrees trees) =>
        EtckeeperMerge.Merge(Stripped(ancestor), Stripped(ours), Stripped(theirs), trees);

    private static EtckeeperFile Stripped(string[] lines) => Parse(lines).With(EtckeeperSpelling.Stripped);

    private static EtckeeperTrees Trees(string[] changed, params string[] merged) => new()
    {
        Merged = path => Below(path, merged),
        Ours = path => Below(path, changed),
        Theirs = path => Below(path, changed),
        Changed = changed,
    };

    private static TreeKind Below(string path, string[] files) =>
        files.Contains(path) ? TreeKind.File : files.Any(file => file.StartsWith(path + "/", StringComparison.Ordinal)) ? TreeKind.Directory : TreeKind.None;

    private static T Fail<T>(string path) => throw new InvalidOperationException(path);
}
