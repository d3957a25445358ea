using EtcSync.Core.Git;
using EtcSync.Git;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Git;

public sealed class HistoryTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("etcsync-history-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Relations_areThoseThatGitSees(int seed)
    {
        var commits = RandomHistory(new(seed), 60);
        using var objects = ObjectStore.Open(Path.Combine(_directory, ".git"), new());
        var history = new History(objects);
        var random = new Random(seed + 100);
        for (var i = 0; i < 60; i++)
        {
            var (one, other) = (commits[random.Next(commits.Count)], commits[random.Next(commits.Count)]);
            var bases = Tool.Try("git", "-C", _directory, "merge-base", "--all", one, other).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var found = history.MergeBase(ObjectId.Parse(one), ObjectId.Parse(other));
            if (bases.Length == 0) Assert.Null(found);
            else Assert.Contains(found.ToString(), bases);
            Assert.Equal(Tool.Git(_directory, "rev-list", "--count", $"{other}..{one}").Trim(), $"{history.CountAhead(ObjectId.Parse(one), ObjectId.Parse(other))}");
            Assert.Equal(Tool.Try("git", "-C", _directory, "merge-base", "--is-ancestor", one, other).Code == 0, history.IsAncestor(ObjectId.Parse(one), ObjectId.Parse(other)));
        }
    }

    [Fact]
    public void Dates_thatRunBackwards_hideNoAncestor()
    {
        Tool.Git(_directory, "init", "-q");
        var tree = Tool.Git(_directory, "write-tree").Trim();
        var first = Commit(tree, 5_000);
        var second = Commit(tree, 4_000, first);
        var third = Commit(tree, 3_000, second);
        var fork = Commit(tree, 9_000, second);
        using var objects = ObjectStore.Open(Path.Combine(_directory, ".git"), new());
        var history = new History(objects);
        Assert.True(history.IsAncestor(ObjectId.Parse(first), ObjectId.Parse(third)));
        Assert.False(history.IsAncestor(ObjectId.Parse(third), ObjectId.Parse(fork)));
        Assert.Equal(second, history.MergeBase(ObjectId.Parse(fork), ObjectId.Parse(third)).ToString());
    }

    private List<string> RandomHistory(Random random, int count)
    {
        Tool.Git(_directory, "init", "-q");
        var tree = Tool.Git(_directory, "write-tree").Trim();
        var commits = new List<string>();
        for (var i = 0; i < count; i++)
        {
            // Two roots, so that some share nothing; several commits in one second.
            string[] parents = i < 2 ? [] : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => commits[random.Next(Math.Max(0, i - 12), i)]).Distinct(StringComparer.Ordinal)];
            commits.Add(Commit(tree, 1_000_000 + (i / 3), parents));
        }

        return commits;
    }

    private string Commit(string tree, long when, params string[] parents) => Tool.Run("env", [$"GIT_COMMITTER_DATE=@{when} +0000", $"GIT_AUTHOR_DATE=@{when} +0000",
        "git", "-C", _directory, "-c", "user.name=Test", "-c", "user.email=test@localhost", "commit-tree", tree, .. parents.SelectMany(parent => (string[])["-p", parent]), "-m", $"{Guid.NewGuid()}"]).Trim();
}
