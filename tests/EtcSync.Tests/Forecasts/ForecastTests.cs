using System.Text.Json;
using EtcSync.Cli;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Paths;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;
using EtcSync.Resolutions;
using EtcSync.Tests.Cli;
using EtcSync.Tests.Clients;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Forecasts;

public sealed class ForecastTests
{
    private const string Rule = "version: 1\nrules:\n  - path: issue\n    on-conflict: client\n  - path: owned\n    class: upstream\n";

    [Fact]
    public void StagedChange_isToldByPathAndClient_andWritesNothing()
    {
        using var cluster = Prepared();
        cluster.Put("motd", "new\ntwo\nthree\nfour\nfive\n");
        cluster.Put("issue", "upstream\n");
        cluster.Put("owned", "upstream\n");
        cluster.Put("hostname", "renamed\n");
        cluster.Put("conf.d/03.conf", "value=3\nmore=1\n");
        Tool.Git(cluster.Upstream, "add", "-A");

        var before = Picture(cluster);
        var told = cluster.Cli("plan", "--staged");
        var answer = cluster.Cli("plan", "--staged", "--json");
        Assert.Equal(before, Picture(cluster));

        Assert.Equal((ExitCode.PersonNeeded, ExitCode.PersonNeeded), (told.Code, answer.Code));
        Assert.Equal(["pc01 pc04:take", "pc02:combine", "pc03:conflict"], Effects(answer.Json, "motd"));
        Assert.Equal(["pc01 pc02 pc04:take", "pc03:settled"], Effects(answer.Json, "issue"));
        Assert.Equal(["pc01 pc02 pc03 pc04:take"], Effects(answer.Json, "owned"));
        Assert.Equal(["pc01 pc02 pc03 pc04:keep"], Effects(answer.Json, "hostname"));
        Assert.Equal(["pc01 pc02 pc03 pc04:take"], Effects(answer.Json, "conf.d/03.conf"));
        Assert.Equal((5, 0, 3, 1, 1), Summary(answer.Json));
        Assert.Matches(@"1 client in conflict: pc03: Both sides changed the same lines", told.Out);
        Assert.Matches(@"1 client has the client's version, by .*80-site.yaml:3: pc03", told.Out);
        Assert.Contains("Without a clone yet, which would be made from it: pc05.", told.Out, StringComparison.Ordinal);
        Assert.Contains("Held, and takes it when it is let go: pc04 (exam).", told.Out, StringComparison.Ordinal);
        Assert.Contains("is not considered", told.Out, StringComparison.Ordinal);

        // And it is what a sync does then.
        cluster.Cli("resume", "pc04");
        cluster.Commit("as foretold");
        var outcomes = cluster.Sync().ToDictionary(outcome => outcome.Client.Value, outcome => string.Join(' ', outcome.Conflicts.Select(conflict => conflict.Path)), StringComparer.Ordinal);
        Assert.Equal(["", "", "motd", "", ""], outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value));
        Assert.Equal("renamed\n", File.ReadAllText(cluster.UpstreamPath("hostname")));
        Assert.Equal("mine\n", cluster.Read("pc03", "issue"));
    }

    [Fact]
    public void WorkTree_isTakenAsEtckeeperWould_whatIsNotStagedIncluded()
    {
        using var cluster = Prepared();
        File.AppendAllText(Path.Combine(cluster.Upstream, ".git/info/exclude"), "*.secret\n");
        cluster.Put("new/file", "x\n", 0x180);
        cluster.Put("own.secret", "x\n");
        cluster.Put("run/ignored", "x\n");
        File.Delete(cluster.UpstreamPath("conf.d/07.conf"));
        cluster.UpstreamShell("chmod 700 ssh; chmod 600 conf.d/08.conf");
        var before = Picture(cluster);
        var answer = cluster.Cli("plan", "--worktree", "--json");
        Assert.Equal(before, Picture(cluster));
        Assert.Equal(ExitCode.InOrder, answer.Code);
        Assert.Equal(["conf.d/07.conf deleted", "conf.d/08.conf mode 0644 becomes 0600", "new/file added", "ssh mode 0755 becomes 0700"],
            answer.Json.GetProperty("paths").EnumerateArray().Select(path => $"{path.GetProperty("path").GetString()} {path.GetProperty("change").GetString()}"));
        Assert.Equal(["pc01 pc02 pc03 pc04:take"], Effects(answer.Json, "ssh"));

        // The tree is the very one that the commit has then.
        cluster.Commit("all of it");
        Assert.Equal(Tool.Git(cluster.Upstream, "rev-parse", "HEAD^{tree}").Trim(), answer.Json.GetProperty("candidate").GetProperty("tree").GetString());
    }

    [Fact]
    public void StagedChange_beforeEtckeepersPart_hasTheTreeOfTheCommit()
    {
        using var cluster = Prepared();
        cluster.Put("added", "x\n", 0x180);
        Tool.Git(cluster.Upstream, "add", "added");
        cluster.Put("untracked", "x\n");
        var tree = cluster.Cli("plan", "--staged", "--json").Json.GetProperty("candidate").GetProperty("tree").GetString();
        Tool.Git(cluster.Upstream, "add", ".etckeeper");
        File.WriteAllBytes(cluster.UpstreamPath(".etckeeper"), Cluster.MetadataOf(cluster.Upstream, _ => false));
        Tool.Git(cluster.Upstream, "add", ".etckeeper");
        Assert.Equal(Tool.Git(cluster.Upstream, "write-tree").Trim(), tree);
    }

    [Fact]
    public void Revision_isWhateverGitUnderstands_andABranchOfItsOwnIsNoRewrite()
    {
        using var cluster = Prepared();
        Tool.Git(cluster.Upstream, "switch", "-q", "-c", "try");
        cluster.Put("motd", "new\ntwo\nthree\nfour\nfive\n");
        cluster.Commit("an idea");
        Tool.Git(cluster.Upstream, "switch", "-q", "master");
        var before = Picture(cluster);
        foreach (var revision in (string[])["try", "try~0", "refs/heads/try", "try^{tree}"])
        {
            var answer = cluster.Cli("plan", "--upstream", revision, "--json");
            Assert.Equal(["pc01 pc04:take", "pc02:combine", "pc03:conflict"], Effects(answer.Json, "motd"));
            Assert.Equal(JsonValueKind.Null, answer.Json.GetProperty("candidate").GetProperty("rewrites").ValueKind);
        }

        Assert.Equal(before, Picture(cluster));
        Assert.Contains("names no commit and no tree", cluster.Cli("plan", "--upstream", "nowhere").Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, cluster.Cli("plan", "--upstream", "try", "--staged").Code);
    }

    [Fact]
    public void Revision_thatDoesNotContinueWhatIsRolledOut_isCalledARewrite()
    {
        using var cluster = Prepared();
        cluster.Put("motd", "later\n");
        cluster.Commit("later");
        cluster.Sync();
        var answer = cluster.Cli("plan", "--upstream", "HEAD~1");
        Assert.Contains("--accept-rewrite", answer.Error, StringComparison.Ordinal);
        Assert.Contains("motd (changed)", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void ChangeThatWouldBreakClients_isAConflictOfAllOfThem()
    {
        using var cluster = Prepared();
        cluster.Put("fstab", "tmpfs /etc tmpfs defaults 0 0\n");
        Tool.Git(cluster.Upstream, "add", "-A");
        Assert.Equal(["pc01 pc02 pc03 pc04:conflict"], Effects(cluster.Cli("plan", "--staged", "--json").Json, "fstab"));
    }

    [Fact]
    public void ConflictThatIsThereAlready_isNoneOfTheCandidates()
    {
        using var cluster = Prepared();
        cluster.Put("motd", "new\ntwo\nthree\nfour\nfive\n");
        cluster.Commit("disputed");
        cluster.Sync();
        cluster.Put("conf.d/03.conf", "other\n");
        Tool.Git(cluster.Upstream, "add", "-A");
        var answer = cluster.Cli("plan", "--staged");
        Assert.Equal(ExitCode.InOrder, answer.Code);
        Assert.Contains("Already in conflict, and it stays so: motd on pc03.", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void EarlierAnswer_countsForThoseWhomItIsFor()
    {
        using var cluster = Prepared();
        cluster.Write("pc02", "motd", "mine\ntwo\nthree\nfour\nfive\n");
        Assert.Equal(0, cluster.Cli("sync", "pc02").Code);
        cluster.Put("motd", "new\ntwo\nthree\nfour\nfive\n");
        Tool.Git(cluster.Upstream, "add", "-A");
        var before = cluster.Cli("plan", "--staged", "--json").Json;
        Assert.Equal(["pc01 pc04:take", "pc02 pc03:conflict"], Effects(before, "motd"));

        var dispute = before.GetProperty("outcomes").EnumerateArray().SelectMany(outcome => outcome.GetProperty("conflicts").EnumerateArray()).First();
        var key = DisputeKey.Of(RepoPath.Parse("motd"), Version("base"), Version("client"), Version("upstream"));
        var answer = new Resolution(key, new DisputeAnswer.Take(DisputeSide.Client), [ClientName.Parse("pc03")], "ann", new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero));
        cluster.Workspace.Resolutions.Keep(KeptResolutions.None, [new(answer, ContentsInDispute.Unknown)], new("ann", "ann@server", answer.When), CancellationToken.None);

        var told = cluster.Cli("plan", "--staged", "--json").Json;
        Assert.Equal(["pc01 pc04:take", "pc03:settled", "pc02:conflict"], Effects(told, "motd"));
        Assert.Equal(1, told.GetProperty("summary").GetProperty("resolution").GetInt32());
        Assert.Contains("as settled by ann on 2026-03-01", cluster.Cli("plan", "--staged").Out, StringComparison.Ordinal);

        FileVersion Version(string side) => new(EntryMode.File, ObjectId.Parse(dispute.GetProperty(side).GetString()!));
    }

    [Fact]
    public void Layers_areMergedIntoTheCandidate()
    {
        using var cluster = new Cluster(["pc01:lab", "pc02"]);
        cluster.Sync();
        cluster.Cli("layer", "edit", "lab", "-m", "lab", "--", "/bin/sh", "-c", "echo lab >motd");
        cluster.Sync();
        cluster.Put("motd", "new\n");
        Tool.Git(cluster.Upstream, "add", "-A");
        var before = Picture(cluster);
        var answer = cluster.Cli("plan", "--staged", "--json");
        Assert.Equal(before, Picture(cluster));
        Assert.Equal(ExitCode.PersonNeeded, answer.Code);
        Assert.Equal("lab", answer.Json.GetProperty("layerConflicts")[0].GetProperty("group").GetString());
        Assert.Equal(["pc02:take", "pc01:layer"], Effects(answer.Json, "motd"));
    }

    [Fact]
    public void BrokenClient_isToldAndIsNobodyElsesProblem()
    {
        using var cluster = Prepared();
        File.WriteAllText(Path.Combine(cluster.GitDirectory("pc01"), "refs/etcsync/merged"), "nonsense\n");
        cluster.Put("conf.d/03.conf", "other\n");
        Tool.Git(cluster.Upstream, "add", "-A");
        var answer = cluster.Cli("plan", "--staged", "--json");
        Assert.Equal(ExitCode.Failed, answer.Code);
        Assert.Equal("pc01", answer.Json.GetProperty("unseen")[0].GetProperty("name").GetString());
        Assert.Equal(["pc02 pc03 pc04:take"], Effects(answer.Json, "conf.d/03.conf"));
    }

    [Fact]
    public void UnfinishedMergeUpstream_isNoCandidate()
    {
        using var cluster = Prepared();
        Tool.Git(cluster.Upstream, "switch", "-q", "-c", "other");
        cluster.Put("motd", "other\n");
        cluster.Commit("other");
        Tool.Git(cluster.Upstream, "switch", "-q", "master");
        cluster.Put("motd", "mine\n");
        cluster.Commit("mine");
        Tool.Try("git", "-C", cluster.Upstream, "-c", "user.name=T", "-c", "user.email=t@t", "merge", "-q", "other");
        var answer = cluster.Cli("plan", "--staged");
        Assert.Equal(ExitCode.Failed, answer.Code);
        Assert.Contains("is not finished", answer.Error, StringComparison.Ordinal);
        Assert.Contains("motd", answer.Error, StringComparison.Ordinal);
    }

    // pc01 has nothing of its own, pc02 and pc03 have, pc04 is held, pc05 has no clone yet.
    private static Cluster Prepared()
    {
        var cluster = new Cluster(["pc01", "pc02", "pc03", "pc04", "pc05"], policies: Rule, firstCommit: c =>
        {
            c.Put("issue", "everybody\n");
            c.Put("owned", "everybody\n");
        });
        Assert.Equal(0, cluster.Cli("sync", "pc01", "pc02", "pc03", "pc04").Code);
        cluster.Write("pc02", "motd", "one\ntwo\nthree\nfour\nmine\n");
        cluster.Write("pc02", "its-own", "2\n");
        cluster.Write("pc03", "motd", "mine\ntwo\nthree\nfour\nfive\n");
        cluster.Write("pc03", "issue", "mine\n");
        Assert.Equal(0, cluster.Cli("sync", "pc01", "pc02", "pc03", "pc04").Code);
        cluster.Cli("hold", "pc04", "--reason", "exam");
        return cluster;
    }

    private static IEnumerable<string> Effects(JsonElement json, string path) => json.GetProperty("paths").EnumerateArray().Single(one => one.GetProperty("path").GetString() == path)
        .GetProperty("effects").EnumerateArray().Select(effect => $"{string.Join(' ', effect.GetProperty("clients").EnumerateArray().Select(name => name.GetString()))}:{effect.GetProperty("effect").GetString()}");

    private static (int Clients, int Clean, int Rule, int Conflict, int New) Summary(JsonElement json)
    {
        var summary = json.GetProperty("summary");
        return (Number("clients"), Number("clean"), Number("rule"), Number("conflict"), Number("new"));

        int Number(string name) => summary.GetProperty(name).GetInt32();
    }

    /// <summary>Everything below the sandbox, upstream's repository included: names, inodes, modes, times of content and of the inode, and contents.</summary>
    private static string Picture(Cluster cluster) => Tool.Run("/bin/bash", "-euc",
        $"cd '{cluster.Root}'; find . -printf '%p %i %y %m %U %G %s %l %T@ %C@\\n' | sort; find . -type f -print0 | sort -z | xargs -0 -r sha256sum");
}
