using System.Text;
using System.Text.RegularExpressions;
using EtcSync.Core.Policies;
using FsCheck;
using FsCheck.Fluent;

namespace EtcSync.Core.Tests.Policies;

public sealed class PathGlobTests
{
    [Theory]
    [InlineData("hostname", "hostname", true)]
    [InlineData("hostname", "hostname2", false)]
    [InlineData("hostname", "sub/hostname", false)]
    [InlineData("hostname", "hostname/sub", false)]
    [InlineData("*.conf", "a.conf", true)]
    [InlineData("*.conf", ".conf", true)]
    [InlineData("*.conf", "d/a.conf", false)]
    [InlineData("ssh/ssh_host_*_key", "ssh/ssh_host_rsa_key", true)]
    [InlineData("ssh/ssh_host_*_key", "ssh/ssh_host_rsa_key.pub", false)]
    [InlineData("ssh/ssh_host_*_key", "ssh/ssh_host_a/b_key", false)]
    [InlineData("lvm/cache/", "lvm/cache/x", true)]
    [InlineData("lvm/cache/", "lvm/cache/x/y", true)]
    [InlineData("lvm/cache/", "lvm/cache", false)]
    [InlineData("lvm/cache/**", "lvm/cache", false)]
    [InlineData("lvm/cache/**", "lvm/cache/x/y", true)]
    [InlineData("**", "a", true)]
    [InlineData("**", "a/b/c", true)]
    [InlineData("**/*.swp", "a.swp", true)]
    [InlineData("**/*.swp", "a/b/.c.swp", true)]
    [InlineData("**/*.swp", "a.swp/b", false)]
    [InlineData("a/**/z", "a/z", true)]
    [InlineData("a/**/z", "a/b/c/z", true)]
    [InlineData("a/**/z", "a/b/z/c", false)]
    [InlineData("a/**/b/**/c", "a/b/b/x/c/c", true)]
    [InlineData("**/a/**", "a", false)]
    [InlineData("**/a/**", "x/a/y", true)]
    [InlineData("**/**/a", "a", true)]
    [InlineData("**/a/b", "a/a/b", true)]
    [InlineData("*/*", "a", false)]
    [InlineData("*/*", "a/b", true)]
    [InlineData("?", "ä", true)]
    [InlineData("?", "\U0001F600", true)]
    [InlineData("?", "ab", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[a-c]x", "dx", false)]
    [InlineData("[!a-c]x", "dx", true)]
    [InlineData("[^a-c]x", "ax", false)]
    [InlineData("[]]", "]", true)]
    [InlineData("[[]x", "[x", true)]
    [InlineData("[*]", "*", true)]
    [InlineData("[*]", "a", false)]
    [InlineData("[a-]", "-", true)]
    [InlineData("Hosts", "hosts", false)]
    [InlineData(@"dev-by\x2dlabel", @"dev-by\x2dlabel", true)]
    [InlineData(@"dev\*", @"dev\x", true)]
    [InlineData("#*#", "#a#", true)]
    [InlineData("a*b*c", "aXbXbc", true)]
    [InlineData("a*b*c", "aXbXcd", false)]
    [InlineData("*", "", false)]
    public void Pattern_matches_what_it_says(string pattern, string path, bool expected) => Assert.Equal(expected, PathGlob.Parse(pattern).IsMatch(path));

    [Fact]
    public void Byte_that_is_no_character_is_one_character()
    {
        Assert.True(PathGlob.Parse("a?b").IsMatch("a\uDC80b"));
        Assert.True(PathGlob.Parse("a*b").IsMatch("a\uDC80b"));
        Assert.False(PathGlob.Parse("ab").IsMatch("a\uDC80b"));
    }

    [Fact]
    public void Pattern_agrees_with_a_regular_expression_of_the_same_meaning()
    {
        var gen = Gen.Elements("a", "b", "*", "?", "/", "**", "[ab]", "[!a]", "a*").ListOf().Select(string.Concat);
        var path = Gen.Elements("a", "b", "c", "/", "a/b", "bb").NonEmptyListOf().Select(string.Concat);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(Arb.From(gen), Arb.From(path), (pattern, text) =>
            text.Split('/').Contains("") || !PathGlob.TryParse(pattern, out var glob, out _) || glob.IsMatch(text) == Expression(pattern).IsMatch(text)));
    }

    [Fact]
    public void Pattern_made_to_backtrack_takes_no_time()
    {
        var glob = PathGlob.Parse(string.Concat(Enumerable.Repeat("**/*a*a*a*a*b/", 100)) + "c");
        var path = string.Join('/', Enumerable.Repeat(new string('a', 250), 16));

        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.False(glob.IsMatch(path));
        Assert.InRange(watch.ElapsedMilliseconds, 0, 2000);
    }

    private static Regex Expression(string pattern)
    {
        var text = new StringBuilder("^");
        var parts = (pattern.EndsWith('/') ? pattern + "**" : pattern).Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            var last = i == parts.Length - 1;
            if (parts[i] == "**") text.Append(last ? "[^/]+(/[^/]+)*" : "([^/]+/)*");
            else text.Append(parts[i].Replace("[!a]", "[^a/]", StringComparison.Ordinal).Replace("*", "[^/]*", StringComparison.Ordinal).Replace("?", "[^/]", StringComparison.Ordinal)).Append(last ? "" : "/");
        }

        return new(text.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }
}
