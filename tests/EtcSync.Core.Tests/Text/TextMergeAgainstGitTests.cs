using System.Text;
using EtcSync.Core.Text;

namespace EtcSync.Core.Tests.Text;

/// <summary>Our merge beside the real git's, on files made to be ambiguous: few different lines, many repetitions.</summary>
public sealed class TextMergeAgainstGitTests
{
    [Theory]
    [InlineData(1, 4000, 12, 2)]
    [InlineData(2, 4000, 40, 4)]
    [InlineData(3, 4000, 40, 12)]
    [InlineData(4, 2000, 120, 30)]
    public void Merge_of_random_files_equals_git(int seed, int count, int maxLines, int alphabet)
    {
        var random = new Random(seed);
        AssertSameAsGit(Enumerable.Range(0, count).Select(_ => RandomCase(random, random.Next(maxLines + 1), alphabet, random.Next(1, 6))));
    }

    [Fact]
    public void Merge_of_config_like_files_equals_git()
    {
        var random = new Random(5);
        AssertSameAsGit(Enumerable.Range(0, 2000).Select(_ =>
        {
            var lines = ConfigLines(random, random.Next(10, 60));
            return new MergeCase(Join(lines, random), Join(Edit(lines, random, 3, 8), random), Join(Edit(lines, random, 3, 8), random));
        }));
    }

    [Theory]
    [InlineData(6, 300, 400, 2, 8)]
    [InlineData(7, 300, 600, 3, 40)]
    [InlineData(8, 300, 300, 1, 20)]
    [InlineData(9, 60, 3000, 4, 400)]
    [InlineData(10, 20, 6000, 6, 1500)]
    public void Merge_of_files_of_too_frequent_lines_equals_git(int seed, int count, int maxLines, int alphabet, int edits)
    {
        var random = new Random(seed);
        AssertSameAsGit(Enumerable.Range(0, count).Select(_ => RandomCase(random, random.Next(100, maxLines + 1), alphabet, random.Next(1, edits))));
    }

    [Fact]
    public void Merge_of_frequent_lines_between_unique_ones_equals_git()
    {
        var random = new Random(11);
        AssertSameAsGit(Enumerable.Range(0, 300).Select(_ =>
        {
            // Each half exists twice, and all that its two forms have in common is frequent.
            List<string> Half()
            {
                var length = random.Next(100, 600);
                return [.. Enumerable.Range(0, length).Select(_ => random.Next(4) == 0 ? $"unique {random.Next()}\n" : random.Next(4) == 0 ? "\n" : "}\n")];
            }

            var (top, bottom) = (Half(), Half());
            return new MergeCase(Join([.. top, .. bottom], random), Join([.. Half(), .. bottom], random), Join([.. top, .. Half()], random));
        }));
    }

    [Fact]
    public void Merge_of_odd_files_equals_git()
    {
        string[] contents =
        [
            "", "\n", "\n\n", "a", "a\n", "a\r\n", "b", "b\n", "a\nb", "a\nb\n", "a\r\nb\r\n", "b\na\n", "a\nb\nc\n", "a\n\nb\n", "\0", "a\n\0\n", "a\nb\nc\n\0",
            new string('x', 7999) + "\0", new string('x', 8000) + "\0", "\r", "\r\n", "a\rb\rc", "\u00e9\n",
        ];
        AssertSameAsGit(from ancestor in contents from ours in contents from theirs in contents select MergeCase.Of(ancestor, ours, theirs));
    }

    [Theory]
    [InlineData(12, 500, 60, 4, 20)]
    [InlineData(13, 100, 900, 3, 200)]
    [InlineData(14, 20, 8000, 5, 4000)]
    public void Diff_of_random_files_equals_git(int seed, int count, int maxLines, int alphabet, int edits)
    {
        var random = new Random(seed);
        AssertSameDiffAsGit(Enumerable.Range(0, count).Select(_ => RandomCase(random, random.Next(1, maxLines + 1), alphabet, random.Next(1, edits))));
    }

    [Theory]
    [InlineData(15, 20, 10, 800)]
    // Only in files this long does the search look out for promising points before it gives up.
    [InlineData(17, 3, 500, 90)]
    public void Diff_of_rewritten_stretches_between_long_common_runs_equals_git(int seed, int count, int stretches, int length)
    {
        var random = new Random(seed);
        AssertSameDiffAsGit(Enumerable.Range(0, count).Select(_ =>
        {
            var (before, after) = (new List<string>(), new List<string>());
            for (var n = random.Next(stretches, stretches * 3 / 2); n > 0; n--)
            {
                before.AddRange(Stretch(random.Next(length)));
                after.AddRange(Stretch(random.Next(length)));
                var common = Stretch(random.Next(10, 60));
                before.AddRange(common);
                after.AddRange(common);
            }

            return new MergeCase(Join(before, random), Join(after, random), []);
        }));

        List<string> Stretch(int length) => [.. Enumerable.Range(0, length).Select(_ => RandomLine(random, 4))];
    }

    [Fact]
    public void Diff_of_frequent_lines_among_unmatched_ones_equals_git()
    {
        var random = new Random(16);
        AssertSameDiffAsGit(Enumerable.Range(0, 150).Select(_ =>
        {
            var density = random.Next(2, 9);
            return new MergeCase(Version(density), Version(density), []);
        }));

        byte[] Version(int density) => Join(
            [.. Enumerable.Range(0, random.Next(300, 2000)).Select(_ => random.Next(density) > 0 ? $"{random.Next()}\n" : random.Next(3) == 0 ? "\n" : "}\n")],
            random);
    }

    private static void AssertSameDiffAsGit(IEnumerable<MergeCase> generated)
    {
        var cases = generated.ToList();
        var expected = GitMerges.Diff(cases);
        for (var i = 0; i < cases.Count; i++)
        {
            var changes = LineDiff.Compute(cases[i].Ancestor, cases[i].Ours).Select(c => (c.BeforeStart, c.BeforeCount, c.AfterStart, c.AfterCount));
            Assert.Equal(expected[i], changes);
        }
    }

    private static void AssertSameAsGit(IEnumerable<MergeCase> generated)
    {
        var cases = generated.ToList();
        var expected = GitMerges.Merge(cases);
        var differences = new List<string>();
        for (var i = 0; i < cases.Count; i++)
        {
            var result = TextMerge.Merge(cases[i].Ancestor, cases[i].Ours, cases[i].Theirs);
            var ours = result is TextMergeResult.Clean clean ? clean.Content : null;
            if (ours is null ? expected[i] is null : expected[i] is { } git && ours.AsSpan().SequenceEqual(git)) continue;
            differences.Add($"{cases[i]}\ngit      {Show(expected[i])}\nwe       {Show(ours)}");
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {cases.Count} differ; the shortest:\n{differences.MinBy(d => d.Length)}");
        // A generator that gives only conflicts, or none, would prove little.
        Assert.Contains(expected, e => e is null);
        Assert.Contains(expected, e => e is not null);
    }

    private static string Show(byte[]? content) => content is null ? "conflict" : MergeCase.Show(content);

    private static MergeCase RandomCase(Random random, int length, int alphabet, int edits)
    {
        var lines = Enumerable.Range(0, length).Select(_ => RandomLine(random, alphabet)).ToList();
        return new MergeCase(Join(lines, random), Join(Edit(lines, random, edits, alphabet), random), Join(Edit(lines, random, edits, alphabet), random));
    }

    private static string RandomLine(Random random, int alphabet) => random.Next(4) == 0 ? "\n" : $"{(char)('a' + random.Next(alphabet))}\n";

    private static List<string> ConfigLines(Random random, int length) =>
        [.. Enumerable.Range(0, length).Select(i => (i % 5) switch { 0 => "\n", 1 => "#\n", 2 => $"# about {random.Next(12)}\n", _ => $"option{random.Next(30)} = {random.Next(3)}\n" })];

    private static List<string> Edit(List<string> lines, Random random, int edits, int alphabet)
    {
        var result = new List<string>(lines);
        for (var n = random.Next(edits + 1); n > 0; n--)
        {
            var at = random.Next(result.Count + 1);
            var count = Math.Min(random.Next(4), result.Count - at);
            switch (random.Next(4))
            {
                case 0:
                    result.RemoveRange(at, count);
                    break;
                case 1:
                    result.InsertRange(at, Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomLine(random, alphabet)).ToList());
                    break;
                case 2:
                    result.InsertRange(at, result.GetRange(at, count));
                    break;
                default:
                    for (var i = at; i < at + count; i++) result[i] = RandomLine(random, alphabet);
                    break;
            }
        }

        return result;
    }

    private static byte[] Join(List<string> lines, Random random)
    {
        var text = string.Concat(lines);
        if (text.Length > 0 && random.Next(8) == 0) text = text[..^1];
        return Encoding.UTF8.GetBytes(text);
    }
}
