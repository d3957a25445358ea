using System.Net;

namespace EtcSync.Core.Clients;

/// <summary>
/// Something that a machine does only while it boots: it fetched its boot files, or it mounted. A lease is none, because a running
/// client renews it, and dnsmasq gives it a new name without being asked.
/// </summary>
/// <param name="Address">The address that it did it from.</param>
/// <param name="Directory">What it mounted, as the configuration spells it; null where it fetched its boot files.</param>
/// <param name="When">When.</param>
public sealed record ClientSighting(IPAddress Address, string? Directory, DateTimeOffset When);
