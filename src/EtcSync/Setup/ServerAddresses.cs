using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using EtcSync.Core.Configuration;

namespace EtcSync.Setup;

/// <summary>An address that the server has.</summary>
/// <param name="Interface">The network interface that has it.</param>
/// <param name="Address">The address.</param>
/// <param name="Network">The network that it is in; null where the interface does not say.</param>
internal sealed record ServerAddress(string Interface, IPAddress Address, IPNetwork? Network)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Address} on {Interface}";
}

/// <summary>Finds the address from which clients are likely to boot.</summary>
internal static class ServerAddresses
{
    // Interfaces of containers, virtual machines and tunnels: hardly where diskless machines are.
    private static readonly string[] Virtual = ["docker", "br-", "veth", "virbr", "vmnet", "vnet", "lxc", "lxd", "cni", "flannel", "cali", "podman", "tun", "tap", "wg", "tailscale", "zt"];

    /// <summary>The addresses of interfaces that are up and not the loopback, the likeliest first: private ones on real cards. Where none is up, those without a link: the switch may be off.</summary>
    public static IReadOnlyList<ServerAddress> Find()
    {
        // Unknown: the kernel does not say of every virtual card that it is up.
        var up = Find(card => card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown);
        return up.Count > 0 ? up : Find(_ => true);
    }

    /// <summary>The address of an interface, up or not; null where it has none.</summary>
    public static ServerAddress? Of(string name) => Find(card => card.Name == name).FirstOrDefault();

    private static List<ServerAddress> Find(Func<NetworkInterface, bool> isMeant)
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces()
                .Where(card => card.NetworkInterfaceType != NetworkInterfaceType.Loopback && card.Name != "lo" && isMeant(card))
                .SelectMany(card => card.GetIPProperties().UnicastAddresses.Select(unicast => new ServerAddress(card.Name, unicast.Address, NetworkOf(unicast))))
                .Where(found => found.Address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(found.Address))
                .OrderBy(Rank).ThenBy(found => found.Interface, StringComparer.Ordinal).ThenBy(found => found.Address.ToString(), StringComparer.Ordinal)];
        }
        catch (NetworkInformationException)
        {
            // A sandbox without a network is no reason not to begin.
            return [];
        }
    }

    /// <summary>How unlikely it is that clients boot from there.</summary>
    internal static int Rank(ServerAddress found) =>
        (Virtual.Any(prefix => found.Interface.StartsWith(prefix, StringComparison.Ordinal)) ? 2 : 0) + (IsPrivate(found.Address) ? 0 : 1);

    // A prefix that leaves no room for clients is no network of theirs.
    private static IPNetwork? NetworkOf(UnicastIPAddressInformation unicast) =>
        unicast.PrefixLength is >= 8 and <= 30 ? AddressAgreement.NetworkOf(unicast.Address, unicast.PrefixLength) : null;

    // RFC 1918, section 3.
    private static bool IsPrivate(IPAddress address) => address.GetAddressBytes() is [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..];
}
