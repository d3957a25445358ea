using System.Globalization;
using System.Net.Sockets;
using System.Text;
using EtcSync.Core.Configuration;
using EtcSync.Core.Server;

namespace EtcSync.Core.Dnsmasq;

/// <summary>
/// The reservations of the clients: a line for each, as dnsmasq's <c>dhcp-host</c> has them. They set no tags: dnsmasq 2.81 to 2.90 crashes
/// on SIGHUP where a reservation from a list with <c>set:</c> was ever used (fixed in 2.91). <see cref="DnsmasqOptions"/> sets them.
/// </summary>
internal static class Reservations
{
    /// <summary>How many characters of a line dnsmasq reads, without the newline.</summary>
    public const int LongestLine = 1023;

    /// <summary>The lines of all clients.</summary>
    public static string Render(ServerObservation observation)
    {
        var text = new StringBuilder();
        foreach (var served in observation.Clients) text.Append(Line(served, observation.Settings)).Append('\n');
        return text.ToString();
    }

    /// <summary>The line of one client.</summary>
    public static string Line(ServedClient served, Settings settings)
    {
        var client = served.Client;
        // By the card alone: boot loader, initramfs and system show different client identifiers, and would get different addresses.
        var words = client.Macs.Select(mac => mac.ToString()).Append("id:*")
            .Concat(client.Addresses.Select(address => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString()))
            // In quotes, because "100" or "ignore" would mean something else.
            .Append($"\"{client.Name}\"")
            .Append(Time(settings.Dhcp.Lease));
        return string.Join(',', words);
    }

    /// <summary>A time as dnsmasq reads it.</summary>
    public static string Time(TimeSpan time) => (long)time.TotalSeconds switch
    {
        var seconds when seconds % 3600 == 0 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h"),
        var seconds when seconds % 60 == 0 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m"),
        var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
    };
}
