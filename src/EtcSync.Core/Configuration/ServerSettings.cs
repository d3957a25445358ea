using System.Net;

namespace EtcSync.Core.Configuration;

/// <summary>The server, as clients see it.</summary>
public sealed record ServerSettings
{
    /// <summary>The addresses from which clients mount and boot, at most one of IPv4 and one of IPv6, IPv4 first; none before <c>init</c>.</summary>
    public ValueArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>The first of them; null before <c>init</c>.</summary>
    public IPAddress? Address => Addresses.IsEmpty ? null : Addresses[0];

    /// <summary>The network interface that has them; null before <c>init</c>.</summary>
    public string? Interface { get; init; }

    /// <summary>The networks in which the clients are, at most one of IPv4 and one of IPv6, IPv4 first; none before <c>init</c>.</summary>
    public ValueArray<IPNetwork> Networks { get; init; } = [];
}
