using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Doctor;

/// <summary>An address that dnsmasq gave to a machine.</summary>
/// <param name="Expires">Until when; null for ever.</param>
/// <param name="Mac">The machine's network card; null for DHCPv6.</param>
/// <param name="Address">The address.</param>
public sealed record DhcpLease(DateTimeOffset? Expires, MacAddress? Mac, IPAddress Address)
{
    /// <summary>
    /// Reads dnsmasq's lease file (lease.c, lease_update_file): the time of expiry in seconds since 1970 (0 for ever), card, address,
    /// name, client id. Lines that are none are skipped.
    /// </summary>
    public static ImmutableArray<DhcpLease> ReadAll(string text)
    {
        var leases = ImmutableArray.CreateBuilder<DhcpLease>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Split(' ') is not [var expiry, var card, var address, _, _, ..] || !long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds() || !IPAddress.TryParse(address, out var parsed)) continue;
            leases.Add(new(seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds), MacAddress.TryParse(card, out var mac, out _) ? mac : null, parsed));
        }

        return leases.ToImmutable();
    }
}
