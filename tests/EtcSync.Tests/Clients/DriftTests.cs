using EtcSync.Clients;
using EtcSync.Core.Etckeeper;
using EtcSync.FileSystem;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

public sealed class DriftTests
{
    private static readonly SyncRequest Patient = new() { Settle = TimeSpan.FromSeconds(30) };

    [Fact]
    public void Drift_hasAnAuthorThatNamesTheClient()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Write("one", "motd", "mine\n");
        cluster.SyncWell();
        Assert.Equal("one <root@one> EtcSync one changed motd", cluster.GitOf("one", "log", "-1", "--format=%an <%ae> %cn %s").Trim());
    }

    [Theory]
    [InlineData("plain", "echo x >added; mkdir -p d/e; chmod 600 motd; chown 6:12 conf.d/01.conf; rm conf.d/02.conf; ln -s motd link; chown 4242:4343 conf.d/03.conf")]
    [InlineData("an ignored file", "echo x >state.cache; mkdir -p run/empty; echo mine >>motd; echo x >conf.d/a.cache")]
    [InlineData("odd names", "mkdir -p \"it's\" 'sp ace/void' -- -dash; echo x >\"it's/a\\\"b\"; echo x >'back\\slash'; echo x >'日本'; echo x >'tab\there'; echo x >'$(touch canary)'; chmod 4711 motd")]
    [InlineData("ignore files below", "printf '*.tmp\\n!keep.tmp\\n' >conf.d/.gitignore; echo x >conf.d/a.tmp; echo x >conf.d/keep.tmp; echo x >b.tmp")]
    [InlineData("no ignore file", "rm .gitignore; echo x >state.cache")]
    [InlineData("an ignore file that ignores nothing", "echo nothing >.gitignore; echo y >x")]
    [InlineData("special files", "mkfifo pipe; mkdir emptied; mkfifo emptied/pipe; chmod 700 conf.d")]
    [InlineData("the top", "chmod 711 .; chgrp 12 .")]
    public void Etckeeper_afterDrift_isByteForByteWhatEtckeeperWrites(string situation, string commands)
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", commands);
        cluster.SyncWell();
        Assert.True(RealEtckeeper.Write(cluster, "one").SequenceEqual(File.ReadAllBytes(cluster.ClientPath("one", ".etckeeper"))), situation);
    }

    [Fact]
    public void Etckeeper_afterAMerge_isWhatEtckeeperWrites()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", "echo x >added; mkdir void; chmod 600 conf.d/01.conf; rm conf.d/02.conf; echo x >a.cache");
        cluster.UpstreamShell("mkdir -p hollow; echo y >theirs; chmod 700 ssh; rm conf.d/03.conf; rm -r opt; chown 6 conf.d/04.conf; ln -s x l; echo z >z.cache");
        cluster.Commit("change");
        cluster.SyncWell();
        Assert.Equal(RealEtckeeper.Write(cluster, "one"), File.ReadAllBytes(cluster.ClientPath("one", ".etckeeper")));
    }

    [Fact]
    public void Gitignore_isRespectedAsGitDoes()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.UpstreamShell("printf '*.log\\n!important.log\\nbuild/\\n/top\\n' >>.gitignore"));
        cluster.SyncWell();
        cluster.Shell("one", """
            mkdir -p build/deep d/build d/top; echo x >build/deep/f; echo x >d/build/f; echo x >d/top/f; echo x >top
            echo x >a.log; echo x >important.log; echo x >d/b.log; printf '!b.log\n' >d/.gitignore
            """);
        var expected = cluster.GitOf("one", "ls-files", "-o", "--exclude-standard").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["d/.gitignore", "d/b.log", "d/top/f", "important.log"], expected);
        Assert.Equal(expected, cluster.SyncWell().Drift.Select(path => path.Value));
    }

    [Fact]
    public void Settle_changesOfThisMoment_waitAndAreTakenLater()
    {
        var time = new MovableTime();
        using var cluster = new Cluster(["one"]) { Time = time };
        cluster.Configure("");
        cluster.SyncWell();
        cluster.Write("one", "motd", "half a l");
        var outcome = cluster.SyncOne(Patient);
        Assert.Equal(OutcomeKind.Deferred, outcome.Kind);
        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.GitOf("one", "show", "client/one:motd"));
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(OutcomeKind.Synced, cluster.SyncOne(Patient).Kind);
        Assert.Equal("half a l", cluster.GitOf("one", "show", "client/one:motd"));
    }

    [Theory]
    [InlineData("rm motd")]
    [InlineData("rm -r ssh")]
    [InlineData("chmod 600 motd")]
    [InlineData("mkdir fresh")]
    [InlineData("rmdir opt")]
    [InlineData("chmod 700 .")]
    public void Settle_deletionsAndAttributesOfThisMoment_waitToo(string commands)
    {
        var time = new MovableTime();
        using var cluster = new Cluster(["one"]) { Time = time };
        cluster.Configure("");
        cluster.SyncWell();
        cluster.Shell("one", commands);
        Assert.Equal(OutcomeKind.Deferred, cluster.SyncOne(Patient).Kind);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(OutcomeKind.Synced, cluster.SyncOne(Patient).Kind);
    }

    [Fact]
    public void MassLoss_emptyTree_isHeldUntilItIsAccepted()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        var head = cluster.Head("one");
        cluster.Shell("one", "find . -mindepth 1 -delete");
        var outcome = cluster.SyncOne();
        Assert.Equal(OutcomeKind.Held, outcome.Kind);
        Assert.Contains("--accept-drift one", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(head, cluster.Head("one"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(cluster.ClientPath("one")));
        cluster.SyncWell(request: new() { Drift = EtcSync.Core.Drift.DriftAnswer.Accept });
        Assert.Equal("", cluster.GitOf("one", "ls-tree", "-r", "--name-only", "client/one").Replace(".etckeeper\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void MassLoss_moreThanATenthDeleted_isHeld_andATenthIsNot()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.UpstreamShell("mkdir many; for i in $(seq 1 150); do echo $i >many/$i; done"));
        cluster.SyncWell();
        var total = cluster.GitOf("one", "ls-files").Count(c => c == '\n');
        var tenth = total / 10;
        cluster.Shell("one", $"for i in $(seq 1 {tenth}); do rm many/$i; done");
        cluster.SyncWell();
        cluster.Shell("one", $"for i in $(seq {tenth + 1} {tenth + tenth + 1}); do rm many/$i; done");
        cluster.Put("motd", "new\n");
        cluster.Commit("not rolled out to it");
        Assert.Equal(OutcomeKind.Held, cluster.SyncOne().Kind);
        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.Read("one", "motd"));
        cluster.SyncWell(request: new() { Drift = EtcSync.Core.Drift.DriftAnswer.Accept });
        Assert.Equal("new\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void MassLoss_moreThanATenthReverted_isHeld()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", $"cp -a . '{cluster.Root}/backup'");
        cluster.UpstreamShell("for i in conf.d/*; do echo changed >>$i; done");
        cluster.Commit("all");
        cluster.SyncWell();
        // Somebody plays an old backup back.
        cluster.Shell("one", $"cp '{cluster.Root}'/backup/conf.d/* conf.d/");
        var outcome = cluster.SyncOne();
        Assert.Equal(OutcomeKind.Held, outcome.Kind);
        Assert.Contains("older version", outcome.Reason, StringComparison.Ordinal);
        cluster.Shell("one", "for i in conf.d/*; do echo changed >>$i; done");
        cluster.SyncWell();
    }

    [Fact]
    public void OtherFileSystem_isHeldUntilItIsAccepted()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        var copy = Path.Combine(cluster.Root, "copy");
        Tool.Run("cp", "-a", cluster.ClientPath("one"), copy);
        if (Tool.Try("mount", "-t", "tmpfs", "-o", "size=4m,mode=755", "none", cluster.ClientPath("one")).Code != 0) return;
        try
        {
            var outcome = cluster.SyncOne();
            Assert.Equal(OutcomeKind.Held, outcome.Kind);
            Assert.Contains("another file system", outcome.Reason, StringComparison.Ordinal);
            Tool.Run("cp", "-a", copy + "/.", cluster.ClientPath("one"));
            Assert.Equal(OutcomeKind.Held, cluster.SyncOne().Kind);
            Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOne(new() { Drift = EtcSync.Core.Drift.DriftAnswer.Accept }).Kind);
            // It is a mount of its own now: staging is inside, and a rollout works all the same.
            cluster.Put("motd", "new\n");
            cluster.Put("fresh/dir/file", "new\n", 0x180);
            cluster.Commit("new");
            Assert.Equal(OutcomeKind.Synced, cluster.SyncOne().Kind);
            Assert.Equal("new\n", cluster.Read("one", "motd"));
            Assert.Equal("600 0:0", cluster.Attributes("one", "fresh/dir/file"));
            Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOne().Kind);
        }
        finally
        {
            Tool.Run("umount", "-l", cluster.ClientPath("one"));
        }
    }

    [Fact]
    public void NamesThatAreNotUtf8_areReportedAndLeftAlone()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", "echo x >$'caf\\351'; mkdir $'d\\377'; echo x >$'d\\377/inside'; echo y >motd");
        var outcome = cluster.SyncOf("one");
        Assert.Equal(OutcomeKind.Synced, outcome.Kind);
        Assert.Equal(["motd"], outcome.Drift.Select(path => path.Value));
        Assert.Equal(2, outcome.Findings.Length);
        var head = cluster.Head("one");
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOf("one").Kind);
        Assert.Equal(head, cluster.Head("one"));
        Assert.Equal("x\n", cluster.Shell("one", "cat $'caf\\351'"));
        cluster.Shell("one", "rm -r $'caf\\351' $'d\\377'");
        cluster.SyncWell();
    }

    [Fact]
    public void NestedRepository_isReportedAndLeftAlone()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        Directory.CreateDirectory(cluster.ClientPath("one", "nested"));
        Tool.Git(cluster.ClientPath("one", "nested"), "init", "-q");
        cluster.Write("one", "nested/file", "x\n");
        cluster.Write("one", "motd", "y\n");
        var outcome = cluster.SyncOf("one");
        Assert.Equal("nested", Assert.Single(outcome.Findings).Path);
        Assert.Equal(["motd"], outcome.Drift.Select(path => path.Value));
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOf("one").Kind);
        Assert.True(cluster.Exists("one", "nested/.git/HEAD"));
    }

    [Fact]
    public void Fifo_inPlaceOfATrackedFile_isReported_andItsRolloutWaits()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", "rm motd; mkfifo motd");
        cluster.Put("motd", "new\n");
        cluster.Put("conf.d/01.conf", "new\n");
        cluster.Commit("new");
        var outcome = ClusterProofs.Within(TimeSpan.FromSeconds(20), () => cluster.SyncOf("one"));
        Assert.Equal("motd", Assert.Single(outcome.Findings).Path);
        Assert.Equal("new\n", cluster.Read("one", "conf.d/01.conf"));
        var head = cluster.Head("one");
        cluster.SyncOf("one");
        Assert.Equal(head, cluster.Head("one"));
        cluster.Shell("one", "rm motd; printf 'one\\ntwo\\nthree\\nfour\\nfive\\n' >motd");
        cluster.SyncWell();
        Assert.Equal("new\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void NamesThatEtckeeperLeavesOut_areNoDriftForEver()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", "mkdir .hg $'line\\nbreak'; echo x >.hg/file; echo x >$'line\\nbreak/file'; chmod 600 .hg/file; echo y >$'two\\nlines'; chmod 600 $'two\\nlines'");
        cluster.SyncWell();
    }

    [Fact]
    public void EtckeeperFile_changedByTheClient_isOursAgain()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        var before = cluster.Read("one", ".etckeeper");
        foreach (var commands in (string[])["echo 'maybe chmod 0777 shadow' >>.etckeeper", "rm .etckeeper", "rm .etckeeper; ln -s /etc/passwd .etckeeper", "chmod 644 .etckeeper"])
        {
            cluster.Shell("one", commands);
            cluster.SyncWell();
            Assert.Equal(before, cluster.Read("one", ".etckeeper"));
            Assert.Equal("700 0:0", cluster.Attributes("one", ".etckeeper"));
        }
    }

    [Fact]
    public async Task HeldPasswordLock_defersTheAccounts_andTheRestGoesOn()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.UpstreamShell("echo 'new:x:1000:12::/:/bin/sh' >>passwd; echo 'new:*:1::::::' >>shadow; echo x >>conf.d/01.conf");
        cluster.Commit("user");
        Assert.Equal(OpenOutcome.Opened, DirectoryDescriptor.OpenRoot(cluster.ClientPath("one"), out var root));
        using (root)
        {
            var held = await PasswordLock.AcquireAsync(root!, TimeSpan.FromSeconds(2), TimeProvider.System, CancellationToken.None);
            using (Assert.IsType<PasswordLockOutcome.Acquired>(held).Lock)
            {
                var outcome = ClusterProofs.Within(TimeSpan.FromSeconds(5), () => cluster.SyncOf("one"));
                Assert.Equal(OutcomeKind.Deferred, outcome.Kind);
                Assert.Contains("passwd", outcome.Reason, StringComparison.Ordinal);
                Assert.DoesNotContain("new", cluster.Read("one", "passwd"), StringComparison.Ordinal);
                Assert.DoesNotContain("new", cluster.Read("one", "shadow"), StringComparison.Ordinal);
                Assert.Equal("value=1\nx\n", cluster.Read("one", "conf.d/01.conf"));
                cluster.AssertInOrder("one");
            }
        }

        cluster.SyncWell();
        Assert.Contains("new", cluster.Read("one", "passwd"), StringComparison.Ordinal);
        Assert.Contains("new", cluster.Read("one", "shadow"), StringComparison.Ordinal);
        Assert.Equal("640 0:42", cluster.Attributes("one", "shadow"));
        Assert.DoesNotContain(EtckeeperFile.FileName, cluster.GitOf("one", "diff", "--name-only", "HEAD~1", "HEAD"), StringComparison.Ordinal);
    }

    [Fact]
    public void DirectoryReplacedByAFile_onTheClient_isCommittedAndStable()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.Put("d/adjtime~", "x\n"));
        cluster.SyncWell();
        cluster.Shell("one", "rm -r ssh; echo x >ssh; rm motd; mkdir motd; echo y >motd/y; rmdir opt; ln -s /nowhere opt");
        cluster.SyncWell();
        Assert.Equal("y\n", cluster.GitOf("one", "show", "client/one:motd/y"));
        cluster.Put("ssh/sshd_config", "Port 23\n");
        cluster.Commit("ssh");
        cluster.SyncConflicted(["ssh/sshd_config"]);
    }

    [Fact]
    public void StaleSave_ofAPathThatWasHeldAcrossRollouts_isInConflict()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Put("motd", "ONE\ntwo\nTHREE\nfour\nFIVE\n");
        cluster.Commit("three lines");
        Save("one\ntwo\nthree\nfour\nmine\n");
        cluster.SyncConflicted(["motd"]);
        // Another composite is taken in the meantime.
        cluster.Put("conf.d/00.conf", "rolled out\n");
        cluster.Commit("something else");
        cluster.SyncConflicted(["motd"]);
        Save("one\ntwo\nthree\nfour\nFIVE\n");
        cluster.SyncWell();
        Assert.Equal("ONE\ntwo\nTHREE\nfour\nFIVE\n", cluster.Read("one", "motd"));
        // The third line is as it was before, so that upstream's was not seen.
        Save("uno\ntwo\nthree\nfour\nFIVE\n");
        cluster.SyncConflicted(["motd"]);

        void Save(string content) => File.WriteAllText(cluster.ClientPath("one", "motd"), content);
    }

    [Fact]
    public void DirectoryWithALocalFile_replacedByALink_isStable()
    {
        using var cluster = new Cluster(["one"], firstCommit: c =>
        {
            c.Put("cups/subscriptions.conf", "x\n");
            c.Put("cups/cupsd.conf", "x\n");
        });
        cluster.SyncWell();
        cluster.Shell("one", "rm -r cups; ln -s /nowhere cups");
        var outcome = cluster.SyncOf("one");
        Assert.True(outcome.Kind == OutcomeKind.Synced, outcome.Reason);
        var head = cluster.Head("one");
        Assert.Equal(OutcomeKind.Unchanged, cluster.SyncOf("one").Kind);
        Assert.Equal(head, cluster.Head("one"));
        cluster.AssertInOrder("one");
    }
}
