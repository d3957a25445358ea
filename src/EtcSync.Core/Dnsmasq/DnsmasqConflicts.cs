using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Server;

namespace EtcSync.Core.Dnsmasq;

/// <summary>Finds what others told dnsmasq that contradicts what we tell it.</summary>
internal static class DnsmasqConflicts
{
    /// <summary>The findings, by file and line.</summary>
    public static IEnumerable<ServerFinding> Find(ServerObservation observation, DnsmasqConfiguration foreign) =>
        Hosts(observation, foreign).Concat(Ranges(observation.Settings, foreign)).Concat(Boots(foreign)).Concat(Serving(observation, foreign));

    private static IEnumerable<ServerFinding> Hosts(ServerObservation observation, DnsmasqConfiguration foreign)
    {
        if (foreign.Hosts.IsEmpty) yield break;
        var byMac = observation.Clients.SelectMany(served => served.Client.Macs.Select(mac => (Mac: mac, served.Client))).ToDictionary(pair => pair.Mac, pair => pair.Client);
        var byAddress = observation.Clients.SelectMany(served => served.Client.Addresses.Select(address => (Address: address, served.Client))).ToDictionary(pair => pair.Address, pair => pair.Client);
        var byName = observation.Clients.ToDictionary(served => served.Client.Name.Value, served => served.Client, StringComparer.OrdinalIgnoreCase);
        foreach (var host in foreign.Hosts)
        {
            var client = host.Macs.Select(byMac.GetValueOrDefault).FirstOrDefault(client => client is not null);
            if (client is not null)
            {
                yield return Warning(host, SaysTheSame(host, client)
                    ? $"{client.Name} is reserved here, too, and dnsmasq goes by this line and not by ours. 'etcsync adopt' moves it; or remove it here."
                    : $"This reserves something else for a network card of {client.Name} than the inventory does, and dnsmasq goes by this line. Remove it, or take the card out of the inventory.");
                continue;
            }

            var owner = host.Addresses.Select(byAddress.GetValueOrDefault).FirstOrDefault(owner => owner is not null);
            if (owner is not null) yield return Warning(host, $"This reserves an address of {owner.Name} for another machine, and dnsmasq goes by this line. Remove it, or give the client another address.");
            if (host.Name is { } name && byName.TryGetValue(name.Split('.')[0], out var namesake) && namesake != owner)
                yield return Warning(host, $"This gives the name of {namesake.Name} to another machine. Remove it, or rename the client ('etcsync client rename').");
        }
    }

    private static bool SaysTheSame(DhcpHost host, Client client) =>
        !host.IsIgnored && (host.Name is null || string.Equals(host.Name, client.Name.Value, StringComparison.OrdinalIgnoreCase)) && host.Addresses.All(client.Addresses.Contains)
        && host.Macs.All(client.Macs.Contains);

    private static IEnumerable<ServerFinding> Ranges(Settings settings, DnsmasqConfiguration foreign)
    {
        foreach (var range in foreign.Ranges)
        {
            if (range.Start is not { } start || !settings.Server.Networks.Any(network => Covers(network, start, range.End))) continue;
            yield return new(ServerPart.Dnsmasq, FindingLevel.Warning,
                "This gives addresses in the clients' network, beside what EtcSync writes: machines that are not in the inventory may be served otherwise than its settings say. Remove it, and write 'range:' below 'dhcp:' in /etc/etcsync/etcsync.yaml.", range.File, range.Line);
        }
    }

    private static bool Covers(IPNetwork network, IPAddress start, IPAddress? end) =>
        start.AddressFamily == network.BaseAddress.AddressFamily && (network.Contains(start) || (end is not null && end.AddressFamily == start.AddressFamily && network.Contains(end)));

    private static IEnumerable<ServerFinding> Boots(DnsmasqConfiguration foreign)
    {
        foreach (var boot in foreign.Boots)
        {
            if (boot.Tags.IsEmpty)
                yield return new(ServerPart.Dnsmasq, FindingLevel.Warning, "Every machine that gets an address boots from this, also one that is not in the inventory. Remove it, or restrict it to a tag.", boot.File, boot.Line);
            else if (boot.Tags.Any(IsOurTag))
                yield return new(ServerPart.Dnsmasq, FindingLevel.Warning, "This tells clients of the inventory to boot something else; which of the two they get is not certain. Remove it, or use a tag of your own.", boot.File, boot.Line);
        }
    }

    private static IEnumerable<ServerFinding> Serving(ServerObservation observation, DnsmasqConfiguration foreign)
    {
        var server = observation.Settings.Server;
        foreach (var line in foreign.Options)
        {
            var message = line.Option switch
            {
                "port" when line.First == "0" => "With port 0 dnsmasq answers no DNS query, so the names of the clients are known to nobody. Remove it, or let another program read " + DnsmasqPaths.Names + ".",
                "except-interface" or "no-dhcp-interface" when server.Interface is { } name && line.Fields.Any(pattern => Matches(pattern, name)) => $"dnsmasq does not serve {name}, where the clients are. Remove it, or correct 'interface:' below 'server:'.",
                "no-dhcpv4-interface" when server.Interface is { } name && line.Fields.Any(pattern => Matches(pattern, name)) => $"dnsmasq gives no IPv4 address on {name}, where the clients are. Remove it, or correct 'interface:' below 'server:'.",
                "tftp-secure" => "dnsmasq then sends only files that its own user owns, and clients cannot fetch kernel and initramfs. Remove it.",
                "tftp-unique-root" => "dnsmasq then looks for the boot files in a directory for each client, where there are none. Remove it.",
                "dhcp-ignore" when line.Fields.Any() && line.Fields.All(field => field.Length > 4 && IsOurTag(field[4..])) => "dnsmasq then ignores clients of the inventory. Remove it.",
                "dhcp-lease-max" when int.TryParse(line.First, System.Globalization.NumberStyles.None, null, out var most) && most < observation.Clients.Length => $"dnsmasq gives at most {most} leases, and there are {observation.Clients.Length} clients. Write a larger number.",
                _ => null,
            };
            if (message is not null) yield return new(ServerPart.Dnsmasq, FindingLevel.Warning, message, line.File, line.Number);
        }
    }

    private static bool IsOurTag(string tag) => tag == DnsmasqOptions.ClientTag || tag.StartsWith("etcsync-", StringComparison.Ordinal) || tag.StartsWith(DnsmasqOptions.GroupTag, StringComparison.Ordinal);

    private static bool Matches(string pattern, string name) => pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == name;

    private static ServerFinding Warning(DhcpHost host, string message) => new(ServerPart.Dnsmasq, FindingLevel.Warning, message, host.File, host.Line);
}
