using EtcSync.Clients;
using EtcSync.Fleet;
using EtcSync.Tests.Clients;
using EtcSync.Tests.Fixtures;
using EtcSync.Upstream;

namespace EtcSync.Tests.Upstream;

public sealed class UpstreamTests
{
    [Fact]
    public void MissingDirectory_isNamed()
    {
        using var cluster = new Cluster(["one"]);
        Directory.Move(cluster.Upstream, cluster.Upstream + ".away");
        Assert.Contains("There is no directory", Target(cluster).Problem, StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.Held, cluster.SyncOne().Kind);
    }

    [Fact]
    public void DirectoryWithoutRepository_isNamed()
    {
        using var cluster = new Cluster(["one"]);
        Directory.Move(cluster.UpstreamPath(".git"), cluster.UpstreamPath("git-away"));
        Assert.Contains("not a git repository", Target(cluster).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingUpstream_afterAFanOut_stopsNoDrift()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        Directory.Move(cluster.Upstream, cluster.Upstream + ".away");
        cluster.Write("one", "motd", "mine\n");
        Assert.NotNull(Target(cluster).Problem);
        Assert.Equal("motd", Assert.Single(cluster.SyncWell().Drift).Value);
    }

    [Fact]
    public void EmptyRepository_saysThatThereIsNoCommit()
    {
        using var cluster = new Cluster(["one"]);
        Directory.Delete(cluster.UpstreamPath(".git"), recursive: true);
        Tool.Git(cluster.Upstream, "init", "-q", "-b", "master");
        Assert.Contains("no commit yet", Target(cluster).Problem, StringComparison.Ordinal);
        var outcome = cluster.SyncOne();
        Assert.Equal(OutcomeKind.Held, outcome.Kind);
        Assert.Contains("no commit yet", outcome.Reason, StringComparison.Ordinal);
        Assert.False(Directory.Exists(cluster.ClientPath("one")));
        cluster.Commit("first");
        Assert.True(cluster.SyncWell().FannedOut);
    }

    [Fact]
    public void OtherBranch_checkedOut_isReportedAndRollsNothingOut()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        Tool.Git(cluster.Upstream, "checkout", "-q", "-b", "experiment");
        cluster.Put("motd", "experiment\n");
        cluster.Commit("experiment");
        Assert.Equal(UpstreamNoticeKind.OtherBranch, Assert.Single(Target(cluster).Upstream.Notices).Kind);
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncWell().Kind);
        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.Read("one", "motd"));
        Tool.Git(cluster.Upstream, "checkout", "-q", "master");
        Tool.Git(cluster.Upstream, "merge", "-q", "experiment");
        cluster.SyncWell();
        Assert.Equal("experiment\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void MissingBranch_namesTheBranchesThereAre()
    {
        using var cluster = new Cluster(["one"]);
        Tool.Git(cluster.Upstream, "branch", "-m", "master", "trunk");
        Assert.Contains("trunk", Target(cluster).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void DetachedHead_isReportedAndRollsNothingOut()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        Tool.Git(cluster.Upstream, "checkout", "-q", "--detach");
        cluster.Put("motd", "detached\n");
        cluster.Commit("detached");
        Assert.Equal(UpstreamNoticeKind.DetachedHead, Assert.Single(Target(cluster).Upstream.Notices).Kind);
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncWell().Kind);
    }

    [Fact]
    public void CommitInProgress_isReported_andTheLastWholeCommitCounts()
    {
        using var cluster = new Cluster(["one"]);
        File.WriteAllText(cluster.UpstreamPath(".git/index.lock"), "");
        var target = Target(cluster);
        Assert.Equal(UpstreamNoticeKind.CommitInProgress, Assert.Single(target.Upstream.Notices).Kind);
        Assert.Null(target.Problem);
        cluster.SyncWell();
    }

    [Fact]
    public void UncommittedChanges_areListedAndNeverRolledOut()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Put("motd", "not yet\n");
        cluster.Put("new", "not yet\n");
        Tool.Git(cluster.Upstream, "add", "new");
        Assert.Equal(["motd", "new"], cluster.Workspace.Upstream.UncommittedPaths(CancellationToken.None).Order(StringComparer.Ordinal));
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncWell().Kind);
        Assert.False(cluster.Exists("one", "new"));
    }

    [Fact]
    public void RewrittenHistory_isReported_andRolledOutOnlyWhenAccepted()
    {
        using var cluster = new Cluster(["one"]);
        cluster.Put("motd", "first\n");
        var old = cluster.Commit("first");
        cluster.SyncWell();
        Tool.Git(cluster.Upstream, "reset", "-q", "--hard", "HEAD~1");
        cluster.Put("conf.d/01.conf", "rewritten\n");
        var rewritten = cluster.Commit("rewritten");
        var target = Target(cluster);
        Assert.True(target.Hub.IsRewrite);
        Assert.Contains("--accept-rewrite", target.Problem, StringComparison.Ordinal);
        // Drift is taken all the same, on the old history.
        cluster.Write("one", "conf.d/02.conf", "mine\n");
        cluster.SyncWell();
        Assert.Equal("first\n", cluster.Read("one", "motd"));

        Assert.Equal(OutcomeKind.Synced, cluster.SyncOne(acceptRewrite: true).Kind);
        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.Read("one", "motd"));
        Assert.Equal("rewritten\n", cluster.Read("one", "conf.d/01.conf"));
        Assert.Equal("mine\n", cluster.Read("one", "conf.d/02.conf"));
        cluster.AssertSettled("one", OutcomeKind.Unchanged);
        var pins = Tool.Run("git", "--git-dir=" + cluster.Workspace.Hub.GitDirectory, "for-each-ref", "--format=%(objectname)", "refs/etcsync/pins");
        Assert.Contains(old, pins, StringComparison.Ordinal);
        Assert.Equal(rewritten, Target(cluster).Hub.Tip.ToString());
    }

    [Fact]
    public void RewrittenHistory_thatIsTakenBack_isForgotten()
    {
        using var cluster = new Cluster(["one"]);
        cluster.Put("motd", "first\n");
        var old = cluster.Commit("first");
        cluster.SyncWell();
        Tool.Git(cluster.Upstream, "reset", "-q", "--hard", "HEAD~1");
        Assert.True(Target(cluster).Hub.IsRewrite);
        Tool.Git(cluster.Upstream, "reset", "-q", "--hard", old);
        Assert.Null(Target(cluster).Problem);
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncWell().Kind);
    }

    [Fact]
    public void Sha256_isRefusedInClearWords()
    {
        using var cluster = new Cluster(["one"]);
        Directory.Delete(cluster.UpstreamPath(".git"), recursive: true);
        Tool.Git(cluster.Upstream, "init", "-q", "-b", "master", "--object-format=sha256");
        cluster.Commit("sha256");
        Assert.Contains("sha256", Target(cluster).Problem, StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.Held, cluster.SyncOne().Kind);
    }

    [Fact]
    public void Reftable_isRefusedInClearWords()
    {
        using var cluster = new Cluster(["one"]);
        File.AppendAllText(cluster.UpstreamPath(".git/config"), "[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n");
        Assert.Contains("git refs migrate", Target(cluster).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void OwnedByAnotherUser_isReadAllTheSame()
    {
        if (!Environment.IsPrivilegedProcess) return;
        using var cluster = new Cluster(["one"]);
        Tool.Run("chown", "-R", "65534:65534", cluster.UpstreamPath(".git"), cluster.Upstream);
        cluster.Sync();
        Assert.Null(Target(cluster).Problem);
        Assert.True(Directory.Exists(cluster.ClientPath("one")));
        Assert.NotNull(cluster.Workspace.Upstream.UncommittedPaths(CancellationToken.None));
    }

    [Fact]
    public void DamagedRepository_isNamedAndNoExceptionEscapes()
    {
        using var cluster = new Cluster(["one"]);
        File.WriteAllText(cluster.UpstreamPath(".git/HEAD"), "rubbish\n");
        Assert.NotNull(Target(cluster).Problem);
        File.WriteAllText(cluster.UpstreamPath(".git/HEAD"), "ref: refs/heads/master\n");
        File.WriteAllText(cluster.UpstreamPath(".git/refs/heads/master"), "rubbish\n");
        Assert.NotNull(Target(cluster).Problem);
    }

    [Fact]
    public void GitFile_inPlaceOfTheGitDirectory_isFollowed()
    {
        using var cluster = new Cluster(["one"]);
        Directory.Move(cluster.UpstreamPath(".git"), Path.Combine(cluster.Root, "elsewhere.git"));
        File.WriteAllText(cluster.UpstreamPath(".git"), $"gitdir: {cluster.Root}/elsewhere.git\n");
        Assert.Null(Target(cluster).Problem);
        File.AppendAllText(Path.Combine(cluster.Root, "elsewhere.git/config"), "[extensions]\n\trefStorage = reftable\n");
        Assert.Contains("git refs migrate", Target(cluster).Problem, StringComparison.Ordinal);
    }

    private static TakenTarget Target(Cluster cluster) =>
        new FleetObserver(cluster.Workspace).Take(cluster.Workspace.Configuration.Inventory.Clients, acceptRewrite: false, CancellationToken.None);
}
