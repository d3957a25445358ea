using System.Net;
using System.Net.Sockets;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Inventories;

/// <summary>Picks an address for a new client.</summary>
internal static class FreeAddress
{
    // A network of IPv6 has more addresses than anybody can try.
    private const int MostTried = 1 << 16;

    /// <summary>
    /// The free addresses of the first network, the best first: from the lowest that a client has upward, so that clients lie together,
    /// then from the beginning; what lies in the pool comes last, though dnsmasq keeps a reserved one out of it.
    /// </summary>
    /// <param name="settings">The network, the pool, and who else is in it.</param>
    /// <param name="inventory">The clients.</param>
    /// <param name="taken">Addresses that belong to somebody else.</param>
    /// <returns>Nothing where the settings name no network, or all of it is taken.</returns>
    public static IEnumerable<IPAddress> Of(Settings settings, Inventory inventory, IReadOnlySet<IPAddress> taken)
    {
        if (settings.Server.Networks.IsEmpty) yield break;
        var network = settings.Server.Networks[0];
        var used = settings.Server.Addresses.Concat(settings.Dhcp.NameServers).Append(settings.Dhcp.Router).OfType<IPAddress>()
            .Concat(inventory.Clients.SelectMany(client => client.Addresses)).Concat(taken).ToHashSet();
        var hosts = HostsOf(network);
        var lowest = inventory.Clients.SelectMany(client => client.Addresses).Where(network.Contains).Select(address => Offset(network, address)).DefaultIfEmpty(1).Min();
        var order = Range(lowest, hosts).Concat(Range(1, lowest)).Select(offset => At(network, offset)).Where(address => !used.Contains(address));
        if (settings.Dhcp.Range is not { } pool || pool.First.AddressFamily != network.BaseAddress.AddressFamily)
        {
            foreach (var address in order) yield return address;
            yield break;
        }

        var inside = new List<IPAddress>();
        foreach (var address in order)
        {
            if (Compare(pool.First, address) <= 0 && Compare(address, pool.Last) <= 0) inside.Add(address);
            else yield return address;
        }

        foreach (var address in inside) yield return address;
    }

    // One past the last that a machine can have; the broadcast address is none.
    private static long HostsOf(IPNetwork network)
    {
        var bits = (8 * network.BaseAddress.GetAddressBytes().Length) - network.PrefixLength;
        var all = bits >= 17 ? MostTried : 1L << bits;
        return network.BaseAddress.AddressFamily == AddressFamily.InterNetwork && bits < 17 ? all - 1 : all;
    }

    private static IEnumerable<long> Range(long from, long to)
    {
        for (var offset = from; offset < to; offset++) yield return offset;
    }

    private static IPAddress At(IPNetwork network, long offset)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        for (var i = bytes.Length - 1; offset > 0 && i >= 0; i--)
        {
            offset += bytes[i];
            bytes[i] = (byte)offset;
            offset >>= 8;
        }

        return new(bytes);
    }

    // What is further from the beginning than anybody tries counts as the beginning.
    private static long Offset(IPNetwork network, IPAddress address)
    {
        var (from, to) = (network.BaseAddress.GetAddressBytes(), address.GetAddressBytes());
        long offset = 0;
        for (var i = 0; i < from.Length; i++)
        {
            offset = (offset << 8) + to[i] - from[i];
            if (offset > MostTried) return 1;
        }

        return Math.Max(1, offset);
    }

    private static int Compare(IPAddress one, IPAddress other) => one.GetAddressBytes().AsSpan().SequenceCompareTo(other.GetAddressBytes());
}
