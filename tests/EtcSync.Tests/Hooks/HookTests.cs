using System.Diagnostics;
using EtcSync.Cli;
using EtcSync.Tests.Cli;
using EtcSync.Tests.Clients;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Hooks;

/// <summary>The hook as git runs it: the real etckeeper's own script before it, and the program as a shell finds it.</summary>
public sealed class HookTests
{
    private const string Disputed = "new\ntwo\nthree\nfour\nfive\n";

    [Fact]
    public void Warning_tellsTheConflict_andTheCommitIsMade()
    {
        using var cluster = Prepared();
        InOrder(cluster, "hook", "install");
        cluster.Put("motd", Disputed);
        var commit = Commit(cluster, ["-a"]);
        Assert.Equal(0, commit.Code);
        Assert.Contains("this commit would bring conflicts", commit.Error, StringComparison.Ordinal);
        Assert.Contains("motd on pc02: Both sides changed the same lines", commit.Error, StringComparison.Ordinal);
        Assert.InRange(commit.Error.Split('\n').Length, 1, 20);
        AssertCommittedByEtckeeper(cluster);
    }

    [Fact]
    public void Enforcing_refusesAConflict_andNothingElse()
    {
        using var cluster = Prepared();
        InOrder(cluster, "hook", "install", "--enforce");
        cluster.Put("conf.d/03.conf", "other\n");
        var clean = Commit(cluster, ["-a"]);
        Assert.Equal((0, ""), (clean.Code, clean.Error));
        AssertCommittedByEtckeeper(cluster);

        var head = Head(cluster);
        cluster.Put("motd", Disputed);
        var refused = Commit(cluster, ["-a"]);
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("The commit is refused", refused.Error, StringComparison.Ordinal);
        Assert.Equal(head, Head(cluster));
        Assert.Equal(Disputed, File.ReadAllText(cluster.UpstreamPath("motd")));
        Assert.Equal(0, Commit(cluster, ["-a", "--no-verify"]).Code);
    }

    [Fact]
    public void CommitOfSomePaths_isJudgedByThesePaths()
    {
        using var cluster = Prepared();
        InOrder(cluster, "hook", "install", "--enforce");
        cluster.Put("motd", Disputed);
        cluster.Put("conf.d/03.conf", "other\n");
        Assert.Equal(0, Commit(cluster, ["--", "conf.d/03.conf"]).Code);
        Assert.NotEqual(0, Commit(cluster, ["--", "motd"]).Code);
        // What is staged is judged, and not what is in the work tree beside it.
        cluster.Put("conf.d/04.conf", "other\n");
        Tool.Git(cluster.Upstream, "add", "conf.d/04.conf");
        Assert.Equal(0, Commit(cluster, []).Code);
    }

    [Fact]
    public void ForecastOfWhatIsStaged_isOfTheTreeThatEtckeeperCommits()
    {
        using var cluster = Prepared();
        cluster.Put("added", "x\n", 0x180);
        cluster.UpstreamShell("git add added; chmod 750 ssh; mkdir -p new/empty; echo x >untracked");
        var staged = TreeOf(cluster, "--staged");
        Assert.Equal(0, Commit(cluster, [], withProgram: false).Code);
        Assert.Equal(Tool.Git(cluster.Upstream, "rev-parse", "HEAD^{tree}").Trim(), staged);

        cluster.UpstreamShell("rm motd; echo y >conf.d/03.conf; chmod 755 conf.d/04.conf; echo z >ignored.cache; rmdir new/empty");
        var all = TreeOf(cluster, "--worktree");
        Tool.Git(cluster.Upstream, "add", "-A");
        Assert.Equal(0, Commit(cluster, [], withProgram: false).Code);
        Assert.Equal(Tool.Git(cluster.Upstream, "rev-parse", "HEAD^{tree}").Trim(), all);

        static string? TreeOf(Cluster cluster, string option) => cluster.Cli("plan", option, "--json").Json.GetProperty("candidate").GetProperty("tree").GetString();
    }

    [Fact]
    public void WithoutTheProgram_asInsideTheSharedRoot_theHookDoesNothingAndSucceeds()
    {
        using var cluster = Prepared();
        InOrder(cluster, "hook", "install", "--enforce");
        cluster.Put("motd", Disputed);
        var commit = Commit(cluster, ["-a"], withProgram: false);
        Assert.Equal((0, ""), (commit.Code, commit.Error));
        AssertCommittedByEtckeeper(cluster);
    }

    [Fact]
    public void ProgramWithoutConfiguration_orOnAnotherRepository_saysNothing()
    {
        using var cluster = Prepared();
        InOrder(cluster, "hook", "install", "--enforce");
        var hook = Path.Combine(cluster.Upstream, ".git/hooks/pre-commit");
        var other = Path.Combine(cluster.Root, "other");
        Tool.Run("git", "clone", "-q", cluster.Upstream, other);
        Directory.CreateDirectory(Path.Combine(other, ".git/hooks"));
        File.Copy(hook, Path.Combine(other, ".git/hooks/pre-commit"));
        File.WriteAllText(Path.Combine(other, "motd"), Disputed);
        var elsewhere = Commit(cluster, ["-a"], directory: other);
        Assert.Equal((0, ""), (elsewhere.Code, elsewhere.Error));

        Directory.Move(Path.Combine(cluster.Root, "etc/etcsync"), Path.Combine(cluster.Root, "etc/away"));
        cluster.Put("motd", Disputed);
        var unconfigured = Commit(cluster, ["-a"]);
        Assert.Equal((0, ""), (unconfigured.Code, unconfigured.Error));
    }

    [Fact]
    public void ProgramThatFails_warns_andDoesNotStopTheCommit()
    {
        using var cluster = Prepared();
        InOrder(cluster, "hook", "install", "--enforce");
        File.AppendAllText(Path.Combine(cluster.Root, "etc/etcsync/etcsync.yaml"), "nonsense: 1\n");
        cluster.Put("motd", Disputed);
        var commit = Commit(cluster, ["-a"]);
        Assert.Equal(0, commit.Code);
        Assert.Contains("nonsense", commit.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherBranch_isNotJudged()
    {
        using var cluster = Prepared();
        InOrder(cluster, "hook", "install", "--enforce");
        Tool.Git(cluster.Upstream, "switch", "-q", "-c", "try");
        cluster.Put("motd", Disputed);
        Assert.Equal(0, Commit(cluster, ["-a"]).Code);
    }

    [Fact]
    public void ForeignCheckThatFails_stillStopsTheCommit()
    {
        using var cluster = Prepared();
        File.WriteAllText(Path.Combine(cluster.Upstream, ".git/hooks/pre-commit"), "#!/bin/sh\ngrep -q allowed motd\n");
        InOrder(cluster, "hook", "install");
        cluster.Put("conf.d/03.conf", "other\n");
        Assert.NotEqual(0, Commit(cluster, ["-a"]).Code);
    }

    [Fact]
    public void Removing_restoresTheHookToTheByte_withOwnerAndMode()
    {
        using var cluster = Prepared();
        var hook = Path.Combine(cluster.Upstream, ".git/hooks/pre-commit");
        Tool.Run("chmod", "750", hook);
        if (Environment.IsPrivilegedProcess) Tool.Run("chown", "6:12", hook);
        var (before, attributes) = (File.ReadAllBytes(hook), Tool.Run("stat", "-c", "%a %u:%g", hook));
        InOrder(cluster, "hook", "install");
        Assert.Contains("told, and made all the same", InOrder(cluster, "hook", "show").Out, StringComparison.Ordinal);
        var installed = File.ReadAllBytes(hook);
        Assert.Contains("does it already", InOrder(cluster, "hook", "install").Out, StringComparison.Ordinal);
        Assert.Equal(installed, File.ReadAllBytes(hook));
        InOrder(cluster, "hook", "install", "--enforce");
        Assert.Contains("is refused", InOrder(cluster, "hook", "show").Out, StringComparison.Ordinal);
        Assert.Equal(attributes, Tool.Run("stat", "-c", "%a %u:%g", hook));
        InOrder(cluster, "hook", "remove");
        Assert.Equal(before, File.ReadAllBytes(hook));
        Assert.Equal(attributes, Tool.Run("stat", "-c", "%a %u:%g", hook));
        InOrder(cluster, "hook", "remove");
    }

    [Fact]
    public void NoHook_isMade_andIsGoneAgainAfterwards()
    {
        using var cluster = Prepared();
        var hook = Path.Combine(cluster.Upstream, ".git/hooks/pre-commit");
        Directory.Delete(Path.GetDirectoryName(hook)!, recursive: true);
        InOrder(cluster, "hook", "install", "--enforce");
        cluster.Put("motd", Disputed);
        Assert.NotEqual(0, Commit(cluster, ["-a"]).Code);
        InOrder(cluster, "hook", "remove");
        Assert.False(File.Exists(hook));
    }

    [Theory]
    [InlineData("printf '#!/usr/bin/python3\\n' >pre-commit", "no shell script")]
    [InlineData("printf '#!/bin/sh\\nexec true\\n' >pre-commit", "exec true")]
    [InlineData("chmod 644 pre-commit", "not executable")]
    [InlineData("mv pre-commit elsewhere; ln -s elsewhere pre-commit", "no regular file")]
    [InlineData("git config core.hooksPath /nowhere", "core.hooksPath")]
    public void WhatCannotBeExtendedSafely_isLeftAlone(string commands, string reason)
    {
        using var cluster = Prepared();
        cluster.UpstreamShell($"cd .git/hooks; {commands}");
        var before = Tool.Run("/bin/bash", "-c", $"ls -l '{cluster.Upstream}/.git/hooks'; cat '{cluster.Upstream}'/.git/hooks/pre-commit");
        var answer = cluster.Cli("hook", "install");
        Assert.Equal(ExitCode.Failed, answer.Code);
        Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
        Assert.Equal(before, Tool.Run("/bin/bash", "-c", $"ls -l '{cluster.Upstream}/.git/hooks'; cat '{cluster.Upstream}'/.git/hooks/pre-commit"));
    }

    [Fact]
    public void HooksPath_thatNamesTheUsualPlace_isNoOtherPlace()
    {
        using var cluster = Prepared();
        cluster.UpstreamShell("git config core.hooksPath .git/hooks");
        Assert.Equal(ExitCode.InOrder, cluster.Cli("hook", "install").Code);
    }

    // pc02 has changed the first line of motd; upstream has etckeeper's own hook.
    private static Cluster Prepared()
    {
        var cluster = new Cluster(["pc01", "pc02"]);
        cluster.Sync();
        cluster.Write("pc02", "motd", "mine\ntwo\nthree\nfour\nfive\n");
        cluster.Sync();
        RealEtckeeper.InstallHook(cluster.Upstream);
        return cluster;
    }

    private static Answer InOrder(Cluster cluster, params string[] arguments)
    {
        var answer = cluster.Cli(arguments);
        Assert.True(answer.Code == 0, answer.Error + answer.Out);
        return answer;
    }

    private static string Head(Cluster cluster) => Tool.Git(cluster.Upstream, "rev-parse", "HEAD");

    // What etckeeper's part of the hook has written is in the commit.
    private static void AssertCommittedByEtckeeper(Cluster cluster) =>
        Assert.Equal(File.ReadAllText(cluster.UpstreamPath(".etckeeper")), Tool.Git(cluster.Upstream, "show", "HEAD:.etckeeper"));

    private static (int Code, string Error) Commit(Cluster cluster, string[] arguments, bool withProgram = true, string? directory = null)
    {
        var start = new ProcessStartInfo("git") { UseShellExecute = false, RedirectStandardError = true, WorkingDirectory = directory ?? cluster.Upstream };
        foreach (var argument in (string[])["-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "gc.auto=0", "commit", "-q", "-m", "message", .. arguments]) start.ArgumentList.Add(argument);
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        RealEtckeeper.AddTo(start.Environment);
        if (withProgram) start.Environment["PATH"] = $"{AppContext.BaseDirectory.TrimEnd('/')}:{start.Environment["PATH"]}";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
