using EtcSync.Core.Clients;
using EtcSync.Core.Doctor;
using EtcSync.Doctor;
using EtcSync.Fleet;

namespace EtcSync.Presence;

/// <summary>Gathers what was seen of machines: from what dnsmasq and mountd logged, and from who talks to the NFS server now.</summary>
internal sealed class SightingReader(Workspace workspace)
{
    /// <summary>All of it.</summary>
    public IReadOnlyCollection<ClientSighting> Read()
    {
        var tables = new PresenceReader(workspace).Tables();
        var logged = new BootLogReader(workspace.Locations, workspace.Time).Read().Events.Select(Sighting).OfType<ClientSighting>();
        return [.. logged, .. tables.NfsConnections.Union(tables.NfsClients).Select(address => new ClientSighting.Connection(address, tables.Now))];
    }

    // What has no time proves nothing.
    private static ClientSighting? Sighting(BootEvent logged) => logged switch
    {
        BootEvent.Given { At: { } at, IsFirmware: true, Address: var address } => new ClientSighting.Boot(address, at),
        BootEvent.Fetched { At: { } at, Address: var address } => new ClientSighting.Boot(address, at),
        BootEvent.Mounted { At: { } at, Address: var address, Path: var path } => new ClientSighting.Mount(address, path, at),
        _ => null,
    };
}
