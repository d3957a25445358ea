using System.Text.Json;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Fleet;
using EtcSync.FileSystem;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class ReportTests
{
    [Fact]
    public void Status_of_a_client_without_a_clone_is_missing()
    {
        using var cluster = new Cluster(["pc01"]);

        var answer = cluster.Cli("status", "--json");

        Assert.Equal(0, answer.Code);
        Assert.Equal(1, answer.Json.GetProperty("version").GetInt32());
        var client = Assert.Single(answer.Json.GetProperty("clients").EnumerateArray());
        Assert.Equal("missing", client.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, client.GetProperty("upstream").ValueKind);
    }

    [Fact]
    public void Status_json_has_the_documented_fields()
    {
        using var cluster = new Cluster(["pc01"]);
        Assert.Equal(0, cluster.Cli("sync").Code);

        var client = Assert.Single(cluster.Cli("status", "--json").Json.GetProperty("clients").EnumerateArray());

        Assert.Equal("pc01", client.GetProperty("name").GetString());
        Assert.Equal("synced", client.GetProperty("state").GetString());
        Assert.Equal(Tool.Git(cluster.Upstream, "rev-parse", "HEAD").Trim(), client.GetProperty("upstream").GetString());
        Assert.Equal(cluster.GitOf("pc01", "rev-parse", "client/pc01").Trim(), client.GetProperty("head").GetString());
        Assert.Empty(client.GetProperty("overrides").EnumerateArray());
        Assert.Empty(client.GetProperty("conflicts").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, client.GetProperty("reason").ValueKind);
    }

    [Fact]
    public void Status_tells_every_state()
    {
        using var cluster = new Cluster(["behind", "conflicted", "drifted", "failed", "held", "new", "gone"]);
        Assert.Equal(0, cluster.Cli("sync", "behind", "conflicted", "drifted", "failed", "held", "gone").Code);
        File.AppendAllText(cluster.ClientPath("conflicted", "motd"), "mine\n");
        File.AppendAllText(cluster.ClientPath("drifted", "conf.d/01.conf"), "mine\n");
        Directory.Delete(cluster.ClientPath("gone"), recursive: true);
        File.WriteAllText(Path.Combine(cluster.GitDirectory("failed"), "refs/heads/client/failed"), "nonsense");
        Assert.Equal(0, cluster.Cli("hold", "held", "--reason", "It is on loan.").Code);
        File.AppendAllText(cluster.UpstreamPath("motd"), "theirs\n");
        cluster.Commit("motd");

        var answer = cluster.Cli("status", "--json");

        Assert.Equal(1, answer.Code);
        var states = answer.Json.GetProperty("clients").EnumerateArray().ToDictionary(client => client.GetProperty("name").GetString()!, client => client.GetProperty("state").GetString());
        Assert.Equal(
            new Dictionary<string, string?> { ["behind"] = "behind", ["conflicted"] = "conflicted", ["drifted"] = "drifted", ["failed"] = "failed", ["gone"] = "missing", ["held"] = "held", ["new"] = "missing" },
            states);
        Assert.Contains("It is on loan.", answer.Out, StringComparison.Ordinal);
        Assert.Equal(2, cluster.Cli("status", "held").Code);
        Assert.Equal(0, cluster.Cli("status", "behind", "drifted").Code);
    }

    [Fact]
    public void Status_says_whether_a_controller_runs()
    {
        using var cluster = new Cluster(["pc01"]);
        Assert.False(cluster.Cli("status", "--json").Json.GetProperty("controller").GetProperty("running").GetBoolean());
        cluster.Workspace.State.Prepare();
        var held = Assert.IsType<LockOutcome.Acquired>(LockFile.TryAcquire(cluster.Workspace.State.ControllerLock, "etcsync run"));

        using (held.Lock)
        {
            var controller = cluster.Cli("status", "--json").Json.GetProperty("controller");
            Assert.True(controller.GetProperty("running").GetBoolean());
            Assert.Equal(Environment.ProcessId, controller.GetProperty("process").GetInt32());
        }
    }

    [Fact]
    public void Uncommitted_changes_of_upstream_are_told_and_not_rolled_out()
    {
        using var cluster = new Cluster(["pc01"]);
        File.AppendAllText(cluster.UpstreamPath("motd"), "half done\n");

        var answer = cluster.Cli("sync");

        Assert.Contains("1 uncommitted change in upstream is not rolled out (motd).", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("half done", cluster.Read("pc01", "motd"), StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_changes_nothing()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);
        Assert.Equal(0, cluster.Cli("sync", "pc01").Code);
        File.AppendAllText(cluster.ClientPath("pc01", "motd"), "mine\n");
        File.AppendAllText(cluster.UpstreamPath("conf.d/03.conf"), "more\n");
        cluster.Commit("conf");
        var before = CommandLine.Fingerprint(cluster.Root);

        var first = cluster.Cli("plan");
        var second = cluster.Cli("plan");

        Assert.Equal(0, first.Code);
        Assert.Equal(first, second);
        Assert.Equal(before, CommandLine.Fingerprint(cluster.Root));
        Assert.Matches(@"commit +drift: changed motd", first.Out);
        Assert.Matches(@"take +changed conf\.d/03\.conf", first.Out);
        Assert.Matches(@"clone +make it from upstream", first.Out);
    }

    [Fact]
    public void Commit_on_the_branch_is_planned_and_told()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);
        cluster.Cli("sync");
        var clone = Path.Combine(cluster.Root, "pushed");
        Tool.Run("git", "clone", "--quiet", cluster.GitDirectory("pc01"), clone);
        File.WriteAllText(Path.Combine(clone, "issue"), "pushed\n");
        Tool.Git(clone, "add", "issue");
        Tool.Git(clone, "-c", "user.name=t", "-c", "user.email=t@t", "commit", "--quiet", "-m", "issue");
        Tool.Git(clone, "push", "--quiet");

        var plan = cluster.Cli("plan", "pc01");

        Assert.Matches("write +added issue", plan.Out);
        Assert.DoesNotContain("as it should be", plan.Out, StringComparison.Ordinal);
        Assert.Contains(" sync pc01' does it", plan.Out, StringComparison.Ordinal);
        Assert.Matches("pc01 +behind", cluster.Cli("status").Out);
        Assert.Matches("pc02 +synced", cluster.Cli("status").Out);
        cluster.Cli("sync", "pc01");
        Assert.Equal("pushed\n", cluster.Read("pc01", "issue"));
        Assert.Matches("pc01 +synced", cluster.Cli("status").Out);
    }

    [Fact]
    public void Plan_names_the_empty_directories_of_a_layer()
    {
        using var cluster = new Cluster(["pc01:lab"]);
        cluster.Cli("sync");
        cluster.Cli("layer", "edit", "lab", "--", "mkdir", "-p", "spool/lab");

        Assert.Matches("make +spool/lab/", cluster.Cli("plan").Out);
    }

    [Fact]
    public void Plan_shows_once_what_is_the_same_for_many()
    {
        using var cluster = new Cluster(["pc01", "pc02", "pc03"]);
        cluster.Cli("sync");
        File.AppendAllText(cluster.ClientPath("pc03", "motd"), "mine\n");
        cluster.Put("conf.d/03.conf", "value=new\n");
        cluster.Commit("conf");

        var answer = cluster.Cli("plan");

        Assert.Contains("pc01, pc02  (2 clients)", answer.Out, StringComparison.Ordinal);
        Assert.Equal(2, answer.Out.Split("conf.d/03.conf").Length - 1);
    }

    [Fact]
    public void Plan_shows_what_a_client_loses_that_leaves_a_group()
    {
        using var cluster = new Cluster(["pc01:lab"]);
        new FleetObserver(cluster.Workspace).Take([], acceptRewrite: false, CancellationToken.None);
        AddLayer(cluster.Workspace, "lab", "motd", "for the lab\n");
        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.Equal("for the lab\n", cluster.Read("pc01", "motd"));
        cluster.SetGroups("pc01");

        var answer = cluster.Cli("plan");

        Assert.Matches(@"leave +group/lab", answer.Out);
        Assert.Matches(@"take +changed motd +\(no longer from group/lab\)", answer.Out);
        Assert.Equal("for the lab\n", cluster.Read("pc01", "motd"));
        var client = Assert.Single(cluster.Cli("plan", "--json").Json.GetProperty("clients").EnumerateArray());
        Assert.Equal("lab", Assert.Single(client.GetProperty("leaves").EnumerateArray()).GetString());
    }

    [Fact]
    public void Diff_shows_overrides_and_hides_secrets()
    {
        using var cluster = new Cluster(["pc01"], policies: "version: 1\nrules:\n  - {path: ssh/sshd_config, secret: true}\n");
        cluster.Cli("sync");
        File.AppendAllText(cluster.ClientPath("pc01", "motd"), "six \u001b[31mred\n");
        File.AppendAllText(cluster.ClientPath("pc01", "ssh/sshd_config"), "hidden\n");
        cluster.Cli("sync");

        var answer = cluster.Cli("diff", "pc01", "motd", "/etc/ssh/");

        Assert.Equal(0, answer.Code);
        Assert.Contains("+six \u001b[31mred\n", answer.Out, StringComparison.Ordinal);
        Assert.Contains("ssh/sshd_config: changed; it differs (secret)", answer.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", answer.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("hostname", answer.Out, StringComparison.Ordinal);
        var shown = CommandLine.Run(terminal => terminal with { OutIsTerminal = true }, "--root", cluster.Root, "diff", "pc01", "motd");
        Assert.Contains("+six \\x1b[31mred", shown.Out, StringComparison.Ordinal);
        var paths = cluster.Cli("diff", "pc01", "--json").Json.GetProperty("paths").EnumerateArray().ToDictionary(path => path.GetProperty("path").GetString()!, path => path.GetProperty("secret").GetBoolean());
        Assert.True(paths["ssh/sshd_config"]);
        Assert.False(paths["motd"]);
    }

    [Fact]
    public void Log_shows_the_clients_own_commits()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");
        File.AppendAllText(cluster.ClientPath("pc01", "motd"), "mine\n");
        cluster.Put("conf.d/03.conf", "value=new\n");
        cluster.Commit("conf");
        cluster.Cli("sync");

        var commits = cluster.Cli("log", "pc01", "--json").Json.GetProperty("commits").EnumerateArray().Select(commit => commit.GetProperty("subject").GetString()!).ToList();

        Assert.Equal(3, commits.Count);
        Assert.StartsWith("Merge upstream", commits[0], StringComparison.Ordinal);
        Assert.Equal("pc01 changed motd", commits[1]);
        Assert.Equal("Identity of pc01", commits[2]);
        Assert.Single(cluster.Cli("log", "pc01", "-n", "1", "--json").Json.GetProperty("commits").EnumerateArray());
        Assert.Equal(1, cluster.Cli("log", "pc01", "-n", "0").Code);
    }

    [Fact]
    public void Git_passes_its_exit_code_through()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.Cli("sync");

        Assert.Equal(0, cluster.Cli("git", "pc01", "--", "diff", "--quiet").Code);
        Assert.Equal(0, cluster.Cli("git", "pc01", "rev-parse", "--quiet", "--verify", "HEAD").Code);
        Assert.Equal(1, cluster.Cli("git", "pc01", "--", "rev-parse", "--quiet", "--verify", "nothing").Code);
    }

    private static void AddLayer(Workspace workspace, string group, string path, string content)
    {
        var hub = workspace.Hub;
        var tip = hub.State().Tip!.Value;
        string Git(params string[] arguments) => Tool.Run("git", ["-c", "user.name=t", "-c", "user.email=t@t", "--git-dir=" + hub.GitDirectory, .. arguments]).Trim();
        var file = Path.GetTempFileName();
        var index = Path.Combine(workspace.Locations.Root, "index");
        File.WriteAllText(file, content);
        var blob = Git("hash-object", "-w", file);
        Tool.Run("env", "GIT_INDEX_FILE=" + index, "git", "--git-dir=" + hub.GitDirectory, "read-tree", $"{tip}");
        Tool.Run("env", "GIT_INDEX_FILE=" + index, "git", "--git-dir=" + hub.GitDirectory, "update-index", "--cacheinfo", $"100644,{blob},{path}");
        var tree = Tool.Run("env", "GIT_INDEX_FILE=" + index, "git", "--git-dir=" + hub.GitDirectory, "write-tree").Trim();
        var commit = Git("commit-tree", tree, "-p", $"{tip}", "-m", "layer");
        File.Delete(file);
        File.Delete(index);
        Assert.True(hub.TryMoveLayer(GroupName.Parse(group).Value, null, ObjectId.Parse(commit)));
    }
}
