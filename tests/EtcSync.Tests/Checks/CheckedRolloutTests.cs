using System.Diagnostics;
using EtcSync.Clients;
using EtcSync.Core.Merging;
using EtcSync.FileSystem;
using EtcSync.Tests.Cli;
using EtcSync.Tests.Clients;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Checks;

/// <summary>Rollouts of files that a program of the shared root is asked about first.</summary>
public sealed class CheckedRolloutTests
{
    private const string Good = "root ALL=(ALL) ALL\n@includedir /etc/sudoers.d\n";
    private const string Bad = "root ALL=(ALL ALL\n@includedir /etc/sudoers.d\n";

    [Fact]
    public void WhatTheCheckRefuses_isAConflictWithItsWords_theRestIsApplied_andItHealsByItself()
    {
        using var cluster = Make();
        cluster.SyncWell();
        cluster.Put("sudoers", Bad, 0x120);
        cluster.Put("motd", "news\n");
        cluster.Commit("a slip");
        Assert.Contains("/etc/sudoers:1", cluster.Cli("plan").Out, StringComparison.Ordinal);
        var conflict = Assert.Single(cluster.SyncOf("one").Conflicts);
        Assert.Equal(("sudoers", ConflictKind.CheckFailed), (conflict.Path.Value, conflict.Kind));
        Assert.StartsWith("'visudo -c -f /etc/sudoers' refuses the merged files: /etc/sudoers:1", conflict.Reason, StringComparison.Ordinal);
        Assert.Equal((Good, "news\n"), (cluster.Read("one", "sudoers"), cluster.Read("one", "motd")));
        Assert.Contains("syntax error", cluster.Cli("status").Out, StringComparison.Ordinal);
        cluster.Put("sudoers", Good + "# mended\n", 0x120);
        cluster.Commit("mended");
        cluster.SyncWell();
        Assert.Equal(Good + "# mended\n", cluster.Read("one", "sudoers"));
    }

    [Fact]
    public void CheckThatDoesNotEnd_isNoFaultThatWasThereBefore()
    {
        using var cluster = Make("version: 1\nrules:\n  - {path: motd, check: [sleep, '100.0412']}\n");
        cluster.Put("motd", "old\n");
        cluster.SyncWell();
        cluster.Put("motd", "news\n");
        cluster.Commit("unchecked");
        Assert.Contains("did not come to an end", Assert.Single(cluster.SyncOf("one").Conflicts).Reason, StringComparison.Ordinal);
        Assert.NotEqual("news\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void NewContentFromAPerson_isTaken_ifTheCheckAcceptsIt()
    {
        using var cluster = Make();
        cluster.SyncWell();
        cluster.Put("sudoers", Bad, 0x120);
        cluster.Commit("a slip");
        var id = Assert.Single(cluster.SyncOf("one").Conflicts).Keys.Single().Id;
        var file = Path.Combine(cluster.Root, "answer");
        File.WriteAllText(file, Bad + "# still wrong\n");
        Assert.NotEqual(0, cluster.Cli("resolve", id, "--file", file).Code);
        Assert.Equal(Good, cluster.Read("one", "sudoers"));
        File.WriteAllText(file, Good + "# by hand\n");
        Assert.Equal((0, ""), (cluster.Cli("resolve", id, "--file", file) is var answer ? answer.Code : -1, answer.Error));
        Assert.Equal(Good + "# by hand\n", cluster.Read("one", "sudoers"));
    }

    [Fact]
    public void Slip_isForetoldBeforeItIsCommitted()
    {
        using var cluster = Make();
        cluster.SyncWell();
        cluster.Put("sudoers", Bad, 0x120);
        var answer = cluster.Cli("plan", "--worktree");
        Assert.Equal(2, answer.Code);
        Assert.Contains("'visudo -c -f /etc/sudoers' refuses it: /etc/sudoers:1", answer.Out, StringComparison.Ordinal);
        cluster.Put("sudoers", Good + "# mended\n", 0x120);
        Assert.Equal(0, cluster.Cli("plan", "--worktree").Code);
    }

    [Fact]
    public void UpstreamsOwnPath_isHeldToo()
    {
        using var cluster = Make("version: 1\nrules:\n  - paths: [sudoers, sudoers.d/]\n    class: upstream\n");
        cluster.SyncWell();
        cluster.Put("sudoers", Bad, 0x120);
        cluster.Commit("a slip");
        Assert.Equal(ConflictKind.CheckFailed, Assert.Single(cluster.SyncOf("one").Conflicts).Kind);
        Assert.Equal(Good, cluster.Read("one", "sudoers"));
    }

    [Fact]
    public void UpstreamsOwnPath_thatARuleLeavesToTheClientThen_isSettledOnce_andNotInEveryPass()
    {
        using var cluster = Make("version: 1\nrules:\n  - paths: [sudoers, sudoers.d/]\n    class: upstream\n    on-conflict: client\n");
        cluster.SyncWell();
        cluster.Put("sudoers", Bad, 0x120);
        cluster.Commit("a slip");
        Assert.True(Assert.Single(cluster.SyncOf("one").Settled).KeepsClient);
        var again = cluster.SyncOf("one");
        Assert.Equal((OutcomeKind.Unchanged, 0), (again.Kind, again.Settled.Length));
        Assert.Equal(Good, cluster.Read("one", "sudoers"));
    }

    [Fact]
    public void WhatOnlyTheMergeMakesWrong_isFound()
    {
        using var cluster = Make();
        cluster.SyncWell();
        File.WriteAllText(cluster.ClientPath("one", "sudoers.d/alias"), "User_Alias OPERATORS = ada\n");
        cluster.SyncWell();
        cluster.Put("sudoers.d/operators", "User_Alias OPERATORS = bob\n", 0x120);
        cluster.Commit("an alias");
        Assert.Equal("sudoers.d/operators", Assert.Single(cluster.SyncOf("one").Conflicts).Path.Value);
    }

    [Fact]
    public void WhatWasWrongBefore_isNoReasonToHold_andIsSaid()
    {
        using var cluster = Make();
        cluster.SyncWell();
        File.WriteAllText(cluster.ClientPath("one", "sudoers.d/mine"), "what is this\n");
        cluster.SyncWell();
        cluster.Put("sudoers.d/other", "ada ALL=(ALL) ALL\n", 0x120);
        cluster.Commit("another");
        var outcome = cluster.SyncOf("one");
        Assert.Empty(outcome.Conflicts);
        Assert.Contains(outcome.Findings, finding => finding.Path == "sudoers.d/other" && finding.Message.Contains("said the same of the files before", StringComparison.Ordinal));
        Assert.Equal("ada ALL=(ALL) ALL\n", cluster.Read("one", "sudoers.d/other"));
    }

    [Theory]
    [InlineData("apply", false)]
    [InlineData("hold", true)]
    public void WhatCannotBeChecked_isSaidOnce_andAppliedOrHeldAsPolicySays(string answer, bool isHeld)
    {
        // A shared root without an /etc cannot be furnished.
        using var cluster = Make($"version: 1\nrules:\n  - path: sudoers\n    unchecked: {answer}\n", "  directory: /srv/root/etc\nroot: /srv/other\n");
        CheckerRoot.CopyTo(Path.Combine(cluster.Root, "srv/other"));
        Directory.Delete(Path.Combine(cluster.Root, "srv/other/etc"));
        cluster.SyncWell();
        cluster.Put("sudoers", Good + "# more\n", 0x120);
        cluster.Commit("more");
        var warning = cluster.Cli("plan").Error;
        Assert.Equal(2, warning.Split("could not be checked").Length);
        var outcome = cluster.SyncOf("one");
        Assert.Equal(isHeld ? OutcomeKind.Conflicted : OutcomeKind.Synced, outcome.Kind);
        Assert.All(outcome.Conflicts, conflict => Assert.Contains("could not be run", conflict.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void ProgramThatThisSiteNames_andTheRootLacks_isTold()
    {
        using var cluster = Make("version: 1\nrules:\n  - path: motd\n    check: [cowcheck, /etc/motd]\n");
        cluster.SyncWell();
        cluster.Put("motd", "moo\n");
        cluster.Commit("moo");
        var outcome = cluster.SyncOf("one");
        Assert.Empty(outcome.Conflicts);
        Assert.Contains(outcome.Findings, finding => finding.Message.Contains("no program 'cowcheck'", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatHasNoCheckThatChanges_isNotChecked()
    {
        using var cluster = Make("version: 1\nrules:\n  - path: sudoers\n    check: [sh, -c, 'exit 1']\n");
        cluster.SyncWell();
        cluster.Put("motd", "news\n");
        cluster.Commit("news");
        cluster.SyncWell();
        Assert.Equal("news\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public async Task WhatIsLeftWhileTheClientHoldsItsAccounts_isAnotherTree_andCheckedAnew()
    {
        using var cluster = Make("version: 1\nrules:\n  - path: motd\n    check: [sh, -c, 'read -r motd </etc/motd; [ $motd = news ] || exit 0; while read -r line; do case $line in news:*) exit 0; esac; done </etc/passwd; exit 1']\n");
        cluster.SyncWell();
        File.AppendAllText(cluster.UpstreamPath("passwd"), "news:*:9:0:news:/:/bin/false\n");
        cluster.Put("motd", "news\n");
        cluster.Commit("news, and who brings it");
        Assert.Equal(OpenOutcome.Opened, DirectoryDescriptor.OpenRoot(cluster.ClientPath("one"), out var top));
        using (top)
        using (Assert.IsType<PasswordLockOutcome.Acquired>(await PasswordLock.AcquireAsync(top!, TimeSpan.FromSeconds(5), TimeProvider.System, CancellationToken.None)).Lock)
        {
            Assert.Equal("motd", Assert.Single(cluster.SyncOf("one").Conflicts).Path.Value);
        }

        cluster.SyncWell();
        Assert.Equal("news\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void SyncThatIsKilled_takesItsChecksWithIt_andTheNextOneDoesTheRest()
    {
        using var cluster = Make("version: 1\nrules:\n  - path: motd\n    check: [sleep, '14.0412']\n");
        cluster.SyncWell();
        cluster.Put("motd", "news\n");
        cluster.Commit("news");
        using (var sync = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "etcsync"), ["--root", cluster.Root, "sync"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            for (var i = 0; i < 300 && !Running.Now("14.0412"); i++) Thread.Sleep(100);
            Assert.True(Running.Now("14.0412"));
            sync.Kill();
            sync.WaitForExit();
        }

        Assert.False(Running.With("14.0412"));
        Assert.DoesNotContain(cluster.Root, File.ReadAllText("/proc/mounts"), StringComparison.Ordinal);
        cluster.Configure("");
        cluster.SyncWell();
        Assert.Equal("news\n", cluster.Read("one", "motd"));
    }

    private static Cluster Make(string policies = "", string settings = "") => new(["one"], settings, policies, cluster =>
    {
        CheckerRoot.CopyTo(Path.Combine(cluster.Root, "srv/root"));
        cluster.Put("sudoers", Good, 0x120);
        cluster.Put("sudoers.d/README", "# nothing\n", 0x120);
    });
}
