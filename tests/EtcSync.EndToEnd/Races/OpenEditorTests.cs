using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Races;

public sealed class OpenEditorTests
{
    [Fact]
    public void Save_ofAFileThatWasOpenAcrossTwoRollouts_keepsBothRollouts()
    {
        using var cluster = new Cluster(["one"]);
        cluster.RunSync();
        var opened = cluster.Read("one", "motd");
        foreach (var round in (string[])["first", "second"])
        {
            cluster.Put("motd", $"one\ntwo\nthree\nfour\n{round}\n");
            cluster.Commit(round);
            cluster.RunSync();
        }

        File.WriteAllText(cluster.ClientPath("one", "motd"), opened.Replace("one\n", "mine\n", StringComparison.Ordinal));
        cluster.RunSync();
        Assert.Equal("mine\ntwo\nthree\nfour\nsecond\n", cluster.Read("one", "motd"));
        // What was saved is in the history all the same.
        Assert.Contains("+five", cluster.History("one", "motd"), StringComparison.Ordinal);
        cluster.AssertWhole("one");
        cluster.AssertQuiet("one");
    }
}
