using System.Text;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;
using EtcSync.Git;
using EtcSync.Plumbing;

namespace EtcSync.Tests.Plumbing;

/// <summary>Merges with path classes and .etckeeper, on real repositories.</summary>
public sealed class TreeMergeTests : IDisposable
{
    private readonly GitHistory _history = new();
    private ObjectId _base;

    [Fact]
    public void Mode_changed_differently_on_both_sides_is_one_conflict_and_the_rest_is_merged()
    {
        var ancestor = Etc("sudoers 0440 root", "motd 0644 root");
        var merge = Merge(ancestor, Etc("sudoers 0400 root", "motd 0644 root"), Etc("sudoers 0640 root", "motd 0600 root"));

        var conflict = Assert.Single(merge.Conflicts);
        Assert.Equal(("sudoers", ConflictKind.Attribute), (conflict.Path.Value, conflict.Kind));
        Assert.Equal(Metadata("sudoers 0400 root", "motd 0600 root"), MetadataOf(merge.Tree));
        // The next merge starts from what the disputed path was, and from what the other is now.
        Assert.Equal(Metadata("sudoers 0440 root", "motd 0600 root"), MetadataOf(merge.NextBase));
    }

    [Fact]
    public void Held_path_keeps_its_content_and_its_record()
    {
        var ancestor = Etc("fstab 0644 root", "motd 0644 root");
        var client = Etc("fstab 0644 root", "motd 0644 root").Set("fstab", "client\n");
        var upstream = Etc("fstab 0600 root", "motd 0644 root").Set("fstab", "upstream\n").Set("motd", "welcome\n");
        var merge = Merge(ancestor, client, upstream);

        Assert.Equal(("fstab", ConflictKind.Content), Only(merge));
        Assert.Equal("client\n", Text(merge.Tree, "fstab"));
        Assert.Equal("welcome\n", Text(merge.Tree, "motd"));
        Assert.Equal(Metadata("fstab 0644 root", "motd 0644 root"), MetadataOf(merge.Tree));
        Assert.Equal("fstab\n", Text(merge.NextBase, "fstab"));
    }

    [Fact]
    public void Path_of_class_client_keeps_content_and_attributes()
    {
        var merge = Merge(
            Etc("hostname 0644 root", "motd 0644 root"),
            Etc("hostname 0600 root", "motd 0644 root").Set("hostname", "pc01\n"),
            Etc("hostname 0640 root", "motd 0644 root").Set("hostname", "server\n").Set("motd", "new\n"));

        Assert.Empty(merge.Conflicts);
        Assert.Equal("pc01\n", Text(merge.Tree, "hostname"));
        Assert.Equal("new\n", Text(merge.Tree, "motd"));
        Assert.Equal(Metadata("hostname 0600 root", "motd 0644 root"), MetadataOf(merge.Tree));
    }

    [Fact]
    public void Path_of_class_upstream_is_put_back_with_its_attributes()
    {
        var policies = Directory.CreateTempSubdirectory("etcsync-policies-");
        try
        {
            File.WriteAllText(Path.Combine(policies.FullName, "10-site.yaml"), "version: 1\nrules:\n  - path: sudoers\n    class: upstream\n");
            var ancestor = Etc("sudoers 0440 root", "motd 0644 root");
            var merge = Merge(ancestor, Etc("sudoers 0666 root", "motd 0644 root").Set("sudoers", "everybody\n"), ancestor, policies.FullName);

            Assert.Empty(merge.Conflicts);
            Assert.Equal(MergeAction.PutBack, Assert.Single(merge.Decisions).Action);
            Assert.Equal(ancestor.Files.Keys, _history.Read(merge.Tree).Files.Keys);
            Assert.Equal(TreeOf("base"), merge.Tree);
        }
        finally
        {
            policies.Delete(recursive: true);
        }
    }

    [Fact]
    public void Own_policies_replace_the_shipped_ones()
    {
        var policies = Directory.CreateTempSubdirectory("etcsync-policies-");
        try
        {
            var (ancestor, upstream) = (new FileTree().Set("hostname", "a\n"), new FileTree().Set("hostname", "b\n"));
            Assert.Equal("b\n", Text(Merge(ancestor, ancestor, upstream, policies.FullName).Tree, "hostname"));
            Assert.Equal("a\n", Text(Merge(ancestor, ancestor, upstream).Tree, "hostname"));
        }
        finally
        {
            policies.Delete(recursive: true);
        }
    }

    [Fact]
    public void Account_files_are_held_together()
    {
        string[] records = ["passwd 0644 root", "shadow 0640 root", "group 0644 root", "motd 0644 root"];
        var merge = Merge(
            Etc(records),
            Etc(records).Set("passwd", "root:x:0:0::/root:/bin/zsh\n"),
            Etc(records).Set("passwd", "root:x:0:0::/root:/bin/bash\nsvc:x:999:999::/:/bin/false\n").Set("shadow", "svc:!:::::::\n").Set("group", "svc:x:999:\n").Set("motd", "new\n"));

        Assert.Equal(
            [("group", ConflictKind.HeldTogether), ("passwd", ConflictKind.Content), ("shadow", ConflictKind.HeldTogether)],
            merge.Conflicts.Select(conflict => (conflict.Path.Value, conflict.Kind)));
        Assert.Equal("shadow\n", Text(merge.Tree, "shadow"));
        Assert.Equal("group\n", Text(merge.Tree, "group"));
        Assert.Equal("new\n", Text(merge.Tree, "motd"));
    }

    [Fact]
    public void Upstreams_rename_of_a_file_that_the_client_changed_names_the_new_path()
    {
        const string Content = "one\ntwo\nthree\nfour\nfive\n";
        var merge = Merge(
            new FileTree().Set("ntp.conf", Content),
            new FileTree().Set("ntp.conf", Content + "client\n"),
            new FileTree().Set("ntpsec/ntp.conf", Content.Replace("two", "2", StringComparison.Ordinal)));

        var conflict = Assert.Single(merge.Conflicts);
        Assert.Equal(("ntp.conf", ConflictKind.DeletedByUpstream, "ntpsec/ntp.conf"), (conflict.Path.Value, conflict.Kind, conflict.RenamedTo?.Value));
        Assert.Contains("ntpsec/ntp.conf", conflict.Reason, StringComparison.Ordinal);
        Assert.Equal(["ntp.conf", "ntpsec/ntp.conf"], _history.Read(merge.Tree).Files.Keys);
    }

    [Fact]
    public void Path_that_upstream_stops_tracking_and_ignores_is_untracked_without_a_conflict()
    {
        var merge = Merge(
            new FileTree().Set("app/cache/vg0", "1\n").Set("motd", "x\n"),
            new FileTree().Set("app/cache/vg0", "client\n").Set("motd", "x\n"),
            new FileTree().Set(".gitignore", "app/cache\n").Set("motd", "x\n"));

        Assert.Empty(merge.Conflicts);
        Assert.Equal(MergeAction.Untrack, merge.Decisions.Single(decision => decision.Path.Value == "app/cache/vg0").Action);
        Assert.Equal([".gitignore", "motd"], _history.Read(merge.Tree).Files.Keys);
    }

    [Fact]
    public void File_of_the_client_where_upstream_has_a_directory_stays_and_the_directory_is_held()
    {
        var merge = Merge(new FileTree().Set("b", "b\n"), new FileTree().Set("b", "b\n").Set("cron", "client\n"), new FileTree().Set("b", "new\n").Set("cron/daily", "upstream\n"));

        Assert.Equal(("cron/daily", ConflictKind.Type), Only(merge));
        Assert.Equal(["b", "cron"], _history.Read(merge.Tree).Files.Keys);
        Assert.Equal("new\n", Text(merge.Tree, "b"));
    }

    [Fact]
    public void Binary_file_that_one_side_added_where_the_other_added_an_empty_one_is_a_conflict()
    {
        var merge = Merge(new FileTree().Set("b", "b\n"), new FileTree().Set("b", "b\n").Set("key", ""), new FileTree().Set("b", "b\n").Set("key", new FileEntry(FileEntry.Plain, [1, 0, 2])));
        Assert.Equal(("key", ConflictKind.Binary), Only(merge));
        Assert.Equal(TreeOf("ours"), merge.Tree);
    }

    [Theory]
    [InlineData("refs/heads/base", "ours", "theirs^{tree}")]
    [InlineData("theirs~1", "ours", "theirs")]
    public void Revision_of_any_kind_is_understood(string ancestor, string client, string upstream)
    {
        Add(new FileTree().Set("a", "1\n"), new FileTree().Set("a", "1\n").Set("b", "2\n"), new FileTree().Set("c", "3\n"));
        var merged = Assert.IsType<TreeMergeOutcome.Merged>(TreeMerge.Run(_history.GitDirectory, ancestor, client, upstream, null));
        Assert.Equal(["b", "c"], _history.Read(merged.Plan.Tree).Files.Keys);
        Assert.Equal("", _history.Text("fsck", "--no-dangling"));
    }

    [Fact]
    public void Problems_are_all_named()
    {
        Add(new FileTree().Set("a", "1\n"), new FileTree(), new FileTree());
        var refused = Assert.IsType<TreeMergeOutcome.Refused>(TreeMerge.Run(_history.GitDirectory, "base", "--help", "base:a", null));
        Assert.Equal(2, refused.Problems.Length);
        Assert.Contains("'--help'", refused.Problems[0], StringComparison.Ordinal);
        Assert.Contains("'base:a'", refused.Problems[1], StringComparison.Ordinal);

        Assert.Contains("/nonexistent", Problem(TreeMerge.Run("/nonexistent", "base", "base", "base", null)), StringComparison.Ordinal);
        Assert.Contains("/nowhere", Problem(TreeMerge.Run(_history.GitDirectory, "base", "base", "base", "/nowhere")), StringComparison.Ordinal);

        static string Problem(TreeMergeOutcome outcome) => Assert.Single(Assert.IsType<TreeMergeOutcome.Refused>(outcome).Problems);
    }

    [Theory]
    [InlineData("plain name", "plain name")]
    [InlineData("é", "é")]
    [InlineData("a\nb", "\"a\\nb\"")]
    [InlineData("\x1b[2J", "\"\\033[2J\"")]
    [InlineData("q\"b\\", "\"q\\\"b\\\\\"")]
    public void Path_is_quoted_as_git_does(string path, string printed) => Assert.Equal(printed, QuotedPath.Of(path));

    [Fact]
    public void Path_that_is_not_utf8_is_quoted_byte_by_byte() => Assert.Equal("\"caf\\351\"", QuotedPath.Of(GitName.Decode([.. "caf"u8, 0xe9])));

    public void Dispose() => _history.Dispose();

    private static (string Path, ConflictKind Kind) Only(MergePlan merge) => Assert.Single(merge.Conflicts) is var conflict ? (conflict.Path.Value, conflict.Kind) : default;

    // Each file holds its own name, until a test sets it.
    private static FileTree Etc(params string[] records)
    {
        var tree = new FileTree().Set(".etckeeper", new FileEntry(FileEntry.Executable, Encoding.UTF8.GetBytes(Metadata(records))));
        foreach (var record in records) tree.Set(record.Split(' ')[0], record.Split(' ')[0] + "\n");
        return tree;
    }

    private static string Metadata(params string[] records) => Encoding.UTF8.GetString(EtckeeperFile.Of(
        records.Select(record => record.Split(' ')).Select(words => new EtckeeperRecord(words[0], Convert.ToInt32(words[1], 8), words[2] == "root" ? null : words[2])),
        [], EtckeeperSpelling.DotSlash).Write());

    private MergePlan Merge(FileTree ancestor, FileTree client, FileTree upstream, string? policies = null)
    {
        Add(ancestor, client, upstream);
        return Assert.IsType<TreeMergeOutcome.Merged>(TreeMerge.Run(_history.GitDirectory, _base.ToString(), "ours", "theirs", policies)).Plan;
    }

    private void Add(FileTree ancestor, FileTree client, FileTree upstream)
    {
        _base = _history.Add("base", null, ancestor);
        _history.Add("ours", "base", client);
        _history.Add("theirs", "base", upstream);
    }

    private ObjectId TreeOf(string branch) => _history.Resolve(branch + "^{tree}");

    private string MetadataOf(ObjectId tree) => Text(tree, ".etckeeper");

    private string Text(ObjectId tree, string path)
    {
        using var objects = ObjectStore.Open(_history.GitDirectory, new());
        var version = TreeDiff.Find(objects, tree, RepoPath.Parse(path));
        return version.Exists ? Encoding.UTF8.GetString(objects.ReadBlob(version.Id)) : "";
    }
}
