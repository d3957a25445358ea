using EtcSync.Configuration;
using EtcSync.State;

namespace EtcSync.Tests.Configuration;

public sealed class RolloutCheckTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("etcsync-schedule-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("0 0 3 ? * 6#7")]
    [InlineData("0 0 3 L-99 * ?")]
    public void Cron_thatOnlyQuartzRefuses_isAProblemWithFileAndLine(string cron)
    {
        var problem = Assert.Single(Load($"    rollout: schedule\n    cron: \"{cron}\"\n"));
        Assert.Equal(($"{_root}/etc/etcsync/policies/80-site.yaml", 4, "cron"), (problem.File, problem.Line, problem.Key));
        Assert.Contains(cron, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TimeZone_thatTheMachineDoesNotKnow_isAProblem()
    {
        var problem = Assert.Single(Load("    rollout: schedule\n    cron: \"0 0 3 * * ?\"\n    time-zone: Europe/Atlantis\n"));
        Assert.Equal("time-zone", problem.Key);
        Assert.Contains("Europe/Atlantis", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 30 3 * * ?", "Europe/Berlin")]
    [InlineData("0 0/15 8-18 ? * MON-FRI", "UTC")]
    [InlineData("0 0 3 ? * 6L", null)]
    public void Schedule_thatQuartzTakes_isNone(string cron, string? zone) =>
        Assert.Empty(Load($"    rollout: schedule\n    cron: \"{cron}\"\n{(zone is null ? "" : $"    time-zone: {zone}\n")}"));

    [Fact]
    public void Client_withAScheduleOfItsOwn_isCheckedToo()
    {
        var problem = Assert.Single(Load("    rollout: manual\n", "    rollout: schedule\n    cron: \"0 0 3 ? * 6#7\"\n"));
        Assert.Equal($"{_root}/etc/etcsync/inventory.yaml", problem.File);
    }

    // The rule is for a group that nobody is in: it counts all the same.
    private System.Collections.Immutable.ImmutableArray<Core.Configuration.Problem> Load(string rule, string client = "")
    {
        var locations = new Locations(_root);
        Directory.CreateDirectory(locations.PolicyDirectory);
        File.WriteAllText(locations.SettingsFile, "version: 1\nupstream:\n  branch: master\n");
        File.WriteAllText(locations.InventoryFile, $"version: 1\nclients:\n  - name: one\n    mac: 02:00:00:00:00:01\n{client}");
        File.WriteAllText(Path.Combine(locations.PolicyDirectory, "80-site.yaml"), $"version: 1\nrules:\n  - groups: none\n{rule}");
        return ConfigurationLoader.Load(locations).Problems;
    }
}
