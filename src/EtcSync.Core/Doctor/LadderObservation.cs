using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Dnsmasq;

namespace EtcSync.Core.Doctor;

/// <summary>All that says how far clients have come.</summary>
/// <param name="Now">The time.</param>
/// <param name="Root">The shared root, as the configuration spells it.</param>
/// <param name="Events">What was logged, the oldest first.</param>
/// <param name="LogUnreadable">Why there is no log; null where it was read.</param>
/// <param name="Leases">The addresses that dnsmasq gave.</param>
/// <param name="Nfs">What the NFS server knows.</param>
/// <param name="HasSsh">Whether the shared root has an ssh server at all.</param>
public sealed record LadderObservation(
    DateTimeOffset Now, string Root, ImmutableArray<BootEvent> Events, string? LogUnreadable, ImmutableArray<DhcpLease> Leases, NfsTables Nfs, bool HasSsh);

/// <summary>A client, as the ladder knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Macs">Its network cards.</param>
/// <param name="Addresses">Its addresses, former ones too.</param>
/// <param name="Directory">Its own /etc on the server, as the configuration spells it.</param>
/// <param name="Probe">What it answered.</param>
public sealed record LadderClient(
    ClientName Name, ImmutableArray<MacAddress> Macs, ImmutableArray<IPAddress> Addresses, string Directory, ClientProbe Probe);
