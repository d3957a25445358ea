using System.Text;
using EtcSync.Core.Text;
using FsCheck;
using FsCheck.Fluent;

namespace EtcSync.Core.Tests.Text;

public sealed class TextMergeTests
{
    private static readonly Arbitrary<byte[]> Texts = Gen.Elements("\n", "a\n", "b\n", "c\n", "a", "\r\n").ListOf()
        .Select(lines => Encoding.UTF8.GetBytes(string.Concat(lines))).ToArbitrary();

    [Fact]
    public void Merge_of_changes_apart_takes_both() =>
        Assert.Equal("A\nb\nc\nd\nE\n", Clean("a\nb\nc\nd\ne\n", "A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n"));

    [Fact]
    public void Merge_of_the_same_change_takes_it_once() =>
        Assert.Equal("a\nx\nb\nC\n", Clean("a\nb\nc\n", "a\nx\nb\nc\n", "a\nx\nb\nC\n"));

    [Fact]
    public void Merge_of_different_changes_to_one_line_names_it()
    {
        var conflict = Assert.IsType<TextMergeResult.Conflict>(Merge("a\nb\nc\n", "0\na\nours\nc\n", "a\ntheirs\nmore\nc\n"));
        // The insertion at the top touches nothing: it is no part of the dispute.
        Assert.Equal(new MergeRegion(new LineRange(1, 1), new LineRange(2, 1), new LineRange(1, 2)), Assert.Single(conflict.Regions));
    }

    [Fact]
    public void Merge_of_changes_to_neighbouring_lines_conflicts() =>
        Assert.IsType<TextMergeResult.Conflict>(Merge("a\nb\nc\nd\n", "a\nB\nc\nd\n", "a\nb\nC\nd\n"));

    [Fact]
    public void Merge_of_a_last_line_that_lost_its_terminator_takes_it() =>
        Assert.Equal("A\nb\nc", Clean("a\nb\nc\n", "A\nb\nc\n", "a\nb\nc"));

    [Fact]
    public void Merge_of_two_added_files_conflicts_over_all_of_them()
    {
        var conflict = Assert.IsType<TextMergeResult.Conflict>(Merge("", "a\n", "b\nc\n"));
        Assert.Equal(new MergeRegion(new LineRange(0, 0), new LineRange(0, 1), new LineRange(0, 2)), Assert.Single(conflict.Regions));
    }

    [Theory]
    [InlineData("", "x\0", "y\0")]
    [InlineData("a\n\0", "a\n", "b\n")]
    [InlineData("a\n", "b\n", "\0")]
    public void Merge_of_a_file_with_nul_is_binary(string ancestor, string ours, string theirs) =>
        Assert.IsType<TextMergeResult.Binary>(Merge(ancestor, ours, theirs));

    [Fact]
    public void Merge_of_a_binary_that_one_side_changed_takes_it() => Assert.Equal("\0new", Clean("\0old", "\0old", "\0new"));

    [Fact]
    public void Merge_with_an_unchanged_side_gives_the_other() => Law((ancestor, side) =>
        IsClean(TextMerge.Merge(ancestor, side, ancestor), side) && IsClean(TextMerge.Merge(ancestor, ancestor, side), side));

    [Fact]
    public void Merge_of_equal_sides_gives_them() => Law((ancestor, side) => IsClean(TextMerge.Merge(ancestor, side, [.. side]), side));

    [Fact]
    public void Merge_with_sides_swapped_gives_the_same() => Prop.ForAll(Texts, Texts, Texts, (ancestor, ours, theirs) =>
    {
        var merged = TextMerge.Merge(ancestor, ours, theirs);
        var swapped = TextMerge.Merge(ancestor, theirs, ours);
        return merged is TextMergeResult.Clean clean ? IsClean(swapped, clean.Content) : swapped.GetType() == merged.GetType();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Merge_of_its_own_result_changes_nothing() => Prop.ForAll(Texts, Texts, Texts, (ancestor, ours, theirs) =>
        TextMerge.Merge(ancestor, ours, theirs) is not TextMergeResult.Clean clean || IsClean(TextMerge.Merge(ours, clean.Content, ours), clean.Content))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Diff_applied_to_the_old_gives_the_new() => Law((before, after) =>
    {
        var (old, fresh) = (Lines(before), Lines(after));
        var rebuilt = new List<string>();
        var at = 0;
        foreach (var change in LineDiff.Compute(before, after))
        {
            rebuilt.AddRange(old[at..change.BeforeStart]);
            if (rebuilt.Count != change.AfterStart || change.BeforeCount + change.AfterCount == 0) return false;
            rebuilt.AddRange(fresh[change.AfterStart..change.AfterEnd]);
            at = change.BeforeEnd;
        }

        rebuilt.AddRange(old[at..]);
        return rebuilt.SequenceEqual(fresh, StringComparer.Ordinal);
    });

    [Fact]
    public void Merge_of_large_hostile_files_ends()
    {
        // Two lines in random order: everything is common, nothing is rare.
        byte[] Content(int seed)
        {
            var random = new Random(seed);
            return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 200_000).Select(_ => random.Next(2) == 0 ? "a\n" : "b\n")));
        }

        Assert.IsType<TextMergeResult.Conflict>(TextMerge.Merge(Content(1), Content(2), Content(3)));
    }

    [Fact]
    public void Merge_of_files_that_nest_deeply_ends()
    {
        // Each longest run stands at the end of what is left: one division per line.
        var before = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{i}\n"));
        var after = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{i}\nx{i}\n"));
        Assert.Equal(5_000, LineDiff.Compute(Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after)).Length);
    }

    private static void Law(Func<byte[], byte[], bool> law) => Prop.ForAll(Texts, Texts, law).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static bool IsClean(TextMergeResult result, byte[] content) => result is TextMergeResult.Clean clean && clean.Content.AsSpan().SequenceEqual(content);

    private static string[] Lines(byte[] text)
    {
        var parts = Encoding.UTF8.GetString(text).Split('\n');
        return [.. parts[..^1].Select(p => p + "\n"), .. parts[^1].Length > 0 ? parts[^1..] : []];
    }

    private static TextMergeResult Merge(string ancestor, string ours, string theirs) =>
        TextMerge.Merge(Encoding.UTF8.GetBytes(ancestor), Encoding.UTF8.GetBytes(ours), Encoding.UTF8.GetBytes(theirs));

    private static string Clean(string ancestor, string ours, string theirs) =>
        Encoding.UTF8.GetString(Assert.IsType<TextMergeResult.Clean>(Merge(ancestor, ours, theirs)).Content);
}
