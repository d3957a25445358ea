using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

public sealed class FanOutTests
{
    private static readonly SyncRequest AcceptDrift = new() { Drift = EtcSync.Core.Drift.DriftAnswer.Accept };

    [Fact]
    public void FanOut_modesOwnersAndEmptyDirectories_areThoseOfUpstream()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.UpstreamShell("""
            mkdir -p void/deep private; echo secret >private/key; chmod 600 private/key; chmod 700 private; chown 6:12 private
            echo x >suid; chmod 4755 suid; echo x >none; chmod 000 none; mkdir -m 1777 spool; mkdir -m 2750 sgid; echo x >sgid/x; ln -s private/key link
            """));
        cluster.SyncWell();
        Assert.Equal("700 6:12", cluster.Attributes("one", "private"));
        Assert.Equal("600 0:0", cluster.Attributes("one", "private/key"));
        Assert.Equal("4755 0:0", cluster.Attributes("one", "suid"));
        Assert.Equal("0 0:0", cluster.Attributes("one", "none"));
        Assert.Equal("1777 0:0", cluster.Attributes("one", "spool"));
        Assert.Equal("2750 0:0", cluster.Attributes("one", "sgid"));
        Assert.True(cluster.Exists("one", "void/deep"));
        Assert.Equal("private/key", new FileInfo(cluster.ClientPath("one", "link")).LinkTarget);
    }

    [Fact]
    public void FanOut_whileItIsWatched_nothingIsEverMoreReadableThanAtTheEnd()
    {
        using var cluster = new Cluster(["one"], firstCommit: c =>
        {
            for (var i = 0; i < 400; i++) c.Put($"secrets/{i}", $"{i}\n", 0x180);
        });
        var nursery = Path.Combine(cluster.Root, "srv/.etcsync");
        var loose = new List<string>();
        var (stop, looks) = (false, 0);
        var watcher = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                looks++;
                // Whoever is not root meets this directory first.
                if (Directory.Exists(nursery) && ((int)File.GetUnixFileMode(nursery) & 0x3F) != 0) loose.Add(nursery);
                foreach (var directory in (string[])[Path.Combine(nursery, "one.new/secrets"), cluster.ClientPath("one", "secrets")])
                {
                    try
                    {
                        foreach (var file in Directory.EnumerateFiles(directory))
                        {
                            if (((int)File.GetUnixFileMode(file) & 0x3F) != 0) loose.Add(file);
                        }
                    }
                    catch (IOException)
                    {
                        // It is not there yet, or has just been moved.
                    }
                }
            }
        });
        watcher.Start();
        cluster.SyncWell();
        Volatile.Write(ref stop, true);
        watcher.Join();
        Assert.Empty(loose);
        Assert.True(looks > 10);
        Assert.Equal("700", Tool.Run("stat", "-c", "%a", Path.Combine(cluster.Root, "srv/.etcsync/one")).Trim());
        Assert.Equal("700", Tool.Run("stat", "-c", "%a", cluster.GitDirectory("one")).Trim());
    }

    [Fact]
    public void Directory_thatIsNotOurs_isRefusedWithAPointerToAdopt()
    {
        using var cluster = new Cluster(["one", "two"]);
        Directory.CreateDirectory(cluster.ClientPath("one"));
        File.WriteAllText(cluster.ClientPath("one", "precious"), "mine");
        var outcomes = cluster.Sync();
        Assert.Equal(OutcomeKind.Held, outcomes[0].Kind);
        Assert.Contains("adopt", outcomes[0].Reason, StringComparison.Ordinal);
        Assert.Equal(["precious"], Directory.EnumerateFileSystemEntries(cluster.ClientPath("one")).Select(Path.GetFileName));
        Assert.False(Directory.Exists(cluster.GitDirectory("one")));
        Assert.True(outcomes[1].FannedOut);
    }

    [Theory]
    [InlineData("/nonexistent")]
    [InlineData("../elsewhere")]
    public void SymbolicLink_whereTheCloneShouldBe_isRefusedAndNotFollowed(string target)
    {
        using var cluster = new Cluster(["one"]);
        var elsewhere = Directory.CreateDirectory(Path.Combine(cluster.Root, "elsewhere")).FullName;
        File.CreateSymbolicLink(cluster.ClientPath("one"), target);
        for (var i = 0; i < 2; i++)
        {
            var outcome = cluster.SyncOne();
            Assert.Equal(OutcomeKind.Held, outcome.Kind);
            Assert.Contains("adopt", outcome.Reason, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
        Assert.False(Directory.Exists(cluster.GitDirectory("one")));
        File.Delete(cluster.ClientPath("one"));
        cluster.SyncWell();
    }

    [Fact]
    public void EmptyDirectory_whereTheCloneShouldBe_isUsed()
    {
        using var cluster = new Cluster(["one"]);
        Directory.CreateDirectory(cluster.ClientPath("one"));
        Assert.True(cluster.SyncWell().FannedOut);
    }

    [Fact]
    public void Interrupted_afterTheGitDirectory_isFinished()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        var machineId = cluster.Read("one", "machine-id");
        // As if it had been killed before the work tree had its place; leftovers of every step lie about.
        Directory.Delete(cluster.ClientPath("one"), recursive: true);
        File.Delete(Path.Combine(cluster.GitDirectory("one"), "etcsync.json"));
        File.Delete(Path.Combine(cluster.GitDirectory("one"), "index"));
        var nursery = Directory.CreateDirectory(Path.Combine(cluster.Root, "srv/.etcsync/one.new/deep")).FullName;
        File.WriteAllText(Path.Combine(nursery, "half"), "half");
        Assert.True(cluster.SyncWell().FannedOut);
        Assert.False(Directory.Exists(Path.Combine(cluster.Root, "srv/.etcsync/one.new")));
        Assert.False(cluster.Exists("one", "deep"));
        Assert.Equal(machineId, cluster.Read("one", "machine-id"));
    }

    [Fact]
    public void Interrupted_afterTheGitDirectory_withAnEmptyDirectoryWaiting_isFinished()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        Directory.Delete(cluster.ClientPath("one"), recursive: true);
        File.Delete(Path.Combine(cluster.GitDirectory("one"), "etcsync.json"));
        File.Delete(Path.Combine(cluster.GitDirectory("one"), "index"));
        Directory.CreateDirectory(cluster.ClientPath("one"));
        Assert.True(cluster.SyncWell().FannedOut);
    }

    [Fact]
    public void Interrupted_afterTheGitDirectory_withSomethingForeignInThePlace_isRefused()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        var head = cluster.Head("one");
        Directory.Delete(cluster.ClientPath("one"), recursive: true);
        File.Delete(Path.Combine(cluster.GitDirectory("one"), "etcsync.json"));
        File.Delete(Path.Combine(cluster.GitDirectory("one"), "index"));
        cluster.Write("one", "precious", "mine");
        var outcome = cluster.SyncOne();
        Assert.Equal(OutcomeKind.Held, outcome.Kind);
        Assert.Contains("adopt", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(head, cluster.Head("one"));
        Assert.Equal(["precious"], Directory.EnumerateFileSystemEntries(cluster.ClientPath("one")).Select(Path.GetFileName));
    }

    [Fact]
    public void Interrupted_afterTheWorkTreeHadItsPlace_isFinishedAndRemembersItsFileSystem()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        File.Delete(Path.Combine(cluster.GitDirectory("one"), "index"));
        var state = ClientState.Read(cluster.GitDirectory("one"));
        var inode = ulong.Parse(Tool.Run("stat", "-c", "%i", cluster.ClientPath("one")), System.Globalization.CultureInfo.InvariantCulture);
        (state with { FileSystem = "", Placing = inode }).Write(cluster.GitDirectory("one"));
        cluster.SyncWell();
        Assert.NotEqual("", ClientState.Read(cluster.GitDirectory("one")).FileSystem);
        // So that it is missed when it goes.
        Directory.Delete(cluster.ClientPath("one"), recursive: true);
        Assert.Equal(OutcomeKind.Held, cluster.SyncOne().Kind);
        Assert.False(Directory.Exists(cluster.ClientPath("one")));
    }

    [Fact]
    public void Interrupted_inTheMakingOfTheGitDirectory_isBegunAgain()
    {
        using var cluster = new Cluster(["one"]);
        foreach (var name in (string[])["one.git.making", "one.git.making.new", "one.git.new"])
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(cluster.Root, "var/lib/etcsync/clients", name)).FullName, "HEAD"), "rubbish");
        }

        Assert.True(cluster.SyncWell().FannedOut);
        Assert.False(Directory.Exists(cluster.GitDirectory("one") + ".making"));
    }

    [Fact]
    public void MissingWorkTree_isHeld_andRebuiltFromItsBranchOnRequest()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", "echo mine >motd; chmod 600 motd");
        cluster.SyncWell();
        Directory.Delete(cluster.ClientPath("one"), recursive: true);
        var outcome = cluster.SyncOne();
        Assert.Equal(OutcomeKind.Held, outcome.Kind);
        Assert.Contains("--accept-drift one", outcome.Reason, StringComparison.Ordinal);
        Assert.False(Directory.Exists(cluster.ClientPath("one")));
        Assert.True(cluster.SyncWell(request: AcceptDrift).FannedOut);
        Assert.Equal("mine\n", cluster.Read("one", "motd"));
        Assert.Equal("600 0:0", cluster.Attributes("one", "motd"));
    }

    [Fact]
    public void UnknownOwner_inUpstreamsEtckeeper_isClosedAndStable()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.Put("orphan", "x\n", 0x1A4, 6));
        cluster.UpstreamShell("sed -i /^man/d passwd");
        // The metadata names 'man', whom the accounts know no more.
        Tool.Git(cluster.Upstream, "commit", "-qam", "man is gone");
        cluster.SyncWell();
        Assert.Equal("600 0:0", cluster.Attributes("one", "orphan"));
        Assert.Contains("maybe chown 'man' 'orphan'", cluster.Read("one", ".etckeeper").Replace("./", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownOwner_looksTheSameWithoutAnIndex()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.Put("orphan", "x\n", 0x1A4, 6));
        cluster.UpstreamShell("sed -i /^man/d passwd");
        Tool.Git(cluster.Upstream, "commit", "-qam", "man is gone");
        cluster.Sync();
        File.Delete(Path.Combine(cluster.GitDirectory("one"), "index"));
        Assert.Empty(cluster.SyncWell().Drift);
    }

    [Fact]
    public void DamagedState_ofAnEstablishedClone_isMadeAnew()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        File.WriteAllText(Path.Combine(cluster.GitDirectory("one"), "etcsync.json"), "");
        cluster.SyncWell();
        Assert.NotEqual("", ClientState.Read(cluster.GitDirectory("one")).FileSystem);
    }

    [Fact]
    public void UpstreamWithoutEtckeeper_isFannedOutAndSynced()
    {
        using var cluster = new Cluster(["one"]);
        Tool.Git(cluster.Upstream, "rm", "-q", ".etckeeper");
        cluster.UpstreamShell("mkdir d; echo x >d/x; chmod 755 d/x; git add d");
        Tool.Git(cluster.Upstream, "commit", "-qm", "no metadata");
        cluster.SyncWell();
        Assert.Equal("755 0:0", cluster.Attributes("one", "d/x"));
        cluster.UpstreamShell("rm -r d; echo d >d; git add -A");
        Tool.Git(cluster.Upstream, "commit", "-qm", "swap");
        cluster.Write("one", "motd", "mine\n");
        cluster.SyncWell();
        Assert.Equal("d\n", cluster.Read("one", "d"));
        Assert.False(cluster.Exists("one", ".etckeeper"));
    }

    [Fact]
    public void HostName_ofAnotherClient_isNoPartOfIt()
    {
        using var cluster = new Cluster(["one", "two"]);
        cluster.Sync();
        Assert.Equal("Identity of one", cluster.GitOf("one", "log", "--format=%s", "-1").Trim());
        Assert.Equal(["hostname", "machine-id"], cluster.GitOf("one", "diff", "--name-only", "HEAD~1", "HEAD").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.NotEqual(cluster.Head("one"), cluster.Head("two"));
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOf(ClientName.Parse("two").Value).Kind);
    }
}
