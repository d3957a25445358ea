using EtcSync.Core.Merging;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

public sealed class PutBackTests
{
    private const string Policies = "version: 1\nrules:\n  - path: motd\n    class: upstream\n";

    [Theory]
    [InlineData("rm motd; mkdir -p motd/sub; echo x >motd/sub/x.cache", true)]
    [InlineData("rm motd; mkdir -p motd/a/b", true)]
    [InlineData("rm motd; mkdir motd; echo x >motd/x.cache; echo y >conf.d/01.conf", false)]
    public void DirectoryOfIgnoredFiles_whereAFileIsPutBack_isAConflictThatNamesIt(string commands, bool upstreamMoves)
    {
        using var cluster = new Cluster(["one"], policies: Policies);
        cluster.SyncWell();
        cluster.Shell("one", commands);
        if (upstreamMoves)
        {
            cluster.Put("motd", "new\n");
            cluster.Put("conf.d/20.conf", "new\n");
            cluster.Commit("new");
        }

        var outcome = cluster.SyncConflicted(["motd"]);
        Assert.Equal(ConflictKind.Untracked, outcome.Conflicts[0].Kind);
        Assert.Contains("motd/", outcome.Conflicts[0].Reason, StringComparison.Ordinal);
        Assert.Matches(@"does not track motd/(x\.cache|sub/x\.cache|a/b/)", outcome.Conflicts[0].Reason);
        if (upstreamMoves) Assert.Equal("new\n", cluster.Read("one", "conf.d/20.conf"));
        cluster.Shell("one", "rm -r motd");
        cluster.SyncWell();
        Assert.Equal(File.ReadAllText(cluster.UpstreamPath("motd")), cluster.Read("one", "motd"));
    }

    [Theory]
    [InlineData("rm motd; mkdir motd")]
    [InlineData("rm motd")]
    public void DirectoryWithNothingInIt_makesWay(string commands)
    {
        using var cluster = new Cluster(["one"], policies: Policies);
        cluster.SyncWell();
        cluster.Shell("one", commands);
        cluster.SyncWell();
        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", cluster.Read("one", "motd"));
    }
}
