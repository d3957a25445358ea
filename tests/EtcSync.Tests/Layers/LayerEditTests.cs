using System.Text.Json;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Layers;

/// <summary>Layers as people use them, on a real hub.</summary>
public sealed class LayerEditTests : IDisposable
{
    private readonly Cluster _cluster = new(["pc01:lab", "pc02:lab", "pc03"]);

    private string Tree => Path.Combine(_cluster.Workspace.State.Layers, "lab");

    [Fact]
    public void Edit_makes_a_commit_on_upstream_of_what_was_changed()
    {
        var edit = Edit("echo lab >>motd; echo 1 >lab.conf; chmod 600 lab.conf; rm conf.d/39.conf; mkdir -p spool/lab");

        Assert.Contains("conf.d/39.conf, lab.conf, motd, spool", edit.Out, StringComparison.Ordinal);
        Assert.Contains("pc01, pc02 get it", edit.Out, StringComparison.Ordinal);
        Assert.Equal(["D\tconf.d/39.conf", "A\tlab.conf", "M\tmotd"], Hub("diff", "--name-status", "upstream", "group/lab", "--", ".", ":!.etckeeper").Split('\n'));
        Assert.Equal(Hub("rev-parse", "upstream"), Hub("rev-parse", "group/lab^@"));
        Assert.Equal("ada", Hub("log", "-1", "--format=%an", "group/lab"));
        var metadata = Hub("diff", "-U0", "upstream", "group/lab", "--", ".etckeeper").Split('\n').Where(line => line[0] is '+' or '-' && line[1] is not ('+' or '-'));
        Assert.Equal(
            ["-maybe chmod 0644 './conf.d/39.conf'", "+maybe chmod 0600 './lab.conf'", "+maybe chmod 0755 './spool'", "+maybe chmod 0755 './spool/lab'", "+mkdir -p './spool/lab'"],
            metadata.OrderBy(line => line.Split('\'')[1], StringComparer.Ordinal).ThenBy(line => line, StringComparer.Ordinal));
        Assert.False(Directory.Exists(Tree));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_cluster.Workspace.State.Layers), file => !file.EndsWith(".lock", StringComparison.Ordinal));
    }

    [Fact]
    public void Second_edit_has_the_layers_commit_and_upstreams_as_parents()
    {
        Edit("echo lab >>motd");
        var (first, second) = (Hub("rev-parse", "group/lab"), "");
        _cluster.Put("issue", "hello\n");
        second = _cluster.Commit("issue");
        Edit("test -f issue && echo 2 >>motd");

        Assert.Equal([first, second], Hub("rev-parse", "group/lab^@").Split('\n'));
        Assert.Equal(["M\tmotd"], Hub("diff", "--name-status", "upstream", "group/lab").Split('\n'));
        var log = JsonDocument.Parse(CommandLine.InOrder(_cluster, "layer", "log", "group/lab", "--json").Out).RootElement;
        Assert.Equal([Hub("rev-parse", "group/lab"), first], log.GetProperty("commits").EnumerateArray().Select(commit => commit.GetProperty("id").GetString()!));
    }

    [Fact]
    public void Nothing_changed_commits_nothing()
    {
        Assert.Contains("Nothing was changed", Edit("touch motd; echo x >.motd.swp; echo 1 >run.cache").Out, StringComparison.Ordinal);
        Assert.Empty(_cluster.Workspace.Hub.Layers());
        Edit("echo lab >>motd");
        var tip = Hub("rev-parse", "group/lab");
        _cluster.Put("issue", "hello\n");
        _cluster.Commit("issue");
        Edit("true");
        Assert.Equal(tip, Hub("rev-parse", "group/lab"));
    }

    [Fact]
    public void Command_that_does_not_exist_leaves_no_edit()
    {
        var answer = CommandLine.Run("--root", _cluster.Root, "layer", "edit", "lab", "--", "no-such-command");

        Assert.Equal(1, answer.Code);
        Assert.Equal("'no-such-command' cannot be started: No such file or directory. Nothing was committed; group/lab is as it was.", answer.Error.TrimEnd());
        Assert.False(Directory.Exists(Tree));
    }

    [Fact]
    public void File_that_upstream_ignores_is_named_and_left_out()
    {
        var edit = Edit("echo 1 >my.cache; echo 1 >my.conf; mkfifo pipe");
        Assert.Contains("left out my.cache", edit.Error, StringComparison.Ordinal);
        Assert.Contains("left alone pipe", edit.Error, StringComparison.Ordinal);
        Assert.Equal("A\tmy.conf", Hub("diff", "--name-status", "upstream", "group/lab", "--", ".", ":!.etckeeper"));
    }

    [Fact]
    public void Work_tree_has_modes_and_owners_and_nobody_else_can_enter()
    {
        Edit("stat -c '%a %U:%G' shadow .. >>motd; stat -c %a opt motd >>motd");
        var owner = Environment.IsPrivilegedProcess ? "root:shadow" : $"{Environment.UserName}:{Tool.Run("id", "-gn").Trim()}";
        var directory = Environment.IsPrivilegedProcess ? "root:root" : owner;
        Assert.Equal(["640 " + owner, "700 " + directory, "755", "644"], Hub("show", "group/lab:motd").Split('\n')[^4..]);
    }

    [Fact]
    public void Mode_alone_is_a_change()
    {
        Assert.Contains(": motd.", Edit("chmod 600 motd").Out, StringComparison.Ordinal);
        Assert.Equal(".etckeeper", Hub("diff", "--name-only", "upstream", "group/lab"));
        Assert.Contains("motd: mode 0644 becomes 0600", CommandLine.InOrder(_cluster, "layer", "show", "lab").Out, StringComparison.Ordinal);
        _cluster.Sync();
        Assert.Equal(("600", "644"), (_cluster.Attributes("pc01", "motd").Split(' ')[0], _cluster.Attributes("pc03", "motd").Split(' ')[0]));
    }

    [Fact]
    public void Directory_that_holds_only_ignored_files_keeps_its_record()
    {
        using var cluster = new Cluster(["pc01:lab"], firstCommit: cluster =>
        {
            cluster.Put("state/daemon.cache", "1\n");
            cluster.Put("other/daemon.cache", "1\n");
        });
        CommandLine.InOrder(cluster, "layer", "edit", "lab", "--", "/bin/sh", "-c", "echo 1 >>motd; mkdir other; echo 1 >other/x");
        Assert.Equal("A\tother/x", Tool.Run("git", "--git-dir", cluster.Workspace.Hub.GitDirectory, "diff", "--name-status", "upstream", "group/lab", "--", ".", ":!.etckeeper", ":!motd").Trim());
        Assert.Equal("+maybe chmod 0644 'other/x'", Tool.Run("git", "--git-dir", cluster.Workspace.Hub.GitDirectory, "diff", "-U0", "upstream", "group/lab", "--", ".etckeeper").Trim().Split('\n')[^1]);
    }

    [Fact]
    public void Command_that_fails_commits_nothing_and_the_edit_can_go_on()
    {
        var failed = CommandLine.On(_cluster, "layer", "edit", "lab", "--", "/bin/sh", "-c", "echo lab >>motd; exit 3");
        Assert.Equal(1, failed.Code);
        Assert.Contains("returned 3", failed.Error, StringComparison.Ordinal);
        Assert.Empty(_cluster.Workspace.Hub.Layers());

        var again = CommandLine.On(_cluster, "layer", "edit", "lab");
        Assert.Equal(2, again.Code);
        Assert.Contains("--continue", again.Error, StringComparison.Ordinal);
        Assert.Contains("ada", again.Error, StringComparison.Ordinal);

        CommandLine.InOrder(_cluster, "layer", "edit", "lab", "--continue", "--message", "second try", "--", "/bin/sh", "-c", "echo more >>motd");
        Assert.EndsWith("lab\nmore", Hub("show", "group/lab:motd"), StringComparison.Ordinal);
        Assert.Equal("second try", Hub("log", "-1", "--format=%s", "group/lab"));
    }

    [Fact]
    public void Interrupted_edit_can_be_dropped()
    {
        CommandLine.On(_cluster, "layer", "edit", "lab", "--", "false");
        Assert.True(Directory.Exists(Tree));
        CommandLine.InOrder(_cluster, "layer", "edit", "lab", "--discard");
        Assert.False(Directory.Exists(Tree));
        Assert.Equal(1, CommandLine.On(_cluster, "layer", "edit", "lab", "--discard").Code);
        Assert.Equal(1, CommandLine.On(_cluster, "layer", "edit", "lab", "--continue").Code);
    }

    [Fact]
    public void Layer_that_was_moved_meanwhile_is_not_overwritten()
    {
        Edit("echo one >>motd");
        var result = CommandLine.On(_cluster, "layer", "edit", "lab", "--", "/bin/sh", "-c",
            $"echo two >>motd; git --git-dir '{_cluster.Workspace.Hub.GitDirectory}' update-ref refs/heads/group/lab refs/heads/upstream");
        Assert.Equal(1, result.Code);
        Assert.Contains("Somebody else moved group/lab", result.Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Tree));
    }

    [Fact]
    public void Group_without_clients_is_warned_about_and_names_are_checked()
    {
        var edit = CommandLine.InOrder(_cluster, "layer", "edit", "lap", "--", "/bin/sh", "-c", "echo 1 >x");
        Assert.Contains("Did you mean 'lab'?", edit.Error, StringComparison.Ordinal);
        Assert.Equal(1, CommandLine.On(_cluster, "layer", "edit", "../x", "--", "true").Code);
        var missing = CommandLine.On(_cluster, "layer", "show", "lab");
        Assert.Equal(1, missing.Code);
        Assert.Contains("Did you mean 'lap'?", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_hides_secrets_and_list_counts()
    {
        Edit("echo '$6$hash' >>shadow; echo lab >>motd");
        var show = CommandLine.InOrder(_cluster, "layer", "show", "lab").Out;
        Assert.Contains("+lab", show, StringComparison.Ordinal);
        Assert.Contains("shadow: changed; its content is secret.", show, StringComparison.Ordinal);
        Assert.DoesNotContain("$6$hash", show, StringComparison.Ordinal);
        Assert.DoesNotContain("$6$hash", CommandLine.InOrder(_cluster, "layer", "show", "lab", "--json").Out, StringComparison.Ordinal);

        var layer = JsonDocument.Parse(CommandLine.InOrder(_cluster, "layer", "list", "--json").Out).RootElement.GetProperty("layers")[0];
        Assert.Equal(["pc01", "pc02"], layer.GetProperty("clients").EnumerateArray().Select(name => name.GetString()!));
        Assert.Equal(["motd", "shadow"], layer.GetProperty("paths").EnumerateArray().Select(name => name.GetString()!));
        Assert.Equal(1, layer.GetProperty("commits").GetInt32());
        Assert.Matches(@"group/lab +2 paths.* +0 +1 +[0-9a-f]{10} +in use", CommandLine.InOrder(_cluster, "layer", "list").Out);
    }

    public void Dispose() => _cluster.Dispose();

    private CommandOutput Edit(string commands) => CommandLine.InOrder(_cluster, "layer", "edit", "lab", "--", "/bin/sh", "-ec", commands);

    private string Hub(params string[] arguments) => Tool.Run("git", ["--git-dir", _cluster.Workspace.Hub.GitDirectory, .. arguments]).Trim();
}
