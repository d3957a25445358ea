using EtcSync.Clients;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

/// <summary>Programs that have a file open across a rollout: editors that save late, daemons that write to what was swapped out.</summary>
public sealed class RolloutAcrossProgramsTests
{
    private const string Old = "one\ntwo\nthree\nfour\nfive\n";
    private const string New = "one\ntwo\nthree\nfour\nFIVE\n";

    [Fact]
    public void StaleSave_exact_isPutRightOnce_andObeyedWhenDoneAgain()
    {
        using var cluster = RolledOut(new());
        cluster.Write("one", "motd", Old);
        var outcome = cluster.SyncWell();
        Assert.Equal("motd", Assert.Single(outcome.StaleSaves).Path.Value);
        Assert.Equal(New, cluster.Read("one", "motd"));
        // What was saved is in the history, and who insists gets it.
        Assert.Equal(Old, cluster.GitOf("one", "show", "client/one~1:motd"));
        cluster.Write("one", "motd", Old);
        Assert.Empty(cluster.SyncWell().StaleSaves);
        Assert.Equal(Old, cluster.Read("one", "motd"));
    }

    [Fact]
    public void StaleSave_withEditsOnTop_keepsTheEditsAndTheRollout()
    {
        using var cluster = RolledOut(new());
        cluster.Write("one", "motd", "ONE\ntwo\nthree\nfour\nfive\n");
        Assert.Single(cluster.SyncWell().StaleSaves);
        Assert.Equal("ONE\ntwo\nthree\nfour\nFIVE\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void StaleSave_thatChangesTheRolloutsLinesToo_isAConflict_andHealsWhenTheClientGivesIn()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.Put("motd", "ONE\ntwo\nthree\nfour\nFIVE\n");
        cluster.Commit("both ends");
        cluster.SyncWell();
        // The editor had the version before; the first line is changed here as well, the last one is the old one.
        cluster.Write("one", "motd", "mine\ntwo\nthree\nfour\nfive\n");
        Assert.Contains("open across a rollout", Assert.Single(cluster.SyncConflicted(["motd"]).Conflicts).Reason, StringComparison.Ordinal);
        Assert.Equal("mine\ntwo\nthree\nfour\nfive\n", cluster.Read("one", "motd"));
        // It stays one, with what upstream brings later.
        cluster.Put("motd", "ONE\ntwo\nthree\nfour\nFIVE\nsix\n");
        cluster.Put("conf.d/01.conf", "new\n");
        cluster.Commit("more");
        cluster.SyncConflicted(["motd"]);
        Assert.Equal("new\n", cluster.Read("one", "conf.d/01.conf"));
        cluster.Write("one", "motd", "ONE\ntwo\nthree\nfour\nfive\n");
        cluster.SyncWell();
        Assert.Equal("ONE\ntwo\nthree\nfour\nFIVE\nsix\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void EditOfWhatARolloutChanged_isTheClientsWish()
    {
        using var cluster = RolledOut(new());
        cluster.Write("one", "motd", "one\ntwo\nthree\nfour\nmine\n");
        Assert.Empty(cluster.SyncWell().StaleSaves);
        Assert.Equal("one\ntwo\nthree\nfour\nmine\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void StaleSave_acrossAMergeOfWhatWasHeld_isRecognised()
    {
        using var cluster = new Cluster(["one"], policies: "version: 1\nrules:\n  - paths: [motd, conf.d/01.conf]\n    together: pair\n");
        cluster.SyncWell();
        cluster.Write("one", "conf.d/01.conf", "mine\n");
        cluster.Put("conf.d/01.conf", "theirs\n");
        cluster.Put("motd", New);
        cluster.Commit("pair");
        cluster.SyncConflicted(["conf.d/01.conf", "motd"]);
        cluster.Write("one", "conf.d/01.conf", "theirs\n");
        cluster.SyncWell();
        Assert.Equal(New, cluster.Read("one", "motd"));
        cluster.Write("one", "motd", Old);
        Assert.Single(cluster.SyncWell().StaleSaves);
        Assert.Equal(New, cluster.Read("one", "motd"));
    }

    [Fact]
    public void ModeThatARolloutChanged_takenBackByTheClient_isNoStaleSave()
    {
        using var cluster = new Cluster(["one"]);
        cluster.SyncWell();
        cluster.UpstreamShell("chmod 700 motd");
        cluster.Commit("executable");
        cluster.SyncWell();
        cluster.Shell("one", "chmod 600 motd");
        Assert.Empty(cluster.SyncWell().StaleSaves);
        Assert.Equal("600 0:0", cluster.Attributes("one", "motd"));
    }

    [Fact]
    public void OldVersion_afterTheWindow_isTheClientsWish()
    {
        var time = new MovableTime();
        using var cluster = RolledOut(time);
        time.Advance(TimeSpan.FromHours(2));
        cluster.Write("one", "motd", Old);
        Assert.Empty(cluster.SyncWell().StaleSaves);
        Assert.Equal(Old, cluster.Read("one", "motd"));
    }

    [Fact]
    public void OldVersion_ofUpstreamsOwnHistory_isNoStaleSave()
    {
        using var cluster = new Cluster(["one"]);
        // A merge in upstream's history, before there was a client.
        Tool.Git(cluster.Upstream, "checkout", "-q", "-b", "side");
        cluster.Put("motd", New);
        cluster.Commit("side");
        Tool.Git(cluster.Upstream, "checkout", "-q", "master");
        Tool.Git(cluster.Upstream, "merge", "-q", "--no-ff", "-m", "merge", "side");
        cluster.SyncWell();
        cluster.Write("one", "motd", Old);
        Assert.Empty(cluster.SyncWell().StaleSaves);
        Assert.Equal(Old, cluster.Read("one", "motd"));
    }

    [Fact]
    public void ChangeOnTopOfTheRollout_isNoStaleSave()
    {
        using var cluster = RolledOut(new());
        cluster.Write("one", "motd", "ONE\ntwo\nthree\nfour\nFIVE\n");
        Assert.Empty(cluster.SyncWell().StaleSaves);
        Assert.Equal("ONE\ntwo\nthree\nfour\nFIVE\n", cluster.Read("one", "motd"));
    }

    [Fact]
    public void LateWrite_intoAFileThatWasSwappedOut_isBroughtBack()
    {
        var time = new MovableTime();
        using var cluster = new Cluster(["one"]) { Time = time };
        cluster.Configure("");
        cluster.SyncWell();
        using (var open = new FileStream(cluster.ClientPath("one", "motd"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            cluster.Put("motd", New);
            cluster.Commit("new");
            cluster.SyncWell();
            open.Write("ONE"u8);
        }

        Assert.Equal(New, cluster.Read("one", "motd"));
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Single(cluster.SyncOf("one").LateWrites);
        Assert.Equal("ONE\ntwo\nthree\nfour\nFIVE\n", cluster.Read("one", "motd"));
        cluster.AssertSettled("one", OutcomeKind.Unchanged);
        time.Advance(TimeSpan.FromMinutes(11));
        cluster.SyncWell();
        Assert.Empty(Kept(cluster));
    }

    [Fact]
    public void LateWrite_thatCannotBeJoined_isReportedAndKept()
    {
        var time = new MovableTime();
        using var cluster = new Cluster(["one"]) { Time = time };
        cluster.Configure("");
        cluster.SyncWell();
        using (var open = new FileStream(cluster.ClientPath("one", "motd"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            cluster.Put("motd", New);
            cluster.Commit("new");
            cluster.SyncWell();
            open.Position = Old.Length - 5;
            open.Write("Five"u8);
        }

        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Null(Assert.Single(cluster.SyncOf("one").LateWrites).Merged);
        for (var i = 0; i < 2; i++)
        {
            var outcome = cluster.SyncOf("one");
            Assert.Equal(OutcomeKind.Unchanged, outcome.Kind);
            var finding = Assert.Single(outcome.Findings);
            Assert.Equal("motd", finding.Path);
            Assert.Contains("/kept/lost-", finding.Message, StringComparison.Ordinal);
        }

        Assert.Equal(New, cluster.Read("one", "motd"));
        Assert.Equal("one\ntwo\nthree\nfour\nFive\n", File.ReadAllText(Assert.Single(Kept(cluster))));
    }

    [Fact]
    public void LateWrite_intoAFileThatTheRolloutRemoved_isReportedAndKept()
    {
        var time = new MovableTime();
        using var cluster = new Cluster(["one"]) { Time = time };
        cluster.Configure("");
        cluster.SyncWell();
        using (var open = new FileStream(cluster.ClientPath("one", "motd"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            File.Delete(cluster.UpstreamPath("motd"));
            cluster.Commit("gone");
            cluster.SyncWell();
            open.Write("ONE"u8);
        }

        time.Advance(TimeSpan.FromMinutes(11));
        cluster.SyncOf("one");
        Assert.Contains("/kept/lost-", Assert.Single(cluster.SyncOf("one").Findings).Message, StringComparison.Ordinal);
        Assert.StartsWith("ONE", File.ReadAllText(Assert.Single(Kept(cluster))), StringComparison.Ordinal);
    }

    [Fact]
    public void HardLink_ofATrackedFile_isNotChangedInPlace_andItsWritesAreNoLateWrites()
    {
        var time = new MovableTime();
        using var cluster = new Cluster(["one"]) { Time = time };
        cluster.Configure("");
        cluster.SyncWell();
        cluster.Shell("one", "ln motd twin");
        cluster.SyncWell();
        cluster.Put("motd", New);
        cluster.Commit("new");
        cluster.SyncWell();
        Assert.Equal(Old, cluster.Read("one", "twin"));
        cluster.Write("one", "twin", "twin\n");
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Empty(cluster.SyncOf("one").LateWrites);
        Assert.Equal(New, cluster.Read("one", "motd"));
        Assert.Equal("twin\n", cluster.Read("one", "twin"));
        Assert.Empty(Kept(cluster));
    }

    private static IEnumerable<string> Kept(Cluster cluster) => Directory.EnumerateFileSystemEntries(Path.Combine(cluster.Root, "srv/.etcsync/one/kept"));

    private static Cluster RolledOut(MovableTime time)
    {
        var cluster = new Cluster(["one"]) { Time = time };
        cluster.Configure("");
        cluster.SyncWell();
        cluster.Put("motd", New);
        cluster.Commit("new");
        cluster.SyncWell();
        return cluster;
    }
}
