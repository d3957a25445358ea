using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Doctor;

namespace EtcSync.Core.Discovery;

/// <summary>A machine that asked dnsmasq for an address and is no client of the inventory.</summary>
/// <param name="Mac">Its network card.</param>
/// <param name="Asked">When it asked last; null where no time is known.</param>
/// <param name="Times">How often it was seen in the log.</param>
/// <param name="IsBooting">Whether its firmware asked, to boot over the network.</param>
/// <param name="Address">The address that it was given last; null for none.</param>
/// <param name="CallsItself">The name that it gave itself; null for none. Anybody can say anything here.</param>
public sealed record DiscoveredMachine(MacAddress Mac, DateTimeOffset? Asked, int Times, bool IsBooting, IPAddress? Address, string? CallsItself)
{
    /// <summary>The card by which EtcSync itself asks who gives addresses: locally administered (IEEE 802, 8.4), and nobody's.</summary>
    public static MacAddress Asker { get; } = MacAddress.Parse("02:65:74:63:73:79");

    /// <summary>The machines that a log and the leases tell of, the one that asked last first.</summary>
    public static ImmutableArray<DiscoveredMachine> Find(Inventory inventory, IEnumerable<BootEvent> events, IEnumerable<DhcpLease> leases)
    {
        var known = inventory.Clients.SelectMany(client => client.Macs).Append(Asker).ToHashSet();
        var found = new Dictionary<MacAddress, DiscoveredMachine>();
        foreach (var one in events)
        {
            var (mac, isBooting, address) = one switch
            {
                BootEvent.Asked asked => (asked.Mac, asked.IsFirmware, null),
                BootEvent.Given { Mac: { } given } at => (given, at.IsFirmware, at.Address),
                BootEvent.Refused refused => (refused.Mac, false, null),
                _ => (default(MacAddress), false, (IPAddress?)null),
            };
            if (mac == default || known.Contains(mac)) continue;
            var before = found.GetValueOrDefault(mac) ?? new(mac, null, 0, false, null, null);
            found[mac] = before with { Asked = one.At ?? before.Asked, Times = before.Times + 1, IsBooting = before.IsBooting || isBooting, Address = address ?? before.Address };
        }

        foreach (var lease in leases)
        {
            if (lease.Mac is not { } mac || known.Contains(mac)) continue;
            var before = found.GetValueOrDefault(mac) ?? new(mac, null, 0, false, null, null);
            found[mac] = before with { Address = lease.Address, CallsItself = lease.HostName ?? before.CallsItself };
        }

        return [.. found.Values.OrderByDescending(machine => machine.Asked ?? DateTimeOffset.MinValue).ThenBy(machine => machine.Mac)];
    }
}
