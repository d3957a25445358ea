using System.Text.Json;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Plumbing;

public sealed class MergeTreeCommandTests : IDisposable
{
    private readonly GitHistory _history = new();

    [Fact]
    public void Clean_merge_prints_the_tree_and_returns_0()
    {
        Add(new FileTree().Set("a", "1\n"), new FileTree().Set("a", "1\n").Set("b", "2\n"), new FileTree().Set("a", "3\n"));
        var result = Merge();
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(["a", "b"], _history.Read(Core.Git.ObjectId.Parse(result.Out.TrimEnd('\n'))).Files.Keys);
    }

    [Fact]
    public void Conflicts_are_printed_a_line_each_and_2_is_returned()
    {
        Add(new FileTree().Set("a\nb", "1\n").Set("é", "1\n"), new FileTree().Set("a\nb", "2\n").Set("é", "2\n"), new FileTree().Set("a\nb", "3\n").Set("é", "3\n"));
        var result = Merge();
        Assert.Equal((2, ""), (result.Code, result.Error));
        Assert.Equal(["\"a\\nb\"", "é", ""], result.Out.Split('\n')[1..]);
        Assert.Equal(_history.Text("rev-parse", "ours^{tree}"), result.Out.Split('\n')[0]);

        var json = JsonDocument.Parse(Merge("--json").Out).RootElement;
        Assert.False(json.GetProperty("clean").GetBoolean());
        Assert.Equal(["a\nb", "é"], json.GetProperty("conflicts").EnumerateArray().Select(conflict => conflict.GetProperty("path").GetString()!));
        Assert.Equal(["content"], json.GetProperty("conflicts").EnumerateArray().Select(conflict => conflict.GetProperty("kind").GetString()!).Distinct());
    }

    [Fact]
    public void Wrong_revision_or_directory_returns_1()
    {
        Add(new FileTree().Set("a", "1\n"), new FileTree(), new FileTree());
        var result = CommandLine.Run("merge-tree", "--git-dir", _history.GitDirectory, "base", "nope", "theirs");
        Assert.Equal((1, ""), (result.Code, result.Out));
        Assert.Contains("'nope'", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, CommandLine.Run("merge-tree", "--git-dir", "/nonexistent", "a", "b", "c").Code);
        Assert.Equal(1, CommandLine.Run("merge-tree", "a", "b", "c").Code);
    }

    [Fact]
    public void Broken_policy_is_reported_with_file_and_line()
    {
        Add(new FileTree().Set("a", "1\n"), new FileTree(), new FileTree());
        var policies = Directory.CreateTempSubdirectory("etcsync-policies-");
        try
        {
            File.WriteAllText(Path.Combine(policies.FullName, "10-x.yaml"), "version: 1\nrules:\n  - path: a\n    class: nobody\n");
            var result = Merge("--policy", policies.FullName);
            Assert.Equal(1, result.Code);
            Assert.Contains("10-x.yaml:4", result.Error, StringComparison.Ordinal);
        }
        finally
        {
            policies.Delete(recursive: true);
        }
    }

    [Fact]
    public void Nothing_but_objects_is_written()
    {
        Add(new FileTree().Set("a", "1\n2\n3\n"), new FileTree().Set("a", "1\n2\n4\n"), new FileTree().Set("a", "0\n2\n3\n"));
        var before = Files();
        Assert.Equal(0, Merge().Code);
        Assert.Equal(before, Files());
        Assert.Equal("", _history.Text("fsck", "--no-dangling"));

        string[] Files() => [.. Directory.EnumerateFiles(_history.GitDirectory, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/objects/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    public void Dispose() => _history.Dispose();

    private CommandOutput Merge(params string[] options) => CommandLine.Run(["merge-tree", "--git-dir", _history.GitDirectory, "base", "ours", "theirs", .. options]);

    private void Add(FileTree ancestor, FileTree client, FileTree upstream)
    {
        _history.Add("base", null, ancestor);
        _history.Add("ours", "base", client);
        _history.Add("theirs", "base", upstream);
    }
}
