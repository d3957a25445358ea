using System.Collections.Concurrent;
using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Configuration;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;
using EtcSync.Fleet;
using EtcSync.Inventories;
using EtcSync.State;
using EtcSync.Watching;
using Microsoft.Extensions.Hosting;
using Serilog;
using Serilog.Events;

namespace EtcSync.Controller;

/// <summary>
/// The background service. It watches upstream, the configuration and the work trees, decides which clients are due, and
/// has workers make a pass over each. Everything it does, the commands do as well; it only does it by itself.
/// </summary>
internal sealed class FleetController : BackgroundService
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DeferredInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FailedInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestUnsettled = TimeSpan.FromMinutes(2);

    private readonly Locations _locations;
    private readonly RolloutSchedule _schedule;
    private readonly SystemdNotifier _systemd;
    private readonly ILogger _log;
    private readonly OutcomeLog _outcomes;
    private readonly Maintenance _maintenance;
    private readonly ServerUpkeep _server;
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ClientQueue _queue = new();
    private readonly DriftWatch<ClientName> _drift;
    private readonly ConcurrentDictionary<ClientName, DateTimeOffset> _unsettledSince = new();
    private readonly ConcurrentDictionary<ClientName, OutcomeKind> _last = new();
    private readonly ConcurrentDictionary<ClientName, bool> _owed = new();
    private readonly Lock _refreshing = new();
    private volatile Engine _engine;
    private long _alive;

    public FleetController(Locations locations, ConfigurationSet configuration, RolloutScheduleFactory schedule, SystemdNotifier systemd, ILogger log, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        _lifetime = lifetime;
        _locations = locations;
        _schedule = schedule.Create();
        _systemd = systemd;
        _log = log;
        _outcomes = new(log, locations);
        _maintenance = new(log, _outcomes);
        _server = new(log, _outcomes, time);
        _time = time;
        var workspace = new Workspace(locations, configuration, time);
        _engine = new(workspace, new(workspace), null);
        _drift = new(DriftWatchLimits.Default, configuration.Settings.Drift.Settle, LongestUnsettled, time);
        _alive = time.GetTimestamp();
    }

    /// <summary>Why it ended by itself; null where it was told to.</summary>
    public string? Failure { get; private set; }

    /// <summary>Lets the clients of a schedule take what upstream has.</summary>
    public void RollOut(ScheduledRollout rollout)
    {
        var clients = RolloutSchedule.ClientsOf(_engine.Workspace.Configuration, rollout).ToList();
        _log.Information("The rollout of '{Cron}' is due for {Count} clients.", rollout.Cron, clients.Count);
        foreach (var client in clients) _queue.Add(client.Name, new(Merge: true, Scan: true));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _drift.Dispose();
        _server.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var settings = _engine.Workspace.Settings;
        var upstream = Path.Combine(_engine.Workspace.UpstreamDirectory, ".git");
        using var watch = new UpstreamWatch(upstream, [Path.GetDirectoryName(_locations.SettingsFile)!, _locations.PolicyDirectory], UpstreamWatchTiming.Default, _time);
        if (watch.Problem is { } problem) _log.Warning("Commits are noticed by looking every few seconds: {Problem}", problem);
        await ScheduleAsync(_engine.Workspace.Configuration, stoppingToken);
        var threads = Workers.Start(settings, int.MaxValue, Work);
        KeepInventory(_engine.Workspace);
        Refresh(stoppingToken);
        AddAll(scan: true);
        _log.Information("Watching {Upstream}, branch '{Branch}', for {Count} clients.", settings.Upstream.Directory, settings.Upstream.Branch, _engine.Workspace.Configuration.Inventory.Clients.Length);
        _systemd.Ready($"{_engine.Workspace.Configuration.Inventory.Clients.Length} clients");
        var watchdog = _systemd.KeepWatchdogQuietAsync(IsAlive, _time, stoppingToken);
        // None of these ends by itself: the first that does has failed, or all are told to end.
        var ended = await Task.WhenAny(
            FollowUpstreamAsync(watch, stoppingToken),
            FollowDriftAsync(stoppingToken),
            RepeatAsync(() => _engine.Workspace.Settings.Drift.ScanInterval, ScanAll, stoppingToken),
            _server.FollowAsync(() => _engine.Workspace, stoppingToken),
            RepeatAsync(() => RefreshInterval, () => RefreshAndQueue(stoppingToken), stoppingToken),
            RepeatAsync(() => DeferredInterval, () => Retry(OutcomeKind.Deferred), stoppingToken),
            RepeatAsync(() => FailedInterval, () => Retry(OutcomeKind.Failed), stoppingToken));
        if (!stoppingToken.IsCancellationRequested && ended.Exception is { } failure)
        {
            Failure = $"The controller failed and ends: {ClientSync.Describe(failure.GetBaseException())}";
            _log.Error("{Failure:l}", Failure);
            _lifetime.StopApplication();
        }

        _systemd.Stopping("finishing the clients in hand");
        _queue.End();
        await Task.Run(() => Workers.Join(threads), CancellationToken.None);
        await watchdog;
        _log.Information("Stopped.");
    }

    private async Task FollowUpstreamAsync(UpstreamWatch watch, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var changes = await watch.TakeAsync(stopping);
            var isReloaded = changes.Contains(UpstreamChange.Configuration) && await ReloadAsync(stopping);
            RefreshAndQueue(stopping);
            // There may be new clients, and others may be due that were not.
            if (isReloaded) AddAll(scan: true);
        }
    }

    private async Task FollowDriftAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            foreach (var client in await _drift.TakeAsync(stopping)) _queue.Add(client, new(Merge: false, Scan: true));
        }
    }

    // False where the last configuration stays in force.
    private async Task<bool> ReloadAsync(CancellationToken stopping)
    {
        var isGood = false;
        _systemd.Reloading();
        var loaded = ConfigurationLoader.Load(_locations);
        var before = _engine.Workspace;
        if (loaded.Value is not { } configuration)
        {
            _outcomes.WriteOnce("configuration", LogEventLevel.Error, $"The configuration has {(loaded.Problems.Length == 1 ? "a problem" : $"{loaded.Problems.Length} problems")}; the last good one stays in force. {string.Join(" | ", loaded.Problems)}");
        }
        else if (configuration.Settings.State != before.Settings.State || configuration.Settings.Upstream.Directory != before.Settings.Upstream.Directory || configuration.Settings.Clones != before.Settings.Clones)
        {
            _outcomes.WriteOnce("configuration", LogEventLevel.Error, "Upstream's directory, the clones' or the state's was changed in the settings; restart the controller for that. The last configuration stays in force.");
        }
        else
        {
            _outcomes.WriteOnce("configuration", LogEventLevel.Error, null);
            await ScheduleAsync(configuration, stopping);
            var workspace = before.With(configuration);
            foreach (var gone in before.Configuration.Inventory.Clients.Where(client => configuration.Inventory.Find(client.Name) is null)) _drift.Remove(gone.Name);
            lock (_refreshing) _engine = new(workspace, new(workspace), _engine.Target);
            foreach (var warning in configuration.Warnings) _log.Warning("{Warning}", warning.ToString());
            KeepInventory(workspace);
            _log.Information("The configuration was read again: {Count} clients.", configuration.Inventory.Clients.Length);
            _server.Ask();
            isGood = true;
        }

        _systemd.Ready($"{_engine.Workspace.Configuration.Inventory.Clients.Length} clients");
        return isGood;
    }

    private void KeepInventory(Workspace workspace)
    {
        var file = new InventoryFile(workspace);
        file.KeepFound();
        _outcomes.WriteOnce("inventory", LogEventLevel.Warning, file.HistoryProblem);
    }

    private async Task ScheduleAsync(ConfigurationSet configuration, CancellationToken stopping)
    {
        foreach (var never in await _schedule.ApplyAsync(configuration, _time.GetUtcNow(), stopping))
        {
            _log.Warning("The rollout of '{Cron:l}' is never due again; its clients wait for '{Command:l}'. Correct the cron expression.", never.Cron, _locations.Command("sync"));
        }
    }

    // Takes new commits, and has those clients worked on that have something to take.
    private void RefreshAndQueue(CancellationToken stopping)
    {
        var before = _engine.Target;
        Refresh(stopping);
        var after = _engine.Target;
        foreach (var client in _engine.Workspace.Configuration.Inventory.Clients)
        {
            var (old, now) = (before?.Of(client), after?.Of(client));
            if (now is null || (old is not null && old.Composite.Commit == now.Composite.Commit && SameShadows(old, now))) continue;
            _queue.Add(client.Name, new(Merge: IsAtOnce(client), Scan: false));
        }

        if (before is not null && after is not null && before.Resolutions.Commit != after.Resolutions.Commit)
        {
            // Whoever waits for an answer may have got one.
            Retry(OutcomeKind.Conflicted);
            Retry(OutcomeKind.Held);
        }
    }

    private static bool SameShadows(ClientTarget one, ClientTarget other) => one.Shadows.Select(source => (source.Path, source.Version)).SequenceEqual(other.Shadows.Select(source => (source.Path, source.Version)));

    private void Refresh(CancellationToken stopping)
    {
        lock (_refreshing) RefreshAlone(_engine, stopping);
    }

    private void RefreshAlone(Engine engine, CancellationToken stopping)
    {
        try
        {
            var target = new FleetObserver(engine.Workspace).Take(engine.Workspace.Configuration.Inventory.Clients, acceptRewrite: false, stopping);
            _engine = engine with { Target = target };
            _outcomes.WriteOnce("upstream", LogEventLevel.Error, target.Problem);
            foreach (var kind in Enum.GetValues<Upstream.UpstreamNoticeKind>())
            {
                _outcomes.WriteOnce("notice-" + (int)kind, LogEventLevel.Warning, target.Upstream.Notices.FirstOrDefault(notice => notice.Kind == kind)?.Message);
            }

            _outcomes.WriteOnce("resolutions", LogEventLevel.Warning, target.Resolutions.Problems.IsEmpty ? null : string.Join(' ', target.Resolutions.Problems));
            var conflicts = target.Conflicts.Select(conflict => $"group/{conflict.Group} and what is below it disagree on {conflict.Conflict.Path}; the layer's version stands until '{_locations.Command($"layer edit {conflict.Group}")}' settles it.").ToList();
            _outcomes.WriteOnce("layers", LogEventLevel.Warning, conflicts.Count == 0 ? null : string.Join(' ', conflicts));
            _outcomes.WriteOnce("hub", LogEventLevel.Error, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or LibGit2Sharp.LibGit2SharpException)
        {
            _outcomes.WriteOnce("hub", LogEventLevel.Error, $"Upstream could not be taken over: {e.Message}");
        }
    }

    private void ScanAll()
    {
        AddAll(scan: true);
        _maintenance.Run(_engine.Workspace);
    }

    private void AddAll(bool scan)
    {
        foreach (var client in _engine.Workspace.Configuration.Inventory.Clients) _queue.Add(client.Name, new(IsAtOnce(client), scan));
    }

    private void Retry(OutcomeKind outcome)
    {
        foreach (var client in _engine.Workspace.Configuration.Inventory.Clients)
        {
            if (_last.TryGetValue(client.Name, out var last) && last == outcome) _queue.Add(client.Name, new(IsAtOnce(client), Scan: true));
        }
    }

    // A new client gets its clone at once, whenever it takes later commits.
    private bool IsAtOnce(Client client)
    {
        var workspace = _engine.Workspace;
        return workspace.Configuration.Policies.ForClient(client).Mode == RolloutMode.AtOnce || !ClientRepository.Exists(workspace.State.GitDirectory(client.Name));
    }

    private void Work()
    {
        while (_queue.Take() is var (name, work))
        {
            // Also here: it may be the first work for hours.
            Interlocked.Exchange(ref _alive, _time.GetTimestamp());
            try
            {
                Pass(name, work);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The client's boundary, for what is around its pass.
                _last[name] = OutcomeKind.Failed;
                _log.Error("{Client:l}: failed: {Reason:l}", name.Value, ClientSync.Describe(e));
            }
            finally
            {
                _queue.Finish(name);
                Interlocked.Exchange(ref _alive, _time.GetTimestamp());
            }
        }
    }

    private void Pass(ClientName name, ClientWork work)
    {
        var engine = _engine;
        if (engine.Workspace.Configuration.Inventory.Find(name) is not { } client || engine.Target?.Of(client) is not { } target) return;
        var settle = engine.Workspace.Settings.Drift.Settle;
        if (_unsettledSince.TryGetValue(name, out var since) && _time.GetUtcNow() - since > LongestUnsettled) settle = TimeSpan.Zero;
        DriftWatch<ClientName>.Registration? registration = null;
        // A rollout that was due and had to wait is made up for at the first occasion, whatever that is about.
        var isDue = work.Merge || _owed.ContainsKey(name);
        var outcome = engine.Clients.Run(client, target, new()
        {
            Merge = isDue,
            Scan = work.Scan,
            Settle = settle,
            Entered = (path, directory) =>
            {
                if (path.Length == 0) registration = _drift.Register(name);
                registration?.Add(directory);
            },
        });
        registration?.Complete();
        if (outcome.FannedOut) _server.Ask();
        var unwatched = _drift.Unwatched;
        _outcomes.WriteOnce("unwatched", LogEventLevel.Warning, unwatched.IsEmpty ? null : $"{unwatched.Count} clients are not watched for changes of their own, which are found when everything is scanned (drift.scan-interval): {unwatched.Values.First()}");
        _outcomes.WriteOnce("checks", LogEventLevel.Warning, engine.Workspace.Checks.Unavailable);
        if (outcome.Kind == OutcomeKind.Deferred) _unsettledSince.TryAdd(name, _time.GetUtcNow());
        else _unsettledSince.TryRemove(name, out _);
        // It is reported again when it is quiet, or after a while in any case.
        if (outcome.Kind == OutcomeKind.Deferred && registration is not null) _drift.Touch(name);
        if (isDue && outcome.Kind is OutcomeKind.Deferred or OutcomeKind.Failed) _owed[name] = true;
        else if (isDue) _owed.TryRemove(name, out _);
        _last[name] = outcome.Kind;
        // Where nothing was looked at, what was said before still holds.
        if (work.Scan || outcome.Kind != OutcomeKind.Unchanged) _outcomes.Write(outcome, target.Composite.Commit.Short);
    }

    // Stuck is: something waits, and for a long time nothing was finished.
    private bool IsAlive() => _queue.Count == 0 || _time.GetElapsedTime(Interlocked.Read(ref _alive)) < TimeSpan.FromMinutes(5);

    private async Task RepeatAsync(Func<TimeSpan> interval, Action action, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(interval(), _time, stopping);
            action();
        }
    }

    /// <summary>What passes work with; exchanged as a whole when the configuration or upstream changes.</summary>
    private sealed record Engine(Workspace Workspace, ClientSync Clients, TakenTarget? Target);
}
