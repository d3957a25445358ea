using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Clients;

/// <summary>Which IP addresses one machine can have.</summary>
public static class HostAddress
{
    /// <summary>
    /// Reads an IPv4 address of four decimal numbers, or an IPv6 address without zone. Unspecified, loopback, multicast,
    /// broadcast and reserved addresses are refused, <paramref name="reason"/> then says so in a whole sentence.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out IPAddress? address, out string reason)
    {
        // IPAddress takes "1" for 0.0.0.1 and "010.0.0.1" for 8.0.0.1; in a file that people write, both are slips.
        if (!IPAddress.TryParse(text, out address) || text!.Contains('%', StringComparison.Ordinal) || text.Contains('[', StringComparison.Ordinal)
            || (address.AddressFamily == AddressFamily.InterNetwork && !string.Equals(address.ToString(), text, StringComparison.Ordinal)))
        {
            address = null;
            reason = $"{Quoted.Text(text ?? "")} is not an IP address. Write one such as 192.168.1.20 or 2001:db8::20.";
            return false;
        }

        var kind = Unusable(address);
        reason = kind is null ? "" : $"{Quoted.Text(text)} is {kind} address, which no single machine can have.";
        if (kind is not null) address = null;
        return kind is null;
    }

    private static string? Unusable(IPAddress address)
    {
        if (IPAddress.IsLoopback(address)) return "a loopback";
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            if (address.Equals(IPAddress.IPv6Any)) return "the unspecified";
            if (address.IsIPv6Multicast) return "a multicast";
            if (address.IsIPv6LinkLocal) return "a link-local";
            return address.IsIPv4MappedToIPv6 ? "an IPv4-mapped" : null;
        }

        return address.GetAddressBytes()[0] switch
        {
            0 => "an unspecified",
            >= 224 and <= 239 => "a multicast",
            >= 240 => address.Equals(IPAddress.Broadcast) ? "the broadcast" : "a reserved",
            _ => null,
        };
    }
}
