using EtcSync.Clients;
using EtcSync.Core.Merging;
using EtcSync.Tests.Cli;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

/// <summary>What cannot be replaced for good is held and said; the rest is applied, and it heals by itself.</summary>
public sealed class FixedFilesTests
{
    [Theory]
    [InlineData("a file that changes", "motd", "motd", "echo new >motd")]
    [InlineData("a file that goes", "motd", "motd", "rm motd")]
    [InlineData("a file that gets another mode", "conf.d/01.conf", "conf.d/01.conf", "chmod 600 conf.d/01.conf")]
    [InlineData("a directory with a file that changes", "ssh", "ssh/sshd_config", "echo Port 2222 >ssh/sshd_config")]
    [InlineData("a directory that gets a file", "ssh", "ssh/new", "echo new >ssh/new")]
    [InlineData("a directory that gets another with a file", "ssh", "ssh/conf.d/new", "mkdir ssh/conf.d; echo new >ssh/conf.d/new")]
    [InlineData("a directory that gets another mode", "ssh", "ssh", "chmod 700 ssh")]
    public void Immutable_isHeldWithTheReason_theRestIsApplied_andItHealsByItself(string situation, string path, string held, string change)
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        if (Tool.Try("chattr", "+i", cluster.ClientPath("one", path)).Code != 0) return;
        try
        {
            cluster.UpstreamShell(change + "; echo rest >conf.d/20.conf");
            cluster.Commit(situation);
            var planned = cluster.Cli("plan").Out;
            Assert.Contains(held, planned, StringComparison.Ordinal);
            Assert.Contains("chattr +i", planned, StringComparison.Ordinal);
            var outcome = cluster.SyncOf("one");
            Assert.True(outcome.Kind == OutcomeKind.Conflicted, $"{outcome.Kind} {outcome.Reason}");
            var conflict = Assert.Single(outcome.Conflicts);
            Assert.Equal((held, ConflictKind.Immutable), (conflict.Path.Value, conflict.Kind));
            Assert.False(outcome.Again);
            Assert.Equal("rest\n", cluster.Read("one", "conf.d/20.conf"));
            var head = cluster.Head("one");
            Assert.Equal(OutcomeKind.Conflicted, cluster.SyncOf("one").Kind);
            Assert.Equal(head, cluster.Head("one"));
            cluster.AssertInOrder("one");
            Assert.Contains("lsattr", cluster.Cli("conflicts").Out, StringComparison.Ordinal);
        }
        finally
        {
            Tool.Run("chattr", "-i", cluster.ClientPath("one", path));
        }

        cluster.SyncWell();
        Assert.Equal(Picture(cluster.Upstream, path), Picture(cluster.ClientPath("one"), path));
    }

    [Fact]
    public void ImmutableAccountFile_holdsTheWholeSet()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        if (Tool.Try("chattr", "+i", cluster.ClientPath("one", "shadow")).Code != 0) return;
        try
        {
            cluster.UpstreamShell("echo 'new:x:7:12:::' >>passwd; echo 'new:*:1::::::' >>shadow; echo new >motd");
            cluster.Commit("new user");
            cluster.SyncConflicted(["passwd", "shadow"]);
            Assert.DoesNotContain("new", cluster.Read("one", "passwd"), StringComparison.Ordinal);
            Assert.Equal("new\n", cluster.Read("one", "motd"));
        }
        finally
        {
            Tool.Run("chattr", "-i", cluster.ClientPath("one", "shadow"));
        }

        cluster.SyncWell();
        Assert.Contains("new", cluster.Read("one", "passwd"), StringComparison.Ordinal);
    }

    [Fact]
    public void ImmutableFile_thatTheClientChangedFirst_isItsDriftAsAnyOther()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Write("one", "motd", "mine\n");
        if (Tool.Try("chattr", "+i", cluster.ClientPath("one", "motd"), cluster.ClientPath("one", ".etckeeper")).Code != 0) return;
        try
        {
            cluster.SyncWell();
            Assert.Equal("mine\n", cluster.GitOf("one", "show", "client/one:motd"));
        }
        finally
        {
            Tool.Run("chattr", "-i", cluster.ClientPath("one", "motd"), cluster.ClientPath("one", ".etckeeper"));
        }

        cluster.SyncWell();
    }

    [Fact]
    public void FileWithSomethingMountedOverIt_isHeldToo()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        var other = Path.Combine(cluster.Root, "other");
        File.Copy(cluster.ClientPath("one", "motd"), other);
        using (var mount = FileSystem.Mount.TryBind(other, cluster.ClientPath("one", "motd")))
        {
            if (mount is null) return;
            cluster.UpstreamShell("echo new >motd; echo rest >conf.d/20.conf");
            cluster.Commit("new");
            var outcome = cluster.SyncOf("one");
            Assert.False(outcome.Again);
            Assert.Equal("rest\n", cluster.Read("one", "conf.d/20.conf"));
        }

        cluster.SyncWell();
        Assert.Equal("new\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void AttributesOverTheLimit_areSaidWhenTheyGo()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        var set = string.Join(';', Enumerable.Range(0, 70).Select(i => $"os.setxattr(sys.argv[1],'user.n{i}',b'x')"));
        if (Tool.Try("python3", "-c", $"import os,sys;{set}", cluster.ClientPath("one", "motd")).Code != 0) return;
        cluster.Put("motd", "new\n");
        cluster.Put("hosts", "new\n");
        cluster.Commit("new");
        var outcome = cluster.SyncOf("one");
        var finding = Assert.Single(outcome.Findings);
        Assert.Equal("motd", finding.Path);
        Assert.Contains("user.* attributes", finding.Message, StringComparison.Ordinal);
        Assert.Equal("new\n", cluster.Read("one", "motd"));
        cluster.AssertSettled("one", OutcomeKind.Unchanged);
    }

    private static string Picture(string top, string path) => Tool.Run("/bin/sh", "-c", $"cd '{top}'; [ -e '{path}' ] || exit 0; find '{path}' -printf '%p %y %m %U %G\\n' | sort; find '{path}' -type f | sort | xargs cat");
}
