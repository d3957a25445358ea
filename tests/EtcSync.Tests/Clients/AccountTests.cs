using EtcSync.Clients;
using EtcSync.Core.Merging;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

/// <summary>Accounts that the real useradd(8) makes on both sides, checked by the real pwck(8) and grpck(8). Where these are not installed there is nothing to try.</summary>
public sealed class AccountTests
{
    [Fact]
    public void SystemAccount_madeOnBothSides_takesUpstreamsNumber_andItsFilesFollow()
    {
        if (!HasTools) return;
        using var cluster = Started(out var client);
        AddUser(client, 990, "svc");
        AddUser(client, 991, "own");
        cluster.Shell("one", "echo secret >svc.conf; chown 990:990 svc.conf; chmod 640 svc.conf");
        Assert.Equal(OutcomeKind.Synced, cluster.SyncOne().Kind);

        AddUser(Path.GetDirectoryName(cluster.Upstream)!, 880, "svc");
        AddUser(Path.GetDirectoryName(cluster.Upstream)!, 881, "other");
        cluster.Commit("accounts");
        var outcome = cluster.SyncOne();

        Assert.Equal((OutcomeKind.Synced, null), (outcome.Kind, outcome.Reason));
        Assert.Contains("svc:x:880:880:", cluster.Read("one", "passwd"), StringComparison.Ordinal);
        Assert.Contains("own:x:991:991:", cluster.Read("one", "passwd"), StringComparison.Ordinal);
        Assert.Equal("640 880:880", cluster.Attributes("one", "svc.conf"));
        Assert.Equal(2, outcome.Notices.Length);
        Assert.Contains("'svc' has the number 880 now, as upstream has it, and no longer 990. In /etc this belongs to it, and gets the new number: svc.conf.", outcome.Notices[0], StringComparison.Ordinal);
        Assert.Contains($"note: {outcome.Notices[0]}", cluster.GitOf("one", "log", "-1", "--format=%B"), StringComparison.Ordinal);
        AssertConsistent(cluster);
        cluster.AssertInOrder("one");
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOne().Kind);
    }

    [Fact]
    public void SystemAccounts_withOneNumberOnTheTwoSides_areHeld_andTheClientStaysConsistent()
    {
        if (!HasTools) return;
        using var cluster = Started(out var client);
        AddUser(client, 990, "mine");
        AddUser(Path.GetDirectoryName(cluster.Upstream)!, 990, "theirs");
        cluster.Commit("accounts");
        var outcome = cluster.SyncOne();
        Assert.Equal(OutcomeKind.Conflicted, outcome.Kind);
        Assert.Equal(["group Content", "gshadow HeldTogether", "passwd Content", "shadow HeldTogether"], outcome.Conflicts.Select(conflict => $"{conflict.Path} {conflict.Kind}"));
        Assert.Equal("passwd#uid 990", outcome.Conflicts[2].Keys.Single().Name);
        AssertConsistent(cluster);
    }

    [Fact]
    public void UpstreamsFault_isHeld_andWhatElseChangedIsRolledOut()
    {
        using var cluster = Started(out _);
        cluster.UpstreamShell("sed -i 's/^root:x:0:/root:x:7:/' passwd; echo 'tmpfs /etc tmpfs defaults 0 0' >fstab; echo new >motd");
        cluster.Commit("broken");
        var outcome = cluster.SyncOne();
        Assert.Equal(["fstab CheckFailed", "passwd CheckFailed"], outcome.Conflicts.Select(conflict => $"{conflict.Path} {conflict.Kind}"));
        Assert.Equal("new\n", cluster.Read("one", "motd"));
        Assert.False(cluster.Exists("one", "fstab"));
        Assert.StartsWith("root:x:0:", cluster.Read("one", "passwd"), StringComparison.Ordinal);
    }

    private static bool HasTools => ((string[])["useradd", "pwck", "grpck"]).All(tool => File.Exists("/usr/sbin/" + tool));

    // The tools want an etc below a root of its own; the client's has another name.
    private static Cluster Started(out string client)
    {
        var cluster = new Cluster(["one"], firstCommit: cluster =>
        {
            cluster.Put("passwd", "root:x:0:0:root:/root:/bin/sh\nman:x:6:12:man:/:/usr/sbin/nologin\n");
            cluster.Put("shadow", "root:*:19000:0:99999:7:::\nman:*:19000:0:99999:7:::\n", 0x1A0, 0, 42);
            cluster.Put("group", "root:x:0:\nman:x:12:\nshadow:x:42:\n");
            cluster.Put("gshadow", "root:*::\nman:*::\nshadow:*::\n", 0x1A0, 0, 42);
        });
        cluster.SyncWell();
        client = Path.Combine(cluster.Root, "one");
        Directory.CreateDirectory(Path.Combine(client, "root"));
        Directory.CreateSymbolicLink(Path.Combine(client, "etc"), cluster.ClientPath("one"));
        return cluster;
    }

    private static void AddUser(string root, int id, string name) => Tool.Run("useradd", "--prefix", root, "-r", "-M", "-U", "-d", "/", "-s", "/usr/sbin/nologin", "-u", $"{id}", name);

    // The tools look below another root by changing into it, where a link to the client's etc leads nowhere.
    private static void AssertConsistent(Cluster cluster)
    {
        var root = Directory.CreateDirectory(Path.Combine(cluster.Root, "checked")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "etc"));
        Directory.CreateDirectory(Path.Combine(root, "root"));
        foreach (var file in (string[])["passwd", "shadow", "group", "gshadow"]) File.Copy(cluster.ClientPath("one", file), Path.Combine(root, "etc", file));
        Assert.Equal((0, "", ""), Tool.Try("pwck", "-r", "-q", "-R", root));
        Assert.Equal((0, "", ""), Tool.Try("grpck", "-r", "-R", root));
    }
}
