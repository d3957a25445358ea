using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using EtcSync.Core.Boot;
using EtcSync.Core.Configuration;
using EtcSync.Core.Server;

namespace EtcSync.Core.Dnsmasq;

/// <summary>dnsmasq's options: where it serves, which addresses it gives, and what machines boot. They say nothing of single clients.</summary>
internal static class DnsmasqOptions
{
    /// <summary>The tag of all clients.</summary>
    public const string ClientTag = "etcsync";

    /// <summary>What the tag of a group's clients begins with.</summary>
    public const string GroupTag = "group-";

    /// <summary>The tag of machines that ask on our network.</summary>
    public const string NetworkTag = "etcsync-network";

    private const string ArchitectureTag = "etcsync-arch";
    private const string OthersTag = "etcsync-others";

    // dnsmasq's own limit.
    private const int UsualLeases = 1000;

    /// <summary>The lines.</summary>
    public static string Render(ServerObservation observation, DnsmasqConfiguration foreign) =>
        string.Concat(Serving(observation.Settings.Server, foreign).Concat(Addresses(observation, foreign)).Concat(Tags(observation, foreign)).Concat(Booting(observation)).Select(line => line + "\n"));

    /// <summary>What the clients' network is called where dnsmasq restricts something to it: the tag that it sets for the interface; none where the interface is not known.</summary>
    private static string OnInterface(ServerSettings server) => server.Interface is null ? "" : $"tag:{server.Interface},";

    private static IEnumerable<string> Serving(ServerSettings server, DnsmasqConfiguration foreign)
    {
        // Interfaces that others name are served beside ours. By the interface, dnsmasq goes on to answer the server itself, too.
        if (server.Interface is not null) yield return $"interface={server.Interface}";
        else foreach (var address in server.Addresses) yield return $"listen-address={address}";
        // Other DNS servers of this machine (systemd-resolved, libvirt's) keep their addresses, and the interface may come up later.
        if (!foreign.All("bind-interfaces").Any()) yield return "bind-dynamic";
    }

    private static IEnumerable<string> Addresses(ServerObservation observation, DnsmasqConfiguration foreign)
    {
        var (server, dhcp) = (observation.Settings.Server, observation.Settings.Dhcp);
        yield return $"dhcp-hostsfile={DnsmasqPaths.Reservations}";
        yield return $"addn-hosts={DnsmasqPaths.Names}";
        var lease = Reservations.Time(dhcp.Lease);
        foreach (var family in (AddressFamily[])[AddressFamily.InterNetwork, AddressFamily.InterNetworkV6])
        {
            if (Range(server, dhcp, family) is { } range) yield return $"dhcp-range=set:{NetworkTag},{range},{lease}";
        }

        if (dhcp.Range is not null && !dhcp.ServesUnknown) yield return $"dhcp-ignore={OnInterface(server)}tag:!known";
        // A machine that nobody knows must not take a name.
        yield return $"dhcp-ignore-names={OnInterface(server)}tag:!known";
        // Without the option, dnsmasq would name itself as the router.
        yield return dhcp.Router is null ? $"dhcp-option=tag:{NetworkTag},option:router" : $"dhcp-option=tag:{NetworkTag},option:router,{dhcp.Router}";
        var nameServers = dhcp.NameServers.Where(address => address.AddressFamily == AddressFamily.InterNetwork).ToList();
        if (nameServers.Count > 0) yield return $"dhcp-option=tag:{NetworkTag},option:dns-server,{string.Join(',', nameServers)}";
        var nameServers6 = dhcp.NameServers.Where(address => address.AddressFamily == AddressFamily.InterNetworkV6).ToList();
        if (nameServers6.Count > 0) yield return $"dhcp-option=tag:{NetworkTag},option6:dns-server,{string.Join(',', nameServers6.Select(address => $"[{address}]"))}";
        if (observation.Settings.Names.Domain is { } domain)
        {
            if (server.Networks.IsEmpty) yield return $"domain={domain}";
            foreach (var network in server.Networks) yield return $"domain={domain},{network}";
        }

        // In steps, so that a new client is no reason for a restart.
        if (observation.Clients.Length * 2 > UsualLeases && !foreign.All("dhcp-lease-max").Any())
            yield return string.Create(CultureInfo.InvariantCulture, $"dhcp-lease-max={BitOperations.RoundUpToPowerOf2((uint)observation.Clients.Length * 2)}");
        yield return "log-dhcp";
    }

    // Who is reserved on our network is a client, but for those whom others reserved.
    private static IEnumerable<string> Tags(ServerObservation observation, DnsmasqConfiguration foreign)
    {
        var ours = observation.Clients.SelectMany(served => served.Client.Macs).ToHashSet();
        var others = foreign.Hosts.SelectMany(host => host.Macs.Where(mac => !ours.Contains(mac)).Select(mac => mac.ToString()).Concat(host.OtherHardware)).Distinct(StringComparer.Ordinal).ToList();
        foreach (var hardware in others) yield return $"dhcp-mac=set:{OthersTag},{hardware}";
        yield return $"tag-if=set:{ClientTag},{OnInterface(observation.Settings.Server)}tag:known{(others.Count == 0 ? "" : $",tag:!{OthersTag}")}";
        // A client of a group is named in the options, which take a restart, only where somebody makes use of it.
        var used = foreign.Options.SelectMany(line => line.Fields).Where(field => field.StartsWith("tag:", StringComparison.Ordinal)).Select(field => field[4..].TrimStart('!')).ToHashSet(StringComparer.Ordinal);
        foreach (var served in observation.Clients)
        {
            foreach (var group in served.Client.Groups.Where(group => used.Contains(GroupTag + group)))
            {
                foreach (var mac in served.Client.Macs) yield return $"dhcp-mac=set:{GroupTag}{group},{mac}";
            }
        }
    }

    // The pool, or the network in which only reserved addresses are given; null where nothing is known of this family.
    private static string? Range(ServerSettings server, DhcpSettings dhcp, AddressFamily family)
    {
        var network = server.Networks.Where(network => network.BaseAddress.AddressFamily == family).Cast<IPNetwork?>().FirstOrDefault();
        var mask = network is null ? "" : family == AddressFamily.InterNetwork ? $",{Mask(network.Value.PrefixLength)}" : string.Create(CultureInfo.InvariantCulture, $",{network.Value.PrefixLength}");
        if (dhcp.Range is { } pool && pool.First.AddressFamily == family) return $"{pool.First},{pool.Last}{mask}";
        if (network is not null) return $"{network.Value.BaseAddress},static{mask}";
        // Any address of the network names it; the mask is the interface's.
        return family == AddressFamily.InterNetwork && server.Addresses.FirstOrDefault(address => address.AddressFamily == family) is { } own ? $"{own},static" : null;
    }

    private static IEnumerable<string> Booting(ServerObservation observation)
    {
        var server = observation.Settings.Server;
        var where = server.Interface is null ? "" : "," + server.Interface;
        yield return server.Interface is null ? "enable-tftp" : $"enable-tftp={server.Interface}";
        yield return $"tftp-root={Quote(observation.Boot.Path)}{where}";
        // A shared root that is not mounted yet must not take DNS away from everybody.
        yield return "tftp-no-fail";
        var loaders = BootLoaders.Find(observation.Boot);
        yield return $"dhcp-match=set:{ArchitectureTag},option:client-arch";
        var from = server.Addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork) is { } own ? $",,{own}" : "";
        foreach (var loader in loaders)
        {
            var tag = TagOf(loader.Architecture);
            foreach (var code in ClientArchitectures.Codes(loader.Architecture)) yield return string.Create(CultureInfo.InvariantCulture, $"dhcp-match=set:{tag},option:client-arch,{code}");
            yield return $"dhcp-boot=tag:{ClientTag},tag:{tag},{Quote(loader.File)}{from}";
            // Machines that do not say what they are are as PCs always were.
            if (loader.Architecture == ClientArchitecture.Bios) yield return $"dhcp-boot=tag:{ClientTag},tag:!{ArchitectureTag},{Quote(loader.File)}{from}";
        }
    }

    /// <summary>The tag of machines of an architecture.</summary>
    public static string TagOf(ClientArchitecture architecture) => architecture switch
    {
        ClientArchitecture.Bios => "etcsync-bios",
        ClientArchitecture.Efi32 => "etcsync-efi32",
        ClientArchitecture.Efi64 => "etcsync-efi64",
        _ => throw new ArgumentOutOfRangeException(nameof(architecture)),
    };

    private static string Quote(string text) => text.AsSpan().ContainsAny(" ,#\"\\") ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : text;

    private static IPAddress Mask(int prefixLength) => new(BitConverter.GetBytes(IPAddress.HostToNetworkOrder((int)(uint.MaxValue << (32 - prefixLength)))));
}
