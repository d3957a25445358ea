using System.Net;
using System.Net.Sockets;

namespace EtcSync.Core.Configuration;

/// <summary>Whether the addresses of server, pool and clients fit the networks that they are said to be in.</summary>
internal static class AddressAgreement
{
    /// <summary>What is wrong with the settings' own addresses.</summary>
    public static IEnumerable<Problem> OfSettings(string file, Settings settings)
    {
        foreach (var address in settings.Server.Addresses)
        {
            if (NetworkFor(settings, address) is { } network && Misfit(address, network) is { } misfit) yield return new(file, 0, "server.address", $"The server's address {address} {misfit}. Correct one of the two.");
        }

        if (settings.Dhcp.Range is not { } range) yield break;
        foreach (var end in (IPAddress[])[range.First, range.Last])
        {
            if (NetworkFor(settings, end) is { } network && Misfit(end, network) is { } misfit) yield return new(file, 0, "dhcp.range", $"{end} {misfit}. Write a range inside the network.");
        }
    }

    /// <summary>What is wrong with the clients' addresses.</summary>
    public static IEnumerable<Problem> OfClients(Settings settings, Inventory inventory)
    {
        foreach (var client in inventory.Clients)
        {
            foreach (var address in client.Addresses)
            {
                var problem = settings.Server.Addresses.Contains(address)
                    ? $"The address {address} is the server's own. Give the client another."
                    : NetworkFor(settings, address) is { } network && Misfit(address, network) is { } misfit ? $"The address {address} {misfit}. Give the client another, or correct 'server.network'." : null;
                if (problem is not null) yield return new(inventory.File, inventory.LineOf(client.Name), $"clients.{client.Name}.ip", problem);
            }
        }
    }

    /// <summary>The network of this prefix length in which an address is.</summary>
    public static IPNetwork NetworkOf(IPAddress address, int prefixLength)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefixLength; bit < 8 * bytes.Length; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new(new IPAddress(bytes), prefixLength);
    }

    private static IPNetwork? NetworkFor(Settings settings, IPAddress address)
    {
        foreach (var network in settings.Server.Networks)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily) return network;
        }

        return null;
    }

    private static string? Misfit(IPAddress address, IPNetwork network)
    {
        if (!network.Contains(address)) return $"is outside the network {network}";
        if (address.Equals(network.BaseAddress)) return $"is the address of the network {network} itself";
        return address.AddressFamily == AddressFamily.InterNetwork && IsBroadcast(address, network) ? $"is the broadcast address of the network {network}" : null;
    }

    private static bool IsBroadcast(IPAddress address, IPNetwork network)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = network.PrefixLength; bit < 32; bit++)
        {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) == 0) return false;
        }

        return true;
    }
}
