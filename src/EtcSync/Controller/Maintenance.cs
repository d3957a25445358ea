using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Fleet;
using EtcSync.FileSystem;
using EtcSync.Hub;
using Serilog;
using Serilog.Events;

namespace EtcSync.Controller;

/// <summary>Packs the hub, the resolutions and the clones from time to time.</summary>
internal sealed class Maintenance(ILogger log, OutcomeLog outcomes)
{
    private const string Topic = "maintenance";

    // The rest is packed another time: packing holds a client's lock.
    private const int MostAtATime = 20;

    /// <summary>Packs what has piled up.</summary>
    public void Run(Workspace workspace)
    {
        try
        {
            using (HubLock.Take(workspace, CancellationToken.None))
            {
                if (workspace.Hub.Maintain(CancellationToken.None)) log.Debug("The hub was packed.");
            }

            if (workspace.Resolutions.Maintain(CancellationToken.None)) log.Debug("The resolutions were packed.");
            var packed = workspace.Configuration.Inventory.Clients.Where(client => Maintain(workspace, client.Name)).Take(MostAtATime).Count();
            if (packed > 0) log.Debug("{Count} clones were packed.", packed);
            outcomes.WriteOnce(Topic, LogEventLevel.Warning, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            outcomes.WriteOnce(Topic, LogEventLevel.Warning, $"Packing repositories failed, nothing is lost: {e.Message}");
        }
    }

    // Under the client's lock; one that is being worked on is packed another time.
    private static bool Maintain(Workspace workspace, ClientName client)
    {
        if (LockFile.TryAcquire(workspace.State.ClientLock(client), "etcsync run") is not LockOutcome.Acquired acquired) return false;
        using (acquired.Lock) return ClientRepository.Maintain(workspace.State.GitDirectory(client), CancellationToken.None);
    }
}
