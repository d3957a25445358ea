using System.Text;
using EtcSync.Clients;
using EtcSync.Core.Merging;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

public sealed class MergeTests
{
    [Fact]
    public void SymbolicLink_changedUpstreamOrOnBothSides_movesOrConflicts()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.UpstreamShell("ln -s motd link; ln -s motd other"));
        cluster.SyncWell();
        cluster.UpstreamShell("ln -sfn hostname link; ln -sfn hostname other; ln -s /nowhere new");
        cluster.Shell("one", "ln -sfn passwd other");
        cluster.Commit("links");
        cluster.SyncConflicted(["other"]);
        Assert.Equal("hostname", new FileInfo(cluster.ClientPath("one", "link")).LinkTarget);
        Assert.Equal("passwd", new FileInfo(cluster.ClientPath("one", "other")).LinkTarget);
        Assert.Equal("/nowhere", new FileInfo(cluster.ClientPath("one", "new")).LinkTarget);
    }

    [Fact]
    public void ExecutableBit_changedUpstreamOfAFileTheClientEdited_isMerged()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", "echo mine >>motd; chmod 755 conf.d/01.conf");
        cluster.UpstreamShell("chmod 755 motd; echo theirs >>conf.d/01.conf");
        cluster.Commit("executable");
        cluster.SyncWell();
        Assert.Equal("755 0:0", cluster.Attributes("one", "motd"));
        Assert.EndsWith("mine\n", cluster.Read("one", "motd"), StringComparison.Ordinal);
        Assert.Equal("755 0:0", cluster.Attributes("one", "conf.d/01.conf"));
        Assert.EndsWith("theirs\n", cluster.Read("one", "conf.d/01.conf"), StringComparison.Ordinal);
    }

    [Fact]
    public void FileBecomesDirectory_upstream_isSwapped()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.UpstreamShell("rm motd; mkdir motd; echo x >motd/10-x; chmod 700 motd; rm -r opt; echo file >opt");
        cluster.Commit("swap");
        cluster.SyncWell();
        Assert.Equal("x\n", cluster.Read("one", "motd/10-x"));
        Assert.Equal("700 0:0", cluster.Attributes("one", "motd"));
        Assert.Equal("file\n", cluster.Read("one", "opt"));
    }

    [Fact]
    public void DirectoryBecomesFileOrLink_upstream_isSwapped()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.UpstreamShell("mkdir -p d/e l; echo x >d/e/x; echo y >d/y; echo z >l/z"));
        cluster.SyncWell();
        cluster.UpstreamShell("rm -r d l; echo file >d; ln -s d l");
        cluster.Commit("swap");
        cluster.SyncWell();
        Assert.Equal("file\n", cluster.Read("one", "d"));
        Assert.Equal("d", new FileInfo(cluster.ClientPath("one", "l")).LinkTarget);
    }

    [Fact]
    public void DirectoryBecomesFile_withAnIgnoredFileOfTheClientInIt_isAConflictAndLosesNothing()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.UpstreamShell("mkdir d; echo y >d/y"));
        cluster.SyncWell();
        cluster.Write("one", "d/state.cache", "state");
        cluster.UpstreamShell("rm -r d; echo file >d");
        cluster.Put("conf.d/00.conf", "value=new\n");
        cluster.Commit("swap");
        var outcome = cluster.SyncOf("one");
        Assert.Equal(OutcomeKind.Conflicted, outcome.Kind);
        Assert.Contains(outcome.Conflicts, conflict => conflict.Path.Value == "d");
        Assert.Equal("state", cluster.Read("one", "d/state.cache"));
        Assert.Equal("value=new\n", cluster.Read("one", "conf.d/00.conf"));
        cluster.AssertSettled("one", OutcomeKind.Conflicted);
    }

    [Fact]
    public void IgnoredFileWhereUpstreamAddsADirectory_isAConflict()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Write("one", "odd.cache", "mine");
        cluster.UpstreamShell("mkdir odd.cache; echo x >odd.cache/x; git add -f odd.cache/x");
        cluster.Put("conf.d/00.conf", "value=new\n");
        cluster.Commit("directory");
        cluster.SyncConflicted(["odd.cache/x"]);
        Assert.Equal("mine", cluster.Read("one", "odd.cache"));
        Assert.Equal("value=new\n", cluster.Read("one", "conf.d/00.conf"));
    }

    [Fact]
    public void EmptyDirectoryOfTheClients_whereUpstreamPutsAFile_isAConflictThatStays()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", "mkdir -p own/deep");
        cluster.Put("own", "theirs\n");
        cluster.Commit("file");
        cluster.SyncConflicted(["own"]);
        Assert.True(cluster.Exists("one", "own/deep"));
        cluster.Shell("one", "rm -r own");
        cluster.SyncWell();
        Assert.Equal("theirs\n", cluster.Read("one", "own"));
    }

    [Fact]
    public void IgnoreFile_thatIgnoresLess_bringsInWhatIsThere()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Write("one", "x.cache", "mine\n");
        cluster.UpstreamShell("echo '!x.cache' >>.gitignore");
        cluster.Commit("ignore less");
        Assert.Equal(["x.cache"], cluster.SyncWell().Drift.Select(path => path.Value));
    }

    [Fact]
    public void Deletion_againstAChange_isAConflictEitherWay()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", "rm conf.d/01.conf; echo mine >>conf.d/02.conf");
        cluster.UpstreamShell("echo theirs >>conf.d/01.conf; rm conf.d/02.conf; rm conf.d/03.conf");
        cluster.Commit("deletions");
        var outcome = cluster.SyncConflicted(["conf.d/01.conf", "conf.d/02.conf"]);
        Assert.Equal([ConflictKind.DeletedByClient, ConflictKind.DeletedByUpstream], outcome.Conflicts.Select(conflict => conflict.Kind));
        Assert.False(cluster.Exists("one", "conf.d/01.conf"));
        Assert.True(cluster.Exists("one", "conf.d/02.conf"));
        Assert.False(cluster.Exists("one", "conf.d/03.conf"));
    }

    [Fact]
    public void Binary_changedOnBothSides_isAConflict()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.UpstreamShell("printf 'a\\0b\\nx\\n' >bin"));
        cluster.SyncWell();
        cluster.Shell("one", "printf 'a\\0c\\nx\\n' >bin");
        cluster.UpstreamShell("printf 'a\\0b\\ny\\n' >bin");
        cluster.Commit("binary");
        Assert.Equal(ConflictKind.Binary, Assert.Single(cluster.SyncConflicted(["bin"]).Conflicts).Kind);
    }

    [Fact]
    public void Rename_upstreamOfAFileTheClientChanged_namesTheNewPath()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Write("one", "motd", "ONE\ntwo\nthree\nfour\nfive\n");
        cluster.UpstreamShell("mkdir motd.d; mv motd motd.d/10-motd; echo six >>motd.d/10-motd");
        cluster.Commit("rename");
        var conflict = Assert.Single(cluster.SyncConflicted(["motd"]).Conflicts);
        Assert.Equal("motd.d/10-motd", conflict.RenamedTo?.Value);
        Assert.Contains("motd.d/10-motd", conflict.Reason, StringComparison.Ordinal);
        Assert.Equal("one\ntwo\nthree\nfour\nfive\nsix\n", cluster.Read("one", "motd.d/10-motd"));
    }

    [Fact]
    public void UntrackedAndIgnored_upstream_isKeptOnTheClient()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.UpstreamShell("git rm -q --cached conf.d/05.conf; echo conf.d/05.conf >>.gitignore");
        cluster.Commit("untrack");
        cluster.SyncWell();
        Assert.Equal("value=5\n", cluster.Read("one", "conf.d/05.conf"));
        Assert.Equal("", cluster.GitOf("one", "ls-files", "conf.d/05.conf"));
        // And back again, with the same content.
        cluster.UpstreamShell("sed -i /05.conf/d .gitignore");
        cluster.Commit("track");
        cluster.SyncWell();
        Assert.Equal("conf.d/05.conf\n", cluster.GitOf("one", "ls-files", "conf.d/05.conf"));
    }

    [Fact]
    public void NewPath_thatTheClientHasAsAnIgnoredFileWithTheSameContent_isAdoptedWithUpstreamsAttributes()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Write("one", "secret.cache", "same\n");
        cluster.Put("secret.cache", "same\n", 0x180, 6, 12);
        cluster.UpstreamShell("git add -f secret.cache");
        cluster.Commit("adopt");
        cluster.SyncWell();
        Assert.Equal("600 6:12", cluster.Attributes("one", "secret.cache"));
        cluster.Put("secret.cache", "next\n", 0x180, 6, 12);
        cluster.Commit("next");
        cluster.SyncWell();
        Assert.Equal("next\n", cluster.Read("one", "secret.cache"));
    }

    [Fact]
    public void NewPath_thatTheClientHasAsAnotherIgnoredFile_isAConflictUntilItIsGone()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Write("one", "x.cache", "mine\n");
        cluster.Put("x.cache", "theirs\n");
        cluster.UpstreamShell("git add -f x.cache");
        cluster.Commit("collide");
        var outcome = cluster.SyncConflicted(["x.cache"]);
        Assert.Equal(ConflictKind.Untracked, outcome.Conflicts[0].Kind);
        Assert.Equal("mine\n", cluster.Read("one", "x.cache"));
        cluster.Put("motd", "other\n");
        cluster.Commit("more");
        cluster.SyncConflicted(["x.cache"]);
        Assert.Equal("other\n", cluster.Read("one", "motd"));
        File.Delete(cluster.ClientPath("one", "x.cache"));
        cluster.SyncWell();
        Assert.Equal("theirs\n", cluster.Read("one", "x.cache"));
    }

    [Fact]
    public void HeldPath_keepsItsOldBaseOverManyRounds_andHeals()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Write("one", "motd", "mine\ntwo\nthree\nfour\nfive\n");
        for (var round = 0; round < 3; round++)
        {
            cluster.Put("motd", $"theirs\ntwo\nthree\nfour\nround {round}\n");
            cluster.Put("conf.d/09.conf", $"round={round}\n");
            cluster.Commit($"round {round}");
            var conflict = Assert.Single(cluster.SyncConflicted(["motd"]).Conflicts);
            Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.GitOf("one", "cat-file", "blob", conflict.Base.Id.ToString()));
            Assert.Equal($"round={round}\n", cluster.Read("one", "conf.d/09.conf"));
        }

        // Upstream gives the line back: nothing is left to dispute.
        cluster.Put("motd", "one\ntwo\nthree\nfour\nlast\n");
        cluster.Commit("back");
        cluster.SyncWell();
        Assert.Equal("mine\ntwo\nthree\nfour\nlast\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void HoldClient_conflictInSuchAPath_freezesTheWholeClient()
    {
        using var cluster = new Cluster(["one"], policies: "version: 1\nrules:\n  - path: motd\n    hold: client\n");
        cluster.SyncWell();
        cluster.Write("one", "motd", "mine\n");
        cluster.Put("motd", "theirs\n");
        cluster.Put("conf.d/09.conf", "new\n");
        cluster.Commit("conflict");
        var outcome = cluster.SyncOf("one");
        Assert.Equal(OutcomeKind.Held, outcome.Kind);
        Assert.Contains("motd", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal("value=9\n", cluster.Read("one", "conf.d/09.conf"));
        Assert.Equal("mine\n", cluster.Read("one", "motd"));
        var head = cluster.Head("one");
        Assert.Equal(OutcomeKind.Held, cluster.SyncOf("one").Kind);
        Assert.Equal(head, cluster.Head("one"));
        cluster.Write("one", "motd", "theirs\n");
        cluster.SyncWell();
        Assert.Equal("new\n", cluster.Read("one", "conf.d/09.conf"));
    }

    [Fact]
    public void Together_conflictInOnePath_holdsTheSet()
    {
        using var cluster = new Cluster(["one"], policies: "version: 1\nrules:\n  - paths: [conf.d/01.conf, conf.d/02.conf]\n    together: pair\n");
        cluster.SyncWell();
        cluster.Write("one", "conf.d/01.conf", "mine\n");
        cluster.Put("conf.d/01.conf", "theirs\n");
        cluster.Put("conf.d/02.conf", "theirs\n");
        cluster.Put("conf.d/03.conf", "theirs\n");
        cluster.Commit("pair");
        var outcome = cluster.SyncConflicted(["conf.d/01.conf", "conf.d/02.conf"]);
        Assert.Equal(ConflictKind.HeldTogether, outcome.Conflicts[1].Kind);
        Assert.Equal("value=2\n", cluster.Read("one", "conf.d/02.conf"));
        Assert.Equal("theirs\n", cluster.Read("one", "conf.d/03.conf"));
        cluster.Write("one", "conf.d/01.conf", "theirs\n");
        cluster.SyncWell();
        Assert.Equal("theirs\n", cluster.Read("one", "conf.d/02.conf"));
    }

    [Fact]
    public void UnknownOwner_inUpstreamsRecord_holdsThePath()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", "sed -i /^man/d passwd");
        cluster.Put("new", "content\n", 0x1A0, 6);
        cluster.Put("conf.d/09.conf", "new\n");
        cluster.Commit("owner");
        var outcome = cluster.SyncConflicted(["new"]);
        Assert.Equal(ConflictKind.UnknownOwner, outcome.Conflicts[0].Kind);
        Assert.False(cluster.Exists("one", "new"));
        Assert.Equal("new\n", cluster.Read("one", "conf.d/09.conf"));
        cluster.Shell("one", "echo 'man:x:77:12:man:/var:/bin/sh' >>passwd");
        cluster.SyncWell();
        Assert.Equal("640 77:0", cluster.Attributes("one", "new"));
    }

    [Fact]
    public void Attribute_changedDifferentlyOnBothSides_isAConflictOfThatPathAlone()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Shell("one", "chmod 600 conf.d/01.conf; chmod 711 conf.d; chmod 640 motd");
        cluster.UpstreamShell("chmod 640 conf.d/01.conf; chmod 600 conf.d/02.conf; chmod 750 conf.d; chgrp 12 motd");
        cluster.Commit("modes");
        var outcome = cluster.SyncConflicted(["conf.d", "conf.d/01.conf"]);
        Assert.All(outcome.Conflicts, conflict => Assert.Equal(ConflictKind.Attribute, conflict.Kind));
        Assert.Equal("600 0:0", cluster.Attributes("one", "conf.d/01.conf"));
        Assert.Equal("600 0:0", cluster.Attributes("one", "conf.d/02.conf"));
        Assert.Equal("711 0:0", cluster.Attributes("one", "conf.d"));
        Assert.Equal("640 0:12", cluster.Attributes("one", "motd"));
        cluster.Shell("one", "chmod 640 conf.d/01.conf; chmod 750 conf.d");
        cluster.SyncWell();
    }

    [Fact]
    public void TopDirectory_modeChangedUpstream_isApplied()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.UpstreamShell("chmod 751 .; chgrp 12 .");
        cluster.Commit("top");
        cluster.SyncWell();
        Assert.Equal("751 0:12", cluster.Attributes("one", ""));
    }

    [Fact]
    public void EmptyDirectories_addedFilledAndRemovedUpstream_follow()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.UpstreamShell("mkdir -p void/a gone"));
        cluster.SyncWell();
        cluster.UpstreamShell("mkdir -p -m 700 fresh/deep; rmdir gone; echo x >void/a/x");
        cluster.Commit("directories");
        cluster.SyncWell();
        Assert.Equal("700 0:0", cluster.Attributes("one", "fresh/deep"));
        Assert.False(cluster.Exists("one", "gone"));
        Assert.Equal("x\n", cluster.Read("one", "void/a/x"));
        cluster.UpstreamShell("rm void/a/x");
        cluster.Commit("empty again");
        cluster.SyncWell();
        Assert.True(cluster.Exists("one", "void/a"));
    }

    [Fact]
    public void IgnoredDirectory_recordedUpstreamOnly_isNoConflictWhenItsModeChanges()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.UpstreamShell("mkdir run; echo x >run/pid"));
        cluster.SyncWell();
        cluster.Write("one", "motd", "mine\n");
        cluster.SyncWell();
        cluster.UpstreamShell("chmod 700 run");
        cluster.Put("conf.d/01.conf", "new\n");
        cluster.Commit("mode of an ignored directory");
        cluster.SyncWell();
        Assert.Equal("new\n", cluster.Read("one", "conf.d/01.conf"));
    }

    [Fact]
    public void NestedRepository_upstream_isReportedAndStopsNothing()
    {
        using var cluster = new Cluster(["one"], firstCommit: c =>
        {
            c.UpstreamShell("mkdir nested");
            Tool.Git(c.UpstreamPath("nested"), "init", "-q");
            Tool.Git(c.UpstreamPath("nested"), "commit", "-q", "--allow-empty", "-m", "nested");
        });
        cluster.SyncWell();
        Tool.Git(cluster.UpstreamPath("nested"), "commit", "-q", "--allow-empty", "-m", "more");
        cluster.Put("motd", "new\n");
        cluster.Commit("nested moves");
        var outcome = cluster.SyncOf("one");
        Assert.Equal("nested", Assert.Single(outcome.Conflicts).Path.Value);
        Assert.Equal("new\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void UpstreamClass_clientsChange_isCommittedAndPutBackWithItsAttributes()
    {
        using var cluster = new Cluster(["one"], policies: "version: 1\nrules:\n  - paths: [motd, conf.d/01.conf, conf.d/02.conf, ssh/]\n    class: upstream\n");
        cluster.SyncWell();
        cluster.Shell("one", "echo mine >motd; chmod 666 conf.d/01.conf; chown 6:12 conf.d/01.conf; rm conf.d/02.conf; echo x >ssh/added");
        var outcome = cluster.SyncWell();
        Assert.Contains(outcome.Decisions, decision => decision is { Action: MergeAction.PutBack, Path.Value: "motd" });
        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.Read("one", "motd"));
        Assert.Equal("644 0:0", cluster.Attributes("one", "conf.d/01.conf"));
        Assert.Equal("value=2\n", cluster.Read("one", "conf.d/02.conf"));
        Assert.False(cluster.Exists("one", "ssh/added"));
        Assert.Equal("mine\n", cluster.GitOf("one", "show", "client/one~1:motd"));
        Assert.Equal("x\n", cluster.GitOf("one", "show", "client/one~1:ssh/added"));
    }

    [Fact]
    public void ClientClass_changedUpstream_staysTheClients()
    {
        using var cluster = new Cluster(["one"], policies: "version: 1\nrules:\n  - paths: [motd, fresh]\n    class: client\n");
        cluster.SyncWell();
        cluster.Put("motd", "theirs\n", 0x180);
        cluster.Put("fresh", "first\n");
        cluster.Put("hostname", "elsewhere\n");
        cluster.Commit("client's");
        cluster.SyncWell();
        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.Read("one", "motd"));
        Assert.Equal("644 0:0", cluster.Attributes("one", "motd"));
        Assert.Equal("first\n", cluster.Read("one", "fresh"));
        Assert.Equal("one\n", cluster.Read("one", "hostname"));
        cluster.Put("fresh", "second\n");
        cluster.Commit("again");
        cluster.SyncWell();
        Assert.Equal("first\n", cluster.Read("one", "fresh"));
    }

    [Fact]
    public void LocalClass_onEitherSide_isNeitherCommittedNorTouched()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.Put("adjtime", "0\n"));
        cluster.SyncWell();
        var inode = Tool.Run("stat", "-c", "%i", cluster.ClientPath("one", "adjtime"));
        cluster.Shell("one", "echo mine >adjtime; echo ns >resolv.conf; echo x >passwd-; chmod 600 passwd-");
        cluster.Put("adjtime", "1\n");
        cluster.Put("resolv.conf", "theirs\n");
        cluster.Put(".updated", "theirs\n");
        cluster.Commit("local");
        cluster.SyncWell();
        Assert.Equal("mine\n", cluster.Read("one", "adjtime"));
        Assert.Equal(inode, Tool.Run("stat", "-c", "%i", cluster.ClientPath("one", "adjtime")));
        Assert.Equal("ns\n", cluster.Read("one", "resolv.conf"));
        Assert.DoesNotContain("passwd-", cluster.Read("one", ".etckeeper"), StringComparison.Ordinal);
        Assert.DoesNotContain("passwd-", cluster.GitOf("one", "log", "--name-only"), StringComparison.Ordinal);
        cluster.UpstreamShell("rm adjtime resolv.conf");
        cluster.Commit("gone");
        cluster.SyncWell();
        Assert.Equal("mine\n", cluster.Read("one", "adjtime"));
    }

    [Fact]
    public void OddNames_areRolledOutAndBack()
    {
        string[] names = ["-rf", "it's", "a\"quote", "back\\slash", "sp ace", "日本", "$(touch canary)", new string('x', 255), "tab\there"];
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        foreach (var name in names) cluster.Put($"odd/{name}", $"{name}\n", 0x180);
        cluster.Commit("odd names");
        cluster.SyncWell();
        foreach (var name in names)
        {
            Assert.Equal($"{name}\n", File.ReadAllText(cluster.ClientPath("one", $"odd/{name}")));
            Assert.Equal("600 0:0", cluster.Attributes("one", $"odd/{name}"));
            File.AppendAllText(cluster.ClientPath("one", $"odd/{name}"), "mine\n", Encoding.UTF8);
        }

        cluster.SyncWell(request: new() { Drift = EtcSync.Core.Drift.DriftAnswer.Accept });
    }
}
