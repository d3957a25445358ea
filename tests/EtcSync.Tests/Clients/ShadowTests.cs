using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.State;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

public sealed class ShadowTests
{
    [Fact]
    public void Copies_areMadeAtFanOut_andAgainWhenUpstreamsChange_alsoToHeldClients()
    {
        using var cluster = WithShadows("one", "two");
        cluster.Sync();
        foreach (var client in (string[])["one", "two"])
        {
            cluster.AssertSettled(client, OutcomeKind.Unchanged);
            Assert.Equal("cache 1\n", cluster.Read(client, "ld.so.cache"));
            Assert.Equal("hwdb 1\n", cluster.Read(client, "udev/hwdb.bin"));
            Assert.Equal("444 0:0", cluster.Attributes(client, "udev/hwdb.bin"));
            Assert.Equal("../proc/self/mounts", new FileInfo(cluster.ClientPath(client, "mtab")).LinkTarget);
        }

        new HoldStore(cluster.Workspace.State).Set(ClientName.Parse("two"), new("Maintenance.", "test", DateTimeOffset.UnixEpoch));
        cluster.UpstreamShell("echo 'cache 2' >ld.so.cache; ln -sfn /proc/mounts mtab; echo new >motd");
        cluster.Commit("new");
        var outcomes = cluster.Sync();
        Assert.Equal([OutcomeKind.Synced, OutcomeKind.Held], outcomes.Select(outcome => outcome.Kind));
        Assert.All(outcomes, outcome => Assert.Equal(["ld.so.cache", "mtab"], outcome.Copied.Order(StringComparer.Ordinal)));
        Assert.All((string[])["one", "two"], client => Assert.Equal("cache 2\n", cluster.Read(client, "ld.so.cache")));
        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.Read("two", "motd"));
        cluster.AssertSettled("one", OutcomeKind.Unchanged);
    }

    [Fact]
    public void Copy_isMadeAgainWithoutACommit_andWhereTheClientChangedIt()
    {
        using var cluster = WithShadows("one");
        cluster.SyncWell();
        cluster.UpstreamShell("echo 'cache 2' >ld.so.cache");
        Assert.Equal(OutcomeKind.Synced, cluster.SyncWell().Kind);
        Assert.Equal("cache 2\n", cluster.Read("one", "ld.so.cache"));
        cluster.Write("one", "ld.so.cache", "mine\n");
        cluster.SyncWell();
        Assert.Equal("cache 2\n", cluster.Read("one", "ld.so.cache"));
    }

    [Fact]
    public void ClientThatOverridesTheSource_makesItsOwn()
    {
        using var cluster = WithShadows("one");
        cluster.SyncWell();
        cluster.Write("one", "ld.so.conf.d/own.conf", "/opt/lib\n");
        cluster.Write("one", "ld.so.cache", "mine\n");
        cluster.SyncWell();
        cluster.UpstreamShell("echo 'cache 2' >ld.so.cache; echo 'hwdb 2' >udev/hwdb.bin");
        cluster.SyncWell();
        Assert.Equal("mine\n", cluster.Read("one", "ld.so.cache"));
        Assert.Equal("hwdb 2\n", cluster.Read("one", "udev/hwdb.bin"));
        File.Delete(cluster.ClientPath("one", "ld.so.conf.d/own.conf"));
        cluster.SyncWell();
        Assert.Equal("cache 2\n", cluster.Read("one", "ld.so.cache"));
    }

    [Fact]
    public void DirectoryThatHasNothingElse_isMadeForTheCopy()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.UpstreamShell("mkdir -m 711 udev; echo 'hwdb 1' >udev/hwdb.bin; printf 'udev/hwdb.bin\\n' >>.gitignore"));
        cluster.SyncWell();
        Assert.Equal("hwdb 1\n", cluster.Read("one", "udev/hwdb.bin"));
        Assert.Equal("711 0:0", cluster.Attributes("one", "udev"));
    }

    [Fact]
    public void HostilePlaces_areNotFollowed()
    {
        using var cluster = WithShadows("one");
        cluster.SyncWell();
        var outside = Directory.CreateDirectory(Path.Combine(cluster.Root, "outside")).FullName;
        cluster.Shell("one", $"rm -r udev; ln -s '{outside}' udev; rm ld.so.cache; mkdir ld.so.cache; rm mtab; ln -s '{outside}/mtab' mtab");
        cluster.UpstreamShell("echo 'cache 2' >ld.so.cache; echo 'hwdb 2' >udev/hwdb.bin");
        var outcome = cluster.SyncOf("one");
        Assert.True(outcome.Kind == OutcomeKind.Synced, outcome.Reason);
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        Assert.True(Directory.Exists(cluster.ClientPath("one", "ld.so.cache")));
        Assert.Equal("../proc/self/mounts", new FileInfo(cluster.ClientPath("one", "mtab")).LinkTarget);
    }

    [Fact]
    public void ClientWithAPolicyOfItsOwn_getsTheCopiesOfThatPolicy()
    {
        using var cluster = new Cluster(["one", "two"], policies: "version: 1\nrules:\n  - clients: one\n    path: ld.so.cache\n    class: local\n", firstCommit: Shadows);
        cluster.Sync();
        Assert.False(cluster.Exists("one", "ld.so.cache"));
        Assert.Equal("cache 1\n", cluster.Read("two", "ld.so.cache"));
    }

    [Fact]
    public void LayerThatChangesTheSource_keepsUpstreamsCopyFromItsMembers_andThatIsSaid()
    {
        using var cluster = new Cluster(["one:lab", "two"], firstCommit: Shadows);
        cluster.Sync();
        Assert.Equal("cache 1\n", cluster.Read("one", "ld.so.cache"));
        var (hub, work) = (cluster.Workspace.Hub.GitDirectory, Path.Combine(cluster.Root, "layer"));
        Tool.Run("git", "clone", "-q", "--branch", "upstream", hub, work);
        Tool.Git(work, "checkout", "-q", "-b", "group/lab");
        File.WriteAllText(Path.Combine(work, "ld.so.conf.d/lab.conf"), "/opt/lab\n");
        Tool.Git(work, "add", "-A");
        Tool.Git(work, "commit", "-qm", "layer");
        Tool.Git(work, "push", "-q", "origin", "group/lab");
        cluster.Sync();
        cluster.Write("one", "ld.so.cache", "made by the client\n");
        cluster.UpstreamShell("echo 'cache 2' >ld.so.cache; echo 'hwdb 2' >udev/hwdb.bin");
        var outcomes = cluster.Sync();
        Assert.Equal("udev/hwdb.bin", Assert.Single(outcomes[0].Copied));
        var finding = Assert.Single(outcomes[0].Findings);
        Assert.Equal("ld.so.cache", finding.Path);
        Assert.Contains("ld.so.conf.d/lab.conf", finding.Message, StringComparison.Ordinal);
        Assert.Empty(outcomes[1].Findings);
        Assert.Equal("made by the client\n", cluster.Read("one", "ld.so.cache"));
        Assert.Equal("cache 2\n", cluster.Read("two", "ld.so.cache"));
        Tool.Run("git", "--git-dir=" + hub, "update-ref", "-d", "refs/heads/group/lab");
        cluster.Sync();
        Assert.Equal("cache 2\n", cluster.Read("one", "ld.so.cache"));
    }

    [Fact]
    public void Sources_areReadOnceAsLongAsNobodyChangesThem()
    {
        var time = new MovableTime();
        using var cluster = new Cluster(["one"], firstCommit: Shadows) { Time = time };
        cluster.Configure("");
        var files = cluster.Workspace.Configuration.Policies.PathsOf(cluster.Workspace.Configuration.Inventory.Clients[0].Context).ShadowFiles;
        byte[] Read() => new ShadowCopies(cluster.Workspace).ReadSources(files).Single(source => source.Path.Value == "ld.so.cache").Content;

        // As long as the change is young, another one could look the same.
        Assert.NotSame(Read(), Read());
        time.Advance(TimeSpan.FromMinutes(1));
        var read = Read();
        Assert.Same(read, Read());
        cluster.UpstreamShell("printf 'cache 3\\n' 1<>ld.so.cache; touch -d 2001-01-01 ld.so.cache");
        Assert.Equal("cache 3\n"u8.ToArray(), Read());
    }

    private static Cluster WithShadows(params string[] clients) => new(clients, firstCommit: Shadows);

    private static void Shadows(Cluster cluster) => cluster.UpstreamShell("""
        mkdir -p udev/hwdb.d ld.so.conf.d; echo x >udev/udev.conf; echo /usr/lib/x >ld.so.conf.d/x.conf
        echo 'cache 1' >ld.so.cache; echo 'hwdb 1' >udev/hwdb.bin; chmod 444 udev/hwdb.bin; ln -s ../proc/self/mounts mtab
        printf 'udev/hwdb.bin\nmtab\n' >>.gitignore
        """);
}
