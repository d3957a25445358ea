using EtcSync.Core.Configuration;
using EtcSync.FileSystem;
using EtcSync.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;
using Serilog;
using Serilog.Events;
using ILogger = Serilog.ILogger;

namespace EtcSync.Controller;

/// <summary>Why the controller did not run; null message where it ran and was stopped.</summary>
internal sealed record ControllerResult(string? Problem);

/// <summary>Makes the schedule where the scheduler is known.</summary>
internal sealed class RolloutScheduleFactory(ISchedulerFactory schedulers)
{
    public RolloutSchedule Create() => new(schedulers);
}

/// <summary>Runs the controller until it is told to stop.</summary>
internal static class ControllerHost
{
    private const string ConsoleTemplate = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}";

    // The journal has its own time, and reads the importance from the prefix (sd-daemon(3)).
    private const string JournalTemplate = "{JournalPrefix}{Message:lj}{NewLine}";
    private const string FileTemplate = "{Timestamp:yyyy-MM-ddTHH:mm:sszzz} {Level:u3} {Message:lj} {Properties:j}{NewLine}";
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(9);

    /// <summary>Runs; returns when SIGTERM or SIGINT came and the clients in hand are finished.</summary>
    public static async Task<ControllerResult> RunAsync(Locations locations, ConfigurationSet configuration, CancellationToken cancellation)
    {
        var state = new StateDirectory(locations.Map(configuration.Settings.State));
        state.Prepare();
        if (LockFile.TryAcquire(state.ControllerLock, "etcsync run") is not LockOutcome.Acquired acquired)
        {
            return new($"Another controller runs on {configuration.Settings.State}. Stop it first ('systemctl stop etcsync'); the commands work beside it.");
        }

        using var held = acquired.Lock;
        await using var log = Log(locations, configuration.Settings.Log);
        var builder = Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
        builder.Logging.ClearProviders().AddSerilog(log);
        builder.Services
            .AddSingleton(locations).AddSingleton(configuration).AddSingleton<ILogger>(log).AddSingleton(TimeProvider.System)
            .AddSingleton(SystemdNotifier.FromEnvironment()).AddSingleton<RolloutScheduleFactory>()
            .AddSingleton<FleetController>().AddHostedService(services => services.GetRequiredService<FleetController>())
            .Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownLimit);
        builder.Services.AddQuartz(_ => { });
        builder.Services.AddQuartzHostedService(options => options.WaitForJobsToComplete = false);
        using var host = builder.Build();
        var controller = host.Services.GetRequiredService<FleetController>();
        await host.RunAsync(cancellation);
        return new(controller.Failure);
    }

    private static Serilog.Core.Logger Log(Locations locations, LogSettings settings)
    {
        var level = settings.Level switch
        {
            Core.Configuration.LogLevel.Debug => LogEventLevel.Debug,
            Core.Configuration.LogLevel.Warning => LogEventLevel.Warning,
            Core.Configuration.LogLevel.Error => LogEventLevel.Error,
            _ => LogEventLevel.Information,
        };
        var log = new LoggerConfiguration().MinimumLevel.Is(level).MinimumLevel.Override("Quartz", LogEventLevel.Warning).MinimumLevel.Override("Microsoft", LogEventLevel.Warning);
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 })
        {
            log = log.Enrich.With(new JournalPrefix()).WriteTo.Console(outputTemplate: JournalTemplate);
        }
        else
        {
            log = log.WriteTo.Console(outputTemplate: ConsoleTemplate);
        }

        if (settings.File is { } file) log = log.WriteTo.File(locations.Map(file), outputTemplate: FileTemplate, rollingInterval: RollingInterval.Day, retainedFileCountLimit: 31);
        return log.CreateLogger();
    }

    private sealed class JournalPrefix : Serilog.Core.ILogEventEnricher
    {
        public void Enrich(LogEvent logEvent, Serilog.Core.ILogEventPropertyFactory propertyFactory) => logEvent.AddPropertyIfAbsent(propertyFactory.CreateProperty("JournalPrefix", logEvent.Level switch
        {
            LogEventLevel.Fatal or LogEventLevel.Error => "<3>",
            LogEventLevel.Warning => "<4>",
            LogEventLevel.Information => "<6>",
            _ => "<7>",
        }));
    }
}
