using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Controller;

[Collection(MeasuredCollection.Name)]
public sealed class RolloutTests
{
    private const string Policies = """
        version: 1
        rules:
          - clients: nightly
            rollout: schedule
            cron: "0/4 * * * * ?"
            time-zone: Europe/Berlin
          - clients: careful
            rollout: manual

        """;

    [Fact]
    public void Policies_decideWhenAClientTakesACommit()
    {
        using var cluster = new Cluster(["eager", "nightly", "careful"], policies: Policies);
        using var controller = ControllerProcess.Start(cluster);
        // Clones are made at once, whatever the policy says about later commits.
        string[] all = ["eager", "nightly", "careful"];
        Eventually.Holds(() => all.All(client => File.Exists(cluster.ClientPath(client, "motd"))), () => controller.Program.Output);
        // Right after a rollout, so that the next one is not due at this moment.
        controller.WaitFor("is due for 1 clients");
        var seen = controller.Program.Lines.Count;
        cluster.Put("motd", "new\n");
        cluster.Commit("new");
        Eventually.Holds(() => cluster.Read("eager", "motd") == "new\n", () => controller.Program.Output);
        controller.WaitFor("The rollout of '0/4 * * * * ?' is due for 1 clients.", seen);
        Eventually.Holds(() => cluster.Read("nightly", "motd") == "new\n", () => controller.Program.Output);
        Eventually.Always(TimeSpan.FromSeconds(1), () => cluster.Read("careful", "motd") != "new\n", () => "A manual client was rolled out to.");
        cluster.RunSync("careful");
        Assert.Equal("new\n", cluster.Read("careful", "motd"));
        controller.Stop();
        Assert.All(all, cluster.AssertWhole);
    }

    [Fact]
    public void RewrittenHistory_isReportedAndRolledOutWhenAccepted()
    {
        using var cluster = new Cluster(["one"]);
        cluster.RunSync();
        cluster.Put("motd", "first\n");
        cluster.Commit("first");
        cluster.RunSync();
        using var controller = ControllerProcess.Start(cluster);
        Tool.Git(cluster.Upstream, "reset", "-q", "--hard", "HEAD~1");
        cluster.Put("motd", "second\n");
        cluster.Commit("second");
        controller.WaitFor("was rewritten");
        Eventually.Always(TimeSpan.FromSeconds(1.5), () => cluster.Read("one", "motd") == "first\n", () => "A rewritten history was rolled out.");
        var (refused, message) = RunningProgram.Run(cluster.Root, "sync");
        Assert.Equal(2, refused);
        Assert.Contains("--accept-rewrite", message, StringComparison.Ordinal);
        Assert.Equal("first\n", cluster.Read("one", "motd"));
        var (code, output) = RunningProgram.Run(cluster.Root, "sync", "--accept-rewrite");
        Assert.True(code == 0, output);
        Assert.Equal("second\n", cluster.Read("one", "motd"));
        controller.Stop();
        cluster.AssertWhole("one");
        cluster.AssertQuiet("one");
    }
}
