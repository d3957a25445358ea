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
internal sealed class ServerUpkeep(ILogger log, OutcomeLog outcomes)
{
    private const string Topic = "server";
    private const int LongestDiff = 40;

    private readonly Lock _running = new();

    /// <summary>Looks at the server's files, and puts right what is not as it must be.</summary>
    public void Run(Workspace workspace, CancellationToken stopping)
    {
        // One pass sees whatever the others came for.
        lock (_running)
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
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                outcomes.WriteOnce(Topic, LogEventLevel.Error, $"The server's files could not be looked after: {e.Message}");
            }
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
