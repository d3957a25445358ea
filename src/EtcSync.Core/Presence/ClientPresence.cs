using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Presence;

/// <summary>Whether a client is up, as far as the server can tell.</summary>
/// <param name="Client">The client.</param>
/// <param name="Addresses">Where it can be: its own addresses, those that it had, and those that it has a lease for.</param>
/// <param name="Signs">What says that it is up, as parts of a sentence; none where nothing does.</param>
public sealed record ClientPresence(ClientName Client, ImmutableArray<IPAddress> Addresses, ImmutableArray<string> Signs)
{
    /// <summary>Whether anything says that it is up. A lease alone does not: it outlives the machine by hours.</summary>
    public bool IsUp => !Signs.IsEmpty;

    /// <summary>What the tables say about a client.</summary>
    public static ClientPresence Of(Client client, FormerClient former, NetworkTables tables)
    {
        var leased = tables.Leases.Where(lease => lease.Holds(tables.Now) && lease.Mac is { } mac && client.Macs.Contains(mac)).Select(lease => lease.Address);
        ImmutableArray<IPAddress> addresses = [.. client.Addresses.Concat(leased).Concat(former.Addresses).Distinct()];
        return new(client.Name, addresses,
        [
            .. addresses.Where(tables.NfsConnections.Contains).Select(address => $"{address} has a connection to the NFS server"),
            .. addresses.Where(tables.NfsClients.Contains).Select(address => $"the NFS server knows {address} as a client"),
        ]);
    }

    /// <summary>The same with an address that answered a ping.</summary>
    public ClientPresence Answered(IPAddress address) => this with { Signs = Signs.Add($"{address} answers a ping") };
}
