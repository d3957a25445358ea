using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Controller;

public sealed class ConfigurationTests
{
    [Fact]
    public void NewClient_inTheInventory_getsItsClone()
    {
        using var cluster = new Cluster(["one"]);
        using var controller = ControllerProcess.Start(cluster);
        Eventually.Holds(() => File.Exists(cluster.ClientPath("one", "motd")), () => controller.Program.Output);
        File.AppendAllText(Inventory(cluster), "  - name: two\n    mac: 02:00:00:00:00:77\n");
        controller.WaitFor("The configuration was read again: 2 clients.");
        Eventually.Holds(() => File.Exists(cluster.ClientPath("two", "motd")), () => controller.Program.Output);
        controller.WaitFor("two: its clone was made.");
        controller.Stop();
        cluster.AssertWhole("two");
    }

    [Fact]
    public void BrokenFile_isReportedWithItsLineAndTheLastGoodOneStaysInForce()
    {
        using var cluster = new Cluster(["one"]);
        cluster.RunSync();
        using var controller = ControllerProcess.Start(cluster);
        var good = File.ReadAllText(Inventory(cluster));
        File.WriteAllText(Inventory(cluster), good + "  - name: two\n    mac: nonsense\n");
        var line = controller.WaitFor("the last good one stays in force");
        Assert.Contains("/etc/etcsync/inventory.yaml:6", line, StringComparison.Ordinal);
        Assert.Contains("nonsense", line, StringComparison.Ordinal);
        cluster.Put("motd", "still works\n");
        cluster.Commit("still");
        Eventually.Holds(() => cluster.Read("one", "motd") == "still works\n", () => controller.Program.Output);
        File.WriteAllText(Inventory(cluster), good);
        controller.WaitFor("The configuration was read again: 1 clients.");
        controller.Stop();
    }

    [Fact]
    public void Schedule_thatQuartzRefuses_isReportedWithItsLineAtStart()
    {
        using var cluster = new Cluster(["one"]);
        File.WriteAllText(Path.Combine(cluster.Root, "etc/etcsync/policies/80-site.yaml"),
            "version: 1\nrules:\n  - groups: none\n    rollout: schedule\n    cron: \"0 0 3 ? * 6#7\"\n    time-zone: Europe/Atlantis\n");
        foreach (var command in (string[])["sync", "run"])
        {
            var (code, output) = RunningProgram.Run(cluster.Root, command);
            Assert.Equal(1, code);
            Assert.Contains("/etc/etcsync/policies/80-site.yaml:4", output, StringComparison.Ordinal);
            Assert.Contains("6#7", output, StringComparison.Ordinal);
            Assert.Contains("Europe/Atlantis", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Schedule_whoseTimeIsOver_isReportedAndStopsNobody()
    {
        const string Policies = "version: 1\nrules:\n  - clients: late\n    rollout: schedule\n    cron: \"0 0 3 * * ? 2020\"\n";
        using var cluster = new Cluster(["late", "one"], policies: Policies);
        using var controller = ControllerProcess.Start(cluster);
        controller.WaitFor("The rollout of '0 0 3 * * ? 2020' is never due again");
        Eventually.Holds(() => File.Exists(cluster.ClientPath("one", "motd")), () => controller.Program.Output);
        controller.Stop();
    }

    [Fact]
    public void LogFile_getsWhatTheConsoleGets()
    {
        using var cluster = new Cluster(["one"], "log:\n  file: /var/log/etcsync.log\n  level: debug\n");
        using var controller = ControllerProcess.Start(cluster);
        controller.WaitFor("one: its clone was made.");
        controller.Stop();
        var file = Assert.Single(Directory.EnumerateFiles(Path.Combine(cluster.Root, "var/log"), "etcsync*.log"));
        var text = File.ReadAllText(file);
        Assert.Contains("its clone was made.", text, StringComparison.Ordinal);
        Assert.Contains("\"Run\":\"", text, StringComparison.Ordinal);
        Assert.EndsWith("Stopped.", text.TrimEnd().Replace(" {}", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static string Inventory(Cluster cluster) => Path.Combine(cluster.Root, "etc/etcsync/inventory.yaml");
}
