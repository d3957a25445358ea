using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Server;
using EtcSync.Fleet;

namespace EtcSync.Dnsmasq;

/// <summary>
/// Ends leases of clients that are gone or have other cards or addresses: dnsmasq keeps them when it reads its lists again, and would
/// give the address to nobody else until they are over. It forgets one when it is given back in the machine's name.
/// </summary>
internal sealed class LeaseEnding(Workspace workspace)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends what leases these clients have that the reservations no longer give them; says which it could not.</summary>
    public ImmutableArray<ServerFinding> End(ImmutableArray<InstalledClient> gone, ImmutableArray<DhcpHost> reserved, CancellationToken cancellation)
    {
        if (gone.IsEmpty) return [];
        var macs = gone.SelectMany(client => client.Macs).ToHashSet();
        var addresses = gone.SelectMany(client => client.Addresses).ToHashSet();
        bool IsOver(DhcpLease lease) => (lease.Mac is { } mac && macs.Contains(mac) || addresses.Contains(lease.Address)) && lease.Holds(workspace.Time.GetUtcNow()) && !IsReserved(lease, reserved);
        var places = LeaseFiles.Places(workspace.Locations);
        var left = LeaseFiles.Read(workspace.Locations, places).Where(IsOver).ToList();
        if (left.Count == 0) return [];
        var failure = left.Select(Release).OfType<string>().FirstOrDefault();
        for (var start = workspace.Time.GetTimestamp(); left.Count > 0 && workspace.Time.GetElapsedTime(start) < Patience && !cancellation.WaitHandle.WaitOne(Pause);)
            left = [.. LeaseFiles.Read(workspace.Locations, places).Where(IsOver)];
        return [.. left.Select(lease => new ServerFinding(ServerPart.Dnsmasq, FindingLevel.Warning,
            $"dnsmasq keeps the lease of {lease.Address}{Holder(lease)}{(failure is null ? "" : $" ({failure})")}, and gives the address to nobody else until it is over{Until(lease)}. To end it now, stop dnsmasq, remove the line from {places[0]}, and start it."))];
    }

    /// <summary>Leases of addresses that are reserved for others.</summary>
    public static IEnumerable<ServerFinding> InTheWay(ImmutableArray<DhcpLease> leases, ImmutableArray<DhcpHost> reserved, DateTimeOffset now)
    {
        if (leases.IsEmpty) yield break;
        var owners = reserved.SelectMany(host => host.Addresses.Select(address => (Address: address, Host: host))).ToDictionary(pair => pair.Address, pair => pair.Host);
        foreach (var lease in leases)
        {
            if (lease.Mac is { } mac && lease.Holds(now) && owners.TryGetValue(lease.Address, out var owner) && !owner.Macs.Contains(mac))
                yield return new(ServerPart.Dnsmasq, FindingLevel.Warning, $"{lease.Address} is {owner.Name}'s, but {mac} has it{Until(lease)}; {owner.Name} gets nothing as long as that machine keeps it. Switch that machine off and end its lease, or give {owner.Name} another address.");
        }
    }

    private static bool IsReserved(DhcpLease lease, ImmutableArray<DhcpHost> reserved) =>
        lease.Mac is { } mac && reserved.FirstOrDefault(host => host.Macs.Contains(mac)) is { } host
        && (host.Addresses.Contains(lease.Address) || !host.Addresses.Any(address => address.AddressFamily == lease.Address.AddressFamily));

    private static string Holder(DhcpLease lease) => lease.Mac is { } mac ? $" for {mac}" : "";

    private static string Until(DhcpLease lease) => lease.Expires is { } expires ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" until {expires.ToLocalTime():yyyy-MM-dd HH:mm}") : " for ever";

    // Why it cannot be given back; null where it was.
    private string? Release(DhcpLease lease)
    {
        if (lease.Mac is not { } mac || lease.Address.AddressFamily != AddressFamily.InterNetwork) return "leases of IPv6 go by an identifier of the machine's own";
        var server = workspace.Settings.Server.Address;
        if (server?.AddressFamily != AddressFamily.InterNetwork || (workspace.Settings.Server.Interface ?? InterfaceOf(server)) is not { } name) return "the server's own interface is not known";
        try
        {
            DhcpSocket.Release(name, server, mac, lease.Address);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }

    private static string? InterfaceOf(IPAddress address) =>
        NetworkInterface.GetAllNetworkInterfaces().FirstOrDefault(one => one.GetIPProperties().UnicastAddresses.Any(own => own.Address.Equals(address)))?.Name;
}
