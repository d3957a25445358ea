using System.Net;

namespace EtcSync.Core.Configuration;

/// <summary>What dnsmasq gives by DHCP.</summary>
public sealed record DhcpSettings
{
    /// <summary>Whether dnsmasq's entries are ours to write.</summary>
    public bool Manage { get; init; } = true;

    /// <summary>The first and last address of the pool; null where only clients of the inventory with an address of their own get one.</summary>
    public AddressRange? Range { get; init; }

    /// <summary>How long an address is given for.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Whether machines that are not in the inventory get an address of the pool (and nothing to boot).</summary>
    public bool ServesUnknown { get; init; }

    /// <summary>The name servers that clients are told; none for the server itself.</summary>
    public ValueArray<IPAddress> NameServers { get; init; } = [];

    /// <summary>The router that clients are told; null for none.</summary>
    public IPAddress? Router { get; init; }

    /// <summary>The command that restarts dnsmasq, for a new configuration.</summary>
    public ValueArray<string> RestartCommand { get; init; } = ["systemctl", "restart", "dnsmasq.service"];
}

/// <summary>Addresses of one family, from the first to the last.</summary>
/// <param name="First">The lowest.</param>
/// <param name="Last">The highest, not below the first.</param>
public sealed record AddressRange(IPAddress First, IPAddress Last)
{
    /// <summary>The two as they are written: <c>192.168.1.50-192.168.1.150</c>.</summary>
    public override string ToString() => $"{First}-{Last}";
}
