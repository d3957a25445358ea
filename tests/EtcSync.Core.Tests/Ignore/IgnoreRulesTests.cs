using System.Diagnostics;
using System.Text;
using EtcSync.Core.Git;
using EtcSync.Core.Ignore;

namespace EtcSync.Core.Tests.Ignore;

public sealed class IgnoreRulesTests
{
    [Theory]
    [InlineData("foo", "foo", true)]
    [InlineData("foo", "a/b/foo", true)]
    [InlineData("foo", "foo/below/it", true)]
    [InlineData("/foo", "a/foo", false)]
    [InlineData("a/foo", "b/a/foo", false)]
    [InlineData("*.pyc", "a/b.pyc", true)]
    [InlineData("a/*.x", "a/b/c.x", false)]
    [InlineData("**/x/y", "x/y", true)]
    [InlineData("**/x/y", "a/b/x/y", true)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("a/**", "a/x", true)]
    [InlineData("a[0-9]", "a7", true)]
    [InlineData("a[!0-9]", "a7", false)]
    [InlineData("a[[:upper:]]", "aB", true)]
    [InlineData("a[", "a[", false)]
    [InlineData("\\#x", "#x", true)]
    [InlineData("#x", "#x", false)]
    [InlineData("\\!x", "!x", true)]
    [InlineData("x  ", "x", true)]
    [InlineData("x\\ ", "x ", true)]
    [InlineData("x\t", "x", false)]
    [InlineData("x\r\n", "x", true)]
    [InlineData("\uFEFFx", "x", true)]
    [InlineData("caf?", "caf\u00e9", false)]
    [InlineData("caf??", "caf\u00e9", true)]
    public void Pattern_against_a_path_gives_the_verdict_of_git(string pattern, string path, bool ignored) =>
        Assert.Equal(ignored, Rules(pattern).IsIgnored(path, isDirectory: false));

    [Fact]
    public void Question_mark_matches_one_byte_that_is_not_utf8() =>
        Assert.Equal(IgnoreVerdict.Ignored, Rules("x?y").Decide(GitName.Decode([(byte)'x', 0xFF, (byte)'y']), isDirectory: false));

    [Fact]
    public void Pattern_with_a_slash_at_the_end_takes_only_directories()
    {
        Assert.Equal(IgnoreVerdict.Ignored, Rules("x/").Decide("x", isDirectory: true));
        Assert.Equal(IgnoreVerdict.Unmatched, Rules("x/").Decide("x", isDirectory: false));
    }

    [Fact]
    public void Negated_pattern_keeps_what_an_earlier_one_ignores()
    {
        Assert.Equal(IgnoreVerdict.Kept, Rules("*.conf\n!a.conf\n").Decide("a.conf", isDirectory: false));
        Assert.Equal(IgnoreVerdict.Ignored, Rules("!a.conf\n*.conf\n").Decide("a.conf", isDirectory: false));
    }

    [Fact]
    public void Negated_pattern_below_an_ignored_directory_changes_nothing()
    {
        var rules = Rules("dir\n!dir/a\n");
        Assert.True(rules.IsIgnored("dir/a", isDirectory: false));
        Assert.Equal(IgnoreVerdict.Kept, rules.Decide("dir/a", isDirectory: false));
    }

    [Fact]
    public void Deeper_file_goes_before_the_one_above()
    {
        var rules = Rules("*.conf").With("a/b", "!x.conf\n/y"u8);
        Assert.Equal(IgnoreVerdict.Kept, rules.Decide("a/b/x.conf", isDirectory: false));
        Assert.Equal(IgnoreVerdict.Ignored, rules.Decide("a/x.conf", isDirectory: false));
        Assert.Equal(IgnoreVerdict.Ignored, rules.Decide("a/b/y", isDirectory: false));
        Assert.Equal(IgnoreVerdict.Unmatched, rules.Decide("a/b/c/y", isDirectory: false));
    }

    [Fact]
    public void File_added_again_replaces_the_earlier_one()
    {
        var rules = Rules("x").With("", "y"u8).With("d", "x"u8).With("d", "z"u8);
        Assert.False(rules.IsIgnored("x", isDirectory: false));
        Assert.False(rules.IsIgnored("d/x", isDirectory: false));
        Assert.True(rules.IsIgnored("d/z", isDirectory: false));
    }

    [Fact]
    public void No_rules_ignore_nothing() => Assert.False(IgnoreRules.None.IsIgnored("a/b", isDirectory: false));

    [Fact]
    public void Top_of_the_tree_is_never_ignored() => Assert.False(Rules("*\n/\n**").IsIgnored("", isDirectory: true));

    [Theory]
    [InlineData("*a", "a")]
    [InlineData("[a]*?", "a")]
    [InlineData("a*/**/", "a/aaa")]
    [InlineData("**/a/*", "aa/a/")]
    [InlineData("**/*a", "a/")]
    public void Pattern_made_to_take_for_ever_is_decided_at_once(string part, string repeated)
    {
        // Ends in what the path has not, but not in a literal, which would be seen without a search.
        var rules = Rules("x/" + string.Concat(Enumerable.Repeat(part, 300)) + "b*");
        var path = "x/" + string.Concat(Enumerable.Repeat(repeated, 4000 / repeated.Length)) + "c";
        var clock = Stopwatch.StartNew();
        Assert.Equal(IgnoreVerdict.Unmatched, rules.Decide(path, isDirectory: false));
        Assert.True(clock.ElapsedMilliseconds < 2000, $"took {clock.ElapsedMilliseconds} ms");
    }

    private static IgnoreRules Rules(string gitignore) => IgnoreRules.None.With("", Encoding.UTF8.GetBytes(gitignore));
}
