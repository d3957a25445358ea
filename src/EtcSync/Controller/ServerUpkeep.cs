using EtcSync.Clients;
using EtcSync.Core.Server;
using EtcSync.Core.Text;
using EtcSync.Fleet;
using EtcSync.Presence;
using EtcSync.Server;
using Serilog;
using Serilog.Events;

namespace EtcSync.Controller;

/// <summary>Keeps the server's files as the inventory wants them, once a person has had them written for the first time.</summary>
internal sealed class ServerUpkeep(ILogger log, OutcomeLog outcomes, TimeProvider time) : IDisposable
{
    private const string Topic = "server";
    private const int LongestDiff = 40;

    // Many clients may get their clones at the same time.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _isDue = new(0);

    /// <summary>Says that the inventory or a clone has changed.</summary>
    public void Ask() => _isDue.Release();

    /// <summary>Looks soon after it was asked to, and every now and then in any case.</summary>
    /// <param name="workspace">Says where everything is by now.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task FollowAsync(Func<Workspace> workspace, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Run(() => Run(workspace(), stopping), stopping);
            if (await _isDue.WaitAsync(workspace().Settings.Drift.ScanInterval, stopping)) await Task.Delay(Settle, time, stopping);
            while (_isDue.Wait(0, CancellationToken.None))
            {
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _isDue.Dispose();

    private void Run(Workspace workspace, CancellationToken stopping)
    {
        try
        {
            var installed = new InstalledStore(new(workspace.State)).Read();
            if (installed.IsEmpty) return;
            var booted = new FormerClients(workspace).Forget(installed, () => new SightingReader(workspace).Read());
            if (!booted.IsEmpty) log.Information("Booted as what they are called now, and where they are now: {Clients}", string.Join(", ", booted));
            var outcome = new ServerApplier(workspace).Run(ShowEdits, stopping);
            if (!outcome.Done.IsEmpty) log.Information("The server's files were brought up to date: {Paths}", string.Join(", ", outcome.Done.Select(change => change.Path)));
            var worst = outcome.All.Where(finding => finding.Level != FindingLevel.Note).ToList();
            var level = worst.Exists(finding => finding.Level == FindingLevel.Refusal) ? LogEventLevel.Error : LogEventLevel.Warning;
            outcomes.WriteOnce(Topic, level, worst.Count == 0 ? null : string.Join(' ', worst));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next controller looks first thing.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A boundary, as each client is one: rollouts go on whatever is wrong with the server's files.
            outcomes.WriteOnce(Topic, LogEventLevel.Error, $"The server's files could not be looked after: {ClientSync.Describe(e)}");
        }
    }

    private bool ShowEdits(ServerPlan plan)
    {
        foreach (var change in plan.Changes)
        {
            if (change.Edited is null) continue;
            var diff = change.Edit.Take(LongestDiff).Select(Printable.OfIndented);
            log.Warning("{Path:l} was edited by hand; it is replaced, and what it held is kept in the state directory (server/replaced). Change {Settings:l} or the inventory instead.\n{Diff:l}", change.Path, "etcsync.yaml", string.Join('\n', diff));
        }

        return true;
    }
}
