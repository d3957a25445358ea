using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Dnsmasq;

/// <summary>An address that dnsmasq has given.</summary>
/// <param name="Expires">Until when; null for ever.</param>
/// <param name="Mac">The network card that has it; null where that is not known (IPv6 goes by DUID).</param>
/// <param name="Address">The address.</param>
/// <param name="HostName">What dnsmasq calls the machine; null for nothing. A machine that is not reserved names itself: never trusted.</param>
public sealed record DhcpLease(DateTimeOffset? Expires, MacAddress? Mac, IPAddress Address, string? HostName)
{
    // A /16 full of machines has 65,534.
    private const int Most = 200_000;

    /// <summary>Whether it holds at a moment.</summary>
    public bool Holds(DateTimeOffset now) => Expires is null || Expires > now;

    /// <summary>
    /// Reads dnsmasq's lease file: a line "expiry mac address name client-id" for each, expiry in seconds since 1970, 0 for ever;
    /// below a line "duid …" the leases of IPv6, with an IAID in the place of the card (lease.c of dnsmasq). What is not a lease is
    /// passed over. Never throws.
    /// </summary>
    public static ImmutableArray<DhcpLease> Read(string text)
    {
        var leases = ImmutableArray.CreateBuilder<DhcpLease>();
        foreach (var line in text.Split('\n'))
        {
            if (leases.Count == Most) break;
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 4 || !long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()) continue;
            if (!IPAddress.TryParse(words[2], out var address)) continue;
            leases.Add(new(
                seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds),
                MacAddress.TryParse(words[1], out var mac, out _) ? mac : null,
                address,
                words[3] == "*" ? null : words[3]));
        }

        return leases.ToImmutable();
    }
}
