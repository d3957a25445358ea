using System.Text;
using EtcSync.Configuration;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.Git;
using EtcSync.Plumbing;
using Xunit.Abstractions;

namespace EtcSync.Tests.Plumbing;

/// <summary>Our merges of whole trees against those of the git program, on generated histories.</summary>
public sealed class TreeMergeAgainstGitTests(ITestOutputHelper output)
{
    private const int FirstSeed = 1_000;

    private readonly List<MergeTriple> _triples = [.. Enumerable.Range(FirstSeed, int.TryParse(Environment.GetEnvironmentVariable("ETCSYNC_TEST_MERGES"), out var wanted) ? wanted : 800).Select(MergeTriple.From)];

    [Fact]
    public void Merge_is_clean_exactly_where_gits_is_and_gives_the_same_tree()
    {
        using var history = new GitHistory().Add(_triples);
        var expected = history.Merge(_triples.Count);
        var actual = Merge(history);

        var differences = new StringBuilder();
        var (clean, samePaths) = (0, 0);
        for (var i = 0; i < _triples.Count; i++)
        {
            var (git, ours) = (expected[i], actual[i].First);
            var gitIsClean = git.Conflicts.Length == 0;
            if (gitIsClean) clean++;
            else if (Names(git.Conflicts).SetEquals(ours.Conflicts.Select(conflict => conflict.Path.Value))) samePaths++;
            if (gitIsClean == ours.Conflicts.IsEmpty && (!gitIsClean || git.Tree == ours.Tree)) continue;
            differences.Append($"seed {FirstSeed + i}: git {Show(git.Conflicts)}, we {Show(ours.Conflicts.Select(c => $"{c.Path} ({c.Kind})"))}\n{_triples[i]}\n");
            if (gitIsClean && ours.Conflicts.IsEmpty) differences.Append($"git's tree\n{history.Read(git.Tree)}\nours\n{history.Read(ours.Tree)}\n");
        }

        output.WriteLine($"{_triples.Count} merges, {clean} of them clean; of the others, {samePaths} name the same paths.");
        Assert.True(differences.Length == 0, differences.ToString());
        Assert.InRange(clean, _triples.Count / 4, 3 * _triples.Count / 4);
    }

    [Fact]
    public void Held_path_has_the_clients_version_and_a_second_merge_changes_nothing()
    {
        using var history = new GitHistory().Add(_triples);
        var wrong = new StringBuilder();
        var merges = Merge(history);
        var trees = history.Trees();
        using var objects = ObjectStore.Open(history.GitDirectory, new());
        for (var i = 0; i < _triples.Count; i++)
        {
            var (first, second) = merges[i];
            var kept = first.Conflicts.All(conflict =>
                TreeDiff.Find(objects, first.Tree, conflict.Path) == TreeDiff.Find(objects, trees[$"ours/{i}"], conflict.Path) && conflict.Base != conflict.Upstream);
            if (kept && second.Tree == first.Tree && second.NextBase == first.NextBase && Paths(second).SequenceEqual(Paths(first))) continue;
            wrong.Append($"seed {FirstSeed + i}: first {Show(first.Conflicts.Select(c => $"{c.Path} ({c.Kind})"))}, then {Show(second.Conflicts.Select(c => $"{c.Path} ({c.Kind})"))}\n{_triples[i]}\n");
            wrong.Append($"first\n{history.Read(first.Tree)}\nthen\n{history.Read(second.Tree)}\nbase\n{history.Read(first.NextBase)}\n");
        }

        Assert.True(wrong.Length == 0, wrong.ToString());

        static IEnumerable<RepoPath> Paths(MergePlan plan) => plan.Conflicts.Select(conflict => conflict.Path);
    }

    // Each merge, and the same again from what it left behind.
    private List<(MergePlan First, MergePlan Second)> Merge(GitHistory history)
    {
        var policies = PolicySet.Load(ConfigurationLoader.Shipped()).Value!;
        var trees = history.Trees();
        using var objects = ObjectStore.Open(history.GitDirectory, new());
        return [.. Enumerable.Range(0, _triples.Count).Select(i =>
        {
            var upstream = trees[$"theirs/{i}"];
            var first = TreeMerge.Merge(objects, trees[$"base/{i}"], trees[$"ours/{i}"], upstream, policies);
            return (first, TreeMerge.Merge(objects, first.NextBase, first.Tree, upstream, policies));
        })];
    }

    // Git moves what cannot stand beside a directory away: "d" becomes "d~ours/7".
    private static HashSet<string> Names(IEnumerable<string> conflicts) =>
        conflicts.Select(path => path.Contains('~', StringComparison.Ordinal) ? path[..path.IndexOf('~', StringComparison.Ordinal)] : path).ToHashSet(StringComparer.Ordinal);

    private static string Show(IEnumerable<string> conflicts) => string.Join(", ", conflicts) is { Length: > 0 } paths ? paths : "clean";
}
