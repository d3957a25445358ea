using EtcSync.Core.Text;

namespace EtcSync.Core.Tests.Text;

public sealed class UnifiedDiffTests
{
    [Fact]
    public void Equal_texts_have_no_lines() => Assert.Empty(UnifiedDiff.Of("a\nb\n", "a\nb\n"));

    [Fact]
    public void New_file_is_one_hunk_from_nothing() => Assert.Equal(["@@ -0,0 +1,2 @@", "+a", "+b"], UnifiedDiff.Of("", "a\nb\n").AsEnumerable());

    [Fact]
    public void Changes_far_apart_are_hunks_of_their_own_with_three_lines_around_each()
    {
        var before = string.Concat(Enumerable.Range(1, 20).Select(line => $"{line}\n"));

        Assert.Equal(
            ["@@ -1,5 +1,5 @@", " 1", "-2", "+two", " 3", " 4", " 5", "@@ -16,5 +16,4 @@", " 16", " 17", " 18", "-19", " 20"],
            UnifiedDiff.Of(before, before.Replace("\n2\n", "\ntwo\n", StringComparison.Ordinal).Replace("19\n", "", StringComparison.Ordinal)).AsEnumerable());
    }
}
