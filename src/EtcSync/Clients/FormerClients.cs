using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Server;
using EtcSync.Fleet;
using EtcSync.State;

namespace EtcSync.Clients;

/// <summary>Forgets what clients were as soon as they have booted as what they are.</summary>
internal sealed class FormerClients(Workspace workspace)
{
    // As often as this is written down that the servers have not been told yet.
    private static readonly TimeSpan Precision = TimeSpan.FromSeconds(30);

    private readonly FormerStore _store = new(workspace.State);

    /// <summary>Forgets what clients were that were seen booting since the servers know what they are now.</summary>
    /// <param name="installed">What the servers were told last.</param>
    /// <param name="look">Says what was seen of machines; asked only where somebody waits for it.</param>
    /// <returns>Those clients. Their former names and addresses can be taken away from the servers now.</returns>
    public ImmutableArray<ClientName> Forget(InstalledFiles installed, Func<IReadOnlyCollection<ClientSighting>> look)
    {
        var booted = ImmutableArray.CreateBuilder<ClientName>();
        IReadOnlyCollection<ClientSighting>? seen = null;
        var told = installed.Clients.ToDictionary(client => client.Name);
        foreach (var former in _store.All())
        {
            var now = workspace.Time.GetUtcNow();
            if (workspace.Configuration.Inventory.Find(former.Name) is not { } client) _store.Remove(former.Name);
            // Until then it boots as what it was, and what is seen of it proves nothing.
            else if (!told.TryGetValue(client.Name, out var known) || !known.Addresses.SequenceEqual(client.Addresses))
            {
                if (now - former.Since > Precision) _store.Set(former with { Since = now });
            }
            else if (former.HasBooted(client, workspace.Settings.Clones.PathOf(client.Name), seen ??= look()) && _store.Remove(client.Name)) booted.Add(client.Name);
        }

        return booted.ToImmutable();
    }
}
