using System.Text;
using EtcSync.Core.Git;
using EtcSync.Core.Ignore;

namespace EtcSync.Core.Tests.Ignore;

/// <summary>Our verdicts beside those of the real <c>git check-ignore</c>, down to the line that decides.</summary>
public sealed class IgnoreRulesAgainstGitTests
{
    /// <summary>Pieces that patterns are put together from: wildcards in every position, brackets good and bad, escapes.</summary>
    private static readonly string[] Pieces =
    [
        "a", "b", "c", "ab", "a", "b", "foo", "x.y", ".", "*", "*", "*", "**", "***", "?", "/", "/", "/", "/", "**/", "/**", "/**/", "\\", "\\*", "\\/", "\\a", "\\?", "\\[", "-",
        "[ab]", "[!a]", "[^b]", "[a-c]", "[c-a]", "[]]", "[!]a]", "[", "]", "[a", "[]", "[!]", "[a-]", "[-a]", "[a-c-e]", "[\\]]", "[\\", "[a-\\c]", "[\\a-c]", "[/]", "[a/b]", "[^/]", "[.-0]",
        "[[:alpha:]]", "[[:digit:][:punct:]]", "[![:space:]]", "[[:foo:]]", "[[:alpha]", "[[:alpha:", "[[:]", "[[::]", "[[:upper:]-z]", "[a-[:alpha:]]", "[[:alnum:]b]", "[[]", "[:a:]",
        " ", "\\ ", "\t", "#", "!", "\u00e9", "[\u00e9]", "~", "\0",
    ];

    private static readonly string[] Names = ["a", "b", "c", "ab", "ba", "abc", "foo", "x.y", ".", "a.b", "*", "[", "]", "[a", "a-", "\\", "\\a", "#", "!", "!a", "a ", " ", "\t", "a\t", "a\r", "\u00e9", "\udcc3", "a\udcffb", "A", "7", "foo-bar", "aab", "**", "-", "~", "[:a:]"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_rules_in_nested_directories_decide_as_git_does(int seed)
    {
        var random = new Random(seed);
        var gitignores = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var directories = new List<string>();
        var paths = new List<string>();
        for (var i = 0; i < 250; i++)
        {
            // Each case is a directory of its own; its paths fit its patterns often enough, as both come from few names.
            var top = $"case{i}";
            gitignores[top] = File(random);
            foreach (var below in new[] { "a", "a/b", "a/b/c", "b", "b/a", "foo", "ab", "a/foo", "x.y/a" })
            {
                directories.Add($"{top}/{below}");
                paths.Add($"{top}/{below}");
                if (random.Next(6) == 0) gitignores[$"{top}/{below}"] = File(random);
                foreach (var name in random.GetItems(Names, 5)) paths.Add($"{top}/{below}/{name}z"[..^random.Next(2)]);
            }

            foreach (var name in Names) paths.Add($"{top}/{name}");
        }

        AssertVaried(AssertSameAsGit(gitignores, directories, paths));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Random_rules_at_the_top_decide_as_git_does(int seed)
    {
        var random = new Random(seed);
        List<string> directories = ["d", "d/e", "ab/c", "foo/a/b"];
        List<string> paths = [.. directories, .. Names, .. from d in directories from n in Names select $"{d}/{n}"];
        var verdicts = new List<GitVerdict>();
        for (var n = 0; n < 20; n++)
        {
            var patterns = Enumerable.Range(0, 12).Select(_ => Pattern(random));
            var gitignores = new SortedDictionary<string, byte[]>(StringComparer.Ordinal) { [""] = Encoding.UTF8.GetBytes(string.Join('\n', patterns)) };
            verdicts.AddRange(AssertSameAsGit(gitignores, directories, paths));
        }

        AssertVaried(verdicts);
    }

    [Fact]
    public void Every_class_holds_the_bytes_that_git_gives_it()
    {
        string[] classes = ["alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit"];
        var gitignores = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var paths = new List<string>();
        foreach (var name in classes)
        {
            gitignores[name] = Encoding.ASCII.GetBytes($"x[[:{name}:]]\n");
            for (var value = 1; value < 256; value++)
            {
                if (value != '/') paths.Add($"{name}/x{GitName.Decode([(byte)value])}");
            }
        }

        AssertSameAsGit(gitignores, [], paths);
    }

    [Fact]
    public void Odd_lines_are_read_as_git_reads_them()
    {
        string[] files =
        [
            "", "\n", "\r\n", "\r", "a", "a\r", "a\r\n", "a\r\r\n", "a \r\n", "a\\ \r\n", "a  \\  \n", "a\\", "a\\\n", "a\\\\ \n", " a\n", "\ta\n", "a\t\n", "a \t \n", "#a\n", " #a\n", "\\#\n", "!\n", "!!a\n*\n",
            "*\n!a\n", "*\n!*/\n!a\n", "/\n", "//\n", "/a\n", "//a\n", "a/\n", "a//\n", "/a/\n", "/*\n", "/**\n", "**\n", "*/\n", "**/\n", "a/**\n", "**/a\n", "a**/b\n", "a/b**\n", "ab**/c\n", "a\0b\n", "\0\n",
            "\uFEFFa\n", "\uFEFF#a\nb\n", "\uFEFF", "a\n\uFEFFb\n", "*.\n", ".*\n", "**/**/b\n", "**/**\n", "a/**/**/c\n", "**\\/b\n", "a/*/c\n", "a/**b/c\n", "a/b\\/c\n", "a\\/\n", "[a-]\n", "\\a\n", "?\n", "*a*b*\n",
        ];
        var gitignores = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var directories = new List<string>();
        var paths = new List<string>();
        for (var i = 0; i < files.Length; i++)
        {
            gitignores[$"d{i}"] = Encoding.UTF8.GetBytes(files[i]);
            directories.AddRange([$"d{i}/a/b/c", $"d{i}/b"]);
            paths.AddRange([.. Names.Select(n => $"d{i}/{n}"), $"d{i}/a/b", $"d{i}/a/b/c"]);
            paths.AddRange(new[] { "a/a", "a/b/b", "a/b/ab", "a/b/c/c", "a/bx/c", "ax/y/b", "abx/c", "ab/x/c", "ax/b", "b/c", "a/xb/c" }.Select(p => $"d{i}/{p}"));
        }

        AssertSameAsGit(gitignores, directories, paths);
    }

    [Fact]
    public void Rules_of_etckeeper_decide_as_git_does() => AssertSameAsGit(
        new SortedDictionary<string, byte[]>(StringComparer.Ordinal) { [""] = Encoding.UTF8.GetBytes(EtckeeperIgnore.Content) },
        [],
        [.. EtckeeperIgnore.Paths]);

    /// <summary>Rules that ignore everything, or nothing, would prove little.</summary>
    private static void AssertVaried(IReadOnlyList<GitVerdict> verdicts)
    {
        Assert.Contains(verdicts, v => v.IsIgnored);
        Assert.Contains(verdicts, v => !v.IsIgnored && v.Line > 0);
        Assert.Contains(verdicts, v => v.Line == 0);
    }

    private static GitVerdict[] AssertSameAsGit(SortedDictionary<string, byte[]> gitignores, List<string> directories, List<string> paths)
    {
        // Neither is a path to git.
        paths.RemoveAll(p => p.Split('/').Any(n => n is "." or ".."));
        var existing = directories.Concat(gitignores.Keys).SelectMany(WithParents).ToHashSet(StringComparer.Ordinal);
        var expected = GitIgnores.Check(gitignores, directories, paths);
        var rules = gitignores.Aggregate(IgnoreRules.None, (r, file) => r.With(file.Key, file.Value));
        var differences = new List<string>();
        for (var i = 0; i < paths.Count; i++)
        {
            var path = paths[i];
            var isDirectory = existing.Contains(path);
            var git = expected[i];
            var same = rules.IsIgnored(path, isDirectory) == git.IsIgnored && DecidingLine(rules, path, isDirectory) == git.Line;
            if (!same) differences.Add($"{path}{(isDirectory ? "/" : "")}: git {git}, we line {DecidingLine(rules, path, isDirectory)}, ignored {rules.IsIgnored(path, isDirectory)}");
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {paths.Count} differ:\n{string.Join('\n', differences.Take(20))}");
        return expected;
    }

    private static IEnumerable<string> WithParents(string directory)
    {
        for (var end = directory.Length; end > 0; end = directory.LastIndexOf('/', end - 1)) yield return directory[..end];
    }

    private static int DecidingLine(IgnoreRules rules, string path, bool isDirectory)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (rules.DecidingRule(path[..slash], isDirectory: true) is { IsNegated: false } above) return above.Line;
        }

        return rules.DecidingRule(path, isDirectory)?.Line ?? 0;
    }

    private static byte[] File(Random random)
    {
        var lines = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Pattern(random) + (random.Next(10) == 0 ? "\r\n" : "\n"));
        var text = string.Concat(lines);
        if (random.Next(10) == 0) text = text[..^1];
        return Encoding.UTF8.GetBytes((random.Next(20) == 0 ? "\uFEFF" : "") + text);
    }

    private static string Pattern(Random random)
    {
        var pieces = string.Concat(random.GetItems(Pieces, random.Next(1, 6)));
        return (random.Next(8) == 0 ? "!" : "") + pieces + (random.Next(8) == 0 ? "/" : "") + (random.Next(12) == 0 ? " " : "");
    }
}
