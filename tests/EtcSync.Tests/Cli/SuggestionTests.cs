using System.Text.RegularExpressions;
using EtcSync.Cli;
using EtcSync.State;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

/// <summary>Every command that a message suggests can be typed as it stands, and every path that it names is there.</summary>
public sealed class SuggestionTests
{
    [Fact]
    public void Rewrite_is_accepted_by_the_command_that_is_suggested()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        cluster.Put("motd", "rewritten\n");
        Tool.Git(cluster.Upstream, "commit", "-q", "--amend", "-a", "-m", "another beginning");

        var refused = cluster.Cli("sync");

        AssertAllPasteable(cluster, refused);
        Assert.Contains($"'etcsync --root {cluster.Root} sync --accept-rewrite'", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"'etcsync --root {cluster.Root} sync --accept-rewrite'", cluster.Cli("status", "--json").Json.GetProperty("upstream").GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Mass_loss_names_commands_for_this_place()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        Directory.Delete(cluster.ClientPath("pc01", "conf.d"), recursive: true);

        Assert.Contains($"'etcsync --root {cluster.Root} sync --accept-drift pc01'", cluster.Cli("status").Out, StringComparison.Ordinal);
        foreach (var command in (string[])["sync", "status", "plan"])
        {
            var answer = cluster.Cli(command);
            AssertAllPasteable(cluster, answer);
            Assert.Contains("--accept-drift pc01'", Regex.Replace(answer.Out, @"\s+", " "), StringComparison.Ordinal);
        }

        Assert.Contains($"'etcsync --root {cluster.Root} sync --reject-drift pc01'", cluster.Cli("plan", "--json").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_work_tree_is_named_by_its_path()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        Directory.Delete(cluster.ClientPath("pc01"), recursive: true);

        var answer = cluster.Cli("sync");

        AssertAllPasteable(cluster, answer);
        Assert.Contains($"{cluster.ClientPath("pc01").TrimEnd('/')} is missing.", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Problem_of_a_file_names_the_file_that_can_be_opened()
    {
        using var cluster = new Cluster(["pc01"]);
        File.WriteAllText(Path.Combine(cluster.Root, "etc/etcsync/policies/90-bad.yaml"), "version: 1\nrules:\n  - {path: motd, clas: client}\n");

        Assert.Contains($"{cluster.Root}/etc/etcsync/policies/90-bad.yaml:3", cluster.Cli("status").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_client_is_answered_with_a_command_for_this_place()
    {
        using var cluster = new Cluster(["pc01"]);

        AssertAllPasteable(cluster, cluster.Cli("log", "something-else"));
        AssertAllPasteable(cluster, cluster.Cli("log", "pc01"));
        AssertAllPasteable(cluster, cluster.Cli("status"));
    }

    [Fact]
    public void Root_with_a_blank_is_quoted() => Assert.Equal("etcsync --root '/tmp/a b' sync", new Locations("/tmp/a b").Command("sync"));

    [Theory]
    [InlineData("/opt/etcsync/out/etcsync", "/nowhere:/usr/bin", "/opt/etcsync/out/etcsync")]
    [InlineData("/usr/share/dotnet/dotnet", "/nowhere", "etcsync")]
    [InlineData(null, "/nowhere", "etcsync")]
    public void Program_that_no_shell_finds_is_named_by_its_path(string? process, string path, string expected) => Assert.Equal(expected, SuggestedCommand.Find(process, path));

    private static void AssertAllPasteable(Cluster cluster, Answer answer)
    {
        // Tables continue long cells on the next line.
        var text = Regex.Replace(answer.Out + answer.Error, @"\s+", " ");
        var suggested = Regex.Matches(text, "'(?<command>etcsync [^']*)'").Select(match => match.Groups["command"].Value).ToList();
        Assert.NotEmpty(suggested);
        Assert.All(suggested, command => Assert.StartsWith($"etcsync --root {cluster.Root} ", command, StringComparison.Ordinal));
        // Each is one that the parser takes.
        var tree = CommandTree.Create(new(new() { Out = TextWriter.Null, Error = TextWriter.Null, In = TextReader.Null }, TimeProvider.System));
        Assert.All(suggested, command => Assert.Empty(tree.Parse(command["etcsync ".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Errors));
    }
}
