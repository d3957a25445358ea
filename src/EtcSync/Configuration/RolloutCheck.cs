using System.Collections.Immutable;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;
using Quartz;

namespace EtcSync.Configuration;

/// <summary>What only Quartz and the machine can say of a configuration: whether its cron expressions and time zones are any.</summary>
internal static class RolloutCheck
{
    /// <summary>What is wrong with the schedules of a configuration, also with those that are for no client; empty where nothing is.</summary>
    public static ImmutableArray<Problem> Run(ConfigurationSet configuration)
    {
        var problems = new List<Problem>();
        var clients = configuration.Inventory.Clients.Select(client => client.Rollout).OfType<RolloutPolicy>();
        foreach (var policy in configuration.Policies.Rollouts.Concat(clients).Where(policy => policy.Mode == RolloutMode.Schedule))
        {
            var (file, line) = policy.Source is { } source ? (source.File, source.Line) : ("", 0);
            if (policy.Cron is { } cron && !CronExpression.TryParse(cron, out _))
            {
                problems.Add(new(file, line, "cron", $"'{policy.Cron}' is not a Quartz cron expression (seconds minutes hours day-of-month month day-of-week [year]), for example '0 0 3 * * ?' for three in the morning."));
            }

            if (policy.TimeZone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            {
                problems.Add(new(file, line, "time-zone", $"There is no time zone '{zone}'. Use a name such as 'Europe/Berlin' (see 'timedatectl list-timezones')."));
            }
        }

        return Problem.Sort(problems.Distinct());
    }
}
