using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;
using Quartz;

namespace EtcSync.Controller;

/// <summary>When something scheduled happens.</summary>
internal sealed record ScheduledRollout(string Cron, string? TimeZone);

/// <summary>The Quartz jobs that let scheduled clients take what upstream has: one for each cron expression and time zone.</summary>
internal sealed class RolloutSchedule(ISchedulerFactory schedulers)
{
    private const string CronKey = "cron";
    private const string TimeZoneKey = "time-zone";
    private static readonly JobKey Job = new("rollout");
    private ImmutableHashSet<ScheduledRollout> _scheduled = [];

    /// <summary>Makes the jobs fit a configuration.</summary>
    /// <returns>The rollouts that are never due again (their year is over), which Quartz would refuse.</returns>
    public async Task<ImmutableArray<ScheduledRollout>> ApplyAsync(ConfigurationSet configuration, DateTimeOffset now, CancellationToken cancellation)
    {
        var all = Policies(configuration).Select(policy => new ScheduledRollout(policy.Cron!, policy.TimeZone)).ToImmutableHashSet();
        var wanted = all.Where(rollout => Trigger(rollout).GetFireTimeAfter(now) is not null).ToImmutableHashSet();
        ImmutableArray<ScheduledRollout> never = [.. all.Except(wanted).OrderBy(rollout => rollout.Cron, StringComparer.Ordinal)];
        if (wanted.SetEquals(_scheduled)) return never;
        var scheduler = await schedulers.GetScheduler(cancellation);
        await scheduler.DeleteJob(Job, cancellation);
        if (!wanted.IsEmpty)
        {
            var job = JobBuilder.Create<RolloutJob>().WithIdentity(Job).Build();
            await scheduler.ScheduleJobs(new Dictionary<IJobDetail, IReadOnlyCollection<ITrigger>> { [job] = [.. wanted.Select(Trigger)] }, new ScheduleJobOptions(), cancellation);
        }

        _scheduled = wanted;
        return never;
    }

    /// <summary>The clients that a rollout is for.</summary>
    public static IEnumerable<Client> ClientsOf(ConfigurationSet configuration, ScheduledRollout rollout) => configuration.Inventory.Clients.Where(client =>
        configuration.Policies.ForClient(client) is { Mode: RolloutMode.Schedule } policy && policy.Cron == rollout.Cron && policy.TimeZone == rollout.TimeZone);

    private static IEnumerable<RolloutPolicy> Policies(ConfigurationSet configuration) =>
        configuration.Inventory.Clients.Select(configuration.Policies.ForClient).Where(policy => policy is { Mode: RolloutMode.Schedule, Cron: not null });

    // A rollout that was missed (the controller did not run) waits for its next time: it was meant for a quiet hour.
    private static ITrigger Trigger(ScheduledRollout rollout) => TriggerBuilder.Create()
        .ForJob(Job)
        .WithIdentity($"{rollout.Cron} {rollout.TimeZone}")
        .UsingJobData(CronKey, rollout.Cron)
        .UsingJobData(TimeZoneKey, rollout.TimeZone ?? "")
        .WithCronSchedule(rollout.Cron, schedule => schedule
            .InTimeZone(rollout.TimeZone is { } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone) : TimeZoneInfo.Local)
            .WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing))
        .Build();

    /// <summary>What Quartz runs.</summary>
    internal sealed class RolloutJob(FleetController controller) : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            var data = context.MergedJobDataMap;
            var zone = data.GetString(TimeZoneKey);
            controller.RollOut(new(data.GetString(CronKey)!, string.IsNullOrEmpty(zone) ? null : zone));
            return ValueTask.CompletedTask;
        }
    }
}
