using EtcSync.Configuration;
using EtcSync.Controller;
using EtcSync.Core.Configuration;
using EtcSync.State;
using NSubstitute;
using Quartz;

namespace EtcSync.Tests.Controller;

/// <summary>What Quartz is asked for.</summary>
public sealed class RolloutScheduleTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _root = Directory.CreateTempSubdirectory("etcsync-schedule-").FullName;
    private readonly IScheduler _scheduler = Substitute.For<IScheduler>();
    private readonly RolloutSchedule _schedule;

    public RolloutScheduleTests()
    {
        var factory = Substitute.For<ISchedulerFactory>();
        factory.GetScheduler(Arg.Any<CancellationToken>()).ReturnsForAnyArgs(_scheduler);
        _schedule = new(factory);
    }

    private IEnumerable<string[]> Asked => _scheduler.ReceivedCalls().Where(call => call.GetMethodInfo().Name == nameof(IScheduler.ScheduleJobs))
        .Select(call => ((IReadOnlyDictionary<IJobDetail, IReadOnlyCollection<ITrigger>>)call.GetArguments()[0]!).Values.SelectMany(triggers => triggers).Cast<ICronTrigger>()
            .Select(trigger => $"{trigger.CronExpressionString} {trigger.TimeZone.Id}").Order(StringComparer.Ordinal).ToArray());

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Schedules_ofGroupsAndClients_areAskedForOnceEach()
    {
        await Apply(Load("0 0 3 * * ?", "UTC", "0 0 4 * * ?", clientsOfTheRule: 2));
        Assert.Equal([["0 0 3 * * ? UTC", "0 0 4 * * ? UTC"]], Asked);
    }

    [Fact]
    public async Task Configuration_withTheSameSchedules_asksForNothing()
    {
        await Apply(Load("0 0 3 * * ?", "UTC", null, clientsOfTheRule: 1));
        await Apply(Load("0 0 3 * * ?", "UTC", null, clientsOfTheRule: 2));
        Assert.Single(Asked);
    }

    [Fact]
    public async Task Configuration_withoutSchedules_takesTheJobAway()
    {
        await Apply(Load("0 0 3 * * ?", "UTC", null, clientsOfTheRule: 1));
        _scheduler.ClearReceivedCalls();
        await Apply(Load("0 0 3 * * ?", "UTC", null, clientsOfTheRule: 0));
        await _scheduler.ReceivedWithAnyArgs(1).DeleteJob(null!, default);
        Assert.Empty(Asked);
    }

    [Fact]
    public async Task Schedule_whoseYearIsOver_isToldAndNotAskedFor()
    {
        var never = await Apply(Load("0 0 3 1 1 ? 2020", "UTC", "0 0 4 * * ?", clientsOfTheRule: 1));
        Assert.Equal(["0 0 3 1 1 ? 2020"], never.Select(rollout => rollout.Cron));
        Assert.Equal([["0 0 4 * * ? UTC"]], Asked);
    }

    private async Task<System.Collections.Immutable.ImmutableArray<ScheduledRollout>> Apply(ConfigurationSet configuration) =>
        await _schedule.ApplyAsync(configuration, Now, CancellationToken.None);

    // Clients of the group 'night' have the rule's schedule, 'own' has one of its own.
    private ConfigurationSet Load(string cron, string zone, string? own, int clientsOfTheRule)
    {
        var locations = new Locations(_root);
        Directory.CreateDirectory(locations.PolicyDirectory);
        File.WriteAllText(locations.SettingsFile, "version: 1\nupstream:\n  branch: master\n");
        var clients = string.Concat(Enumerable.Range(1, clientsOfTheRule).Select(i => $"  - name: c{i}\n    mac: 02:00:00:00:00:0{i}\n    groups: [night]\n"));
        if (own is not null) clients += $"  - name: own\n    mac: 02:00:00:00:01:00\n    rollout: schedule\n    cron: \"{own}\"\n    time-zone: {zone}\n";
        File.WriteAllText(locations.InventoryFile, $"version: 1\nclients:{(clients.Length == 0 ? " []" : "")}\n{clients}");
        File.WriteAllText(Path.Combine(locations.PolicyDirectory, "80-site.yaml"), $"version: 1\nrules:\n  - groups: night\n    rollout: schedule\n    cron: \"{cron}\"\n    time-zone: {zone}\n");
        var loaded = ConfigurationLoader.Load(locations);
        return loaded.Value ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems));
    }
}
