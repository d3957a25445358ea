using EtcSync.Clients;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

public sealed class SyncTests
{
    [Fact]
    public void FanOut_newClients_haveFilesModesOwnersAndAnIdentityOfTheirOwn()
    {
        using var cluster = new Cluster(["one", "two"]);
        var outcomes = cluster.Sync();
        Assert.All(outcomes, outcome => Assert.True(outcome is { Kind: OutcomeKind.Synced or OutcomeKind.Unchanged, FannedOut: true }, $"{outcome.Kind} {outcome.Reason}"));
        foreach (var client in (string[])["one", "two"])
        {
            cluster.AssertInOrder(client);
            Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.Read(client, "motd"));
            Assert.Equal("640 0:42", cluster.Attributes(client, "shadow"));
            Assert.Equal("444 0:0", cluster.Attributes(client, "machine-id"));
            Assert.Equal($"{client}\n", cluster.Read(client, "hostname"));
            Assert.True(Directory.Exists(cluster.ClientPath(client, "opt")));
            Assert.False(Directory.Exists(cluster.ClientPath(client, ".git")));
        }

        Assert.NotEqual(cluster.Read("one", "machine-id"), cluster.Read("two", "machine-id"));
        Assert.All(cluster.Sync(), outcome => Assert.Equal(OutcomeKind.Unchanged, outcome.Kind));
    }

    [Fact]
    public void Rollout_commitUpstream_reachesTheClient()
    {
        using var cluster = new Cluster(["one"]);
        cluster.Sync();
        cluster.Put("motd", "one\ntwo\nthree\nfour\nFIVE\n");
        cluster.Put("new/dir/file", "new\n", 0x180, 6, 12);
        File.Delete(cluster.UpstreamPath("conf.d/07.conf"));
        cluster.Commit("change");
        var outcome = cluster.SyncOne();
        Assert.Equal((OutcomeKind.Synced, null), (outcome.Kind, outcome.Reason));
        Assert.Equal("one\ntwo\nthree\nfour\nFIVE\n", cluster.Read("one", "motd"));
        Assert.Equal("600 6:12", cluster.Attributes("one", "new/dir/file"));
        Assert.False(File.Exists(cluster.ClientPath("one", "conf.d/07.conf")));
        cluster.AssertInOrder("one");
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOne().Kind);
    }

    [Fact]
    public void Drift_editOnTheClient_isCommittedInItsNameAndMerged()
    {
        using var cluster = new Cluster(["one"]);
        cluster.Sync();
        File.WriteAllText(cluster.ClientPath("one", "motd"), "ONE\ntwo\nthree\nfour\nfive\n");
        File.WriteAllText(cluster.ClientPath("one", "added.conf"), "mine\n");
        Directory.CreateDirectory(cluster.ClientPath("one", "empty"));
        File.WriteAllText(cluster.ClientPath("one", "ignored.cache"), "x");
        cluster.Put("motd", "one\ntwo\nthree\nfour\nFIVE\n");
        cluster.Commit("change");
        var outcome = cluster.SyncOne();
        Assert.Equal((OutcomeKind.Synced, null), (outcome.Kind, outcome.Reason));
        Assert.Equal(["added.conf", "motd"], outcome.Drift.Select(path => path.Value));
        Assert.Equal("ONE\ntwo\nthree\nfour\nFIVE\n", cluster.Read("one", "motd"));
        Assert.Contains("one <root@one>", cluster.GitOf("one", "log", "--format=%an <%ae>"), StringComparison.Ordinal);
        Assert.Contains("mkdir -p './empty'", cluster.Read("one", ".etckeeper"), StringComparison.Ordinal);
        cluster.AssertInOrder("one");
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOne().Kind);
    }

    [Fact]
    public void Conflict_sameLineOnBothSides_holdsThePathAndRollsOutTheRest()
    {
        using var cluster = new Cluster(["one"]);
        cluster.Sync();
        File.WriteAllText(cluster.ClientPath("one", "motd"), "mine\ntwo\nthree\nfour\nfive\n");
        cluster.Put("motd", "theirs\ntwo\nthree\nfour\nfive\n");
        cluster.Put("conf.d/01.conf", "value=changed\n");
        cluster.Commit("change");
        var outcome = cluster.SyncOne();
        Assert.Equal(OutcomeKind.Conflicted, outcome.Kind);
        Assert.Equal("motd", Assert.Single(outcome.Conflicts).Path.Value);
        Assert.Equal("mine\ntwo\nthree\nfour\nfive\n", cluster.Read("one", "motd"));
        Assert.Equal("value=changed\n", cluster.Read("one", "conf.d/01.conf"));
        cluster.AssertInOrder("one");
        // It stays in conflict, and later rounds start from the old base.
        cluster.Put("motd", "theirs\ntwo\nthree\nfour\nFIVE\n");
        cluster.Commit("more");
        Assert.Equal(OutcomeKind.Conflicted, cluster.SyncOne().Kind);
        Assert.Equal("mine\ntwo\nthree\nfour\nfive\n", cluster.Read("one", "motd"));
        // The client gives in on the line, and gets the rest.
        File.WriteAllText(cluster.ClientPath("one", "motd"), "theirs\ntwo\nthree\nfour\nfive\n");
        Assert.Equal(OutcomeKind.Synced, cluster.SyncOne().Kind);
        Assert.Equal("theirs\ntwo\nthree\nfour\nFIVE\n", cluster.Read("one", "motd"));
        cluster.AssertInOrder("one");
    }

    [Fact]
    public void Attributes_changedOnEitherSide_areMerged()
    {
        using var cluster = new Cluster(["one"]);
        cluster.Sync();
        File.SetUnixFileMode(cluster.ClientPath("one", "conf.d/03.conf"), (UnixFileMode)0x180);
        Tool.Run("chown", "6:12", cluster.ClientPath("one", "conf.d/04.conf"));
        Tool.Run("chmod", "600", cluster.UpstreamPath("conf.d/05.conf"));
        Tool.Run("chmod", "700", cluster.UpstreamPath("conf.d"));
        Tool.Run("chmod", "755", cluster.UpstreamPath("conf.d/06.conf"));
        cluster.Commit("modes");
        var outcome = cluster.SyncOne();
        Assert.Equal((OutcomeKind.Synced, null), (outcome.Kind, outcome.Reason));
        Assert.Equal("600 0:0", cluster.Attributes("one", "conf.d/03.conf"));
        Assert.Equal("644 6:12", cluster.Attributes("one", "conf.d/04.conf"));
        Assert.Equal("600 0:0", cluster.Attributes("one", "conf.d/05.conf"));
        Assert.Equal("755 0:0", cluster.Attributes("one", "conf.d/06.conf"));
        Assert.Equal("700 0:0", cluster.Attributes("one", "conf.d"));
        Assert.Contains("maybe chown 'man' 'conf.d/04.conf'", cluster.Read("one", ".etckeeper").Replace("./conf", "conf", StringComparison.Ordinal), StringComparison.Ordinal);
        cluster.AssertInOrder("one");
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOne().Kind);
    }

    [Fact]
    public void Branch_commitPushedToIt_reachesTheWorkTreeBesideDrift()
    {
        using var cluster = new Cluster(["one"]);
        cluster.Sync();
        var elsewhere = Path.Combine(cluster.Root, "elsewhere");
        Tool.Run("git", "clone", "-q", cluster.GitDirectory("one"), elsewhere);
        File.WriteAllText(Path.Combine(elsewhere, "motd"), "one\ntwo\nthree\nfour\npushed\n");
        File.WriteAllText(Path.Combine(elsewhere, "pushed.conf"), "pushed\n");
        Tool.Git(elsewhere, "add", "-A");
        Tool.Git(elsewhere, "commit", "-qm", "an override");
        Tool.Git(elsewhere, "push", "-q", "origin", "HEAD:client/one");
        File.WriteAllText(cluster.ClientPath("one", "motd"), "live\ntwo\nthree\nfour\nfive\n");
        var outcome = cluster.SyncOne();
        Assert.Equal((OutcomeKind.Synced, null), (outcome.Kind, outcome.Reason));
        Assert.Equal("live\ntwo\nthree\nfour\npushed\n", cluster.Read("one", "motd"));
        Assert.Equal("pushed\n", cluster.Read("one", "pushed.conf"));
        cluster.AssertInOrder("one");
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOne().Kind);
    }

    [Fact]
    public void UnknownGroup_atFanOut_isReportedAndSetWhenTheGroupAppears()
    {
        if (!Environment.IsPrivilegedProcess) return;
        using var cluster = new Cluster(["one"], firstCommit: cluster => cluster.Put("group", "root:x:0:\nman:x:12:\n"));
        var first = cluster.SyncOne();
        Assert.Contains(first.Findings, finding => finding.Path == "shadow");
        Assert.Equal("600 0:0", cluster.Attributes("one", "shadow"));
        File.WriteAllText(cluster.ClientPath("one", "motd"), "mine\n");
        cluster.Sync();
        Assert.Contains("chgrp 'shadow'", cluster.Read("one", ".etckeeper"), StringComparison.Ordinal);
        cluster.Put("group", "root:x:0:\nman:x:12:\nshadow:x:42:\n");
        cluster.Commit("the group");
        Assert.Equal(OutcomeKind.Synced, cluster.SyncOne().Kind);
        Assert.Equal("640 0:42", cluster.Attributes("one", "shadow"));
        cluster.AssertInOrder("one");
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOne().Kind);
    }

    [Fact]
    public void GitCheckout_ofAFile_restoresModeAndOwner()
    {
        if (!Environment.IsPrivilegedProcess) return;
        using var cluster = new Cluster(["one"]);
        cluster.Sync();
        File.Delete(cluster.ClientPath("one", "shadow"));
        CommandLine.InOrder(cluster, "git", "one", "--", "checkout", "--", "shadow");
        Assert.Equal("640 0:42", cluster.Attributes("one", "shadow"));
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOne().Kind);
    }
}
