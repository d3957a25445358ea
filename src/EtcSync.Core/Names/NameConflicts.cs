using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Server;

namespace EtcSync.Core.Names;

/// <summary>Finds names and addresses of clients that other files of hosts(5) give somebody else.</summary>
internal static class NameConflicts
{
    /// <summary>What in /etc/hosts, and in what others told dnsmasq to read beside it, contradicts the inventory.</summary>
    public static IEnumerable<ServerFinding> Find(ServerObservation observation, DnsmasqConfiguration foreign)
    {
        var entries = (observation.Foreign.Hosts is { } hosts ? HostsFile.Read(hosts) : []).Concat(foreign.Names).ToList();
        if (entries.Count == 0) yield break;
        var domain = observation.Settings.Names.Domain;
        var byName = observation.Clients.SelectMany(served => ClientNames.Spellings(served.Client.Name, domain).Select(name => (Name: name, Served: served))).ToDictionary(pair => pair.Name, pair => pair.Served, StringComparer.OrdinalIgnoreCase);
        var byAddress = observation.Clients.SelectMany(served => served.Client.Addresses.Select(address => (Address: address, Served: served))).ToDictionary(pair => pair.Address, pair => pair.Served);
        foreach (var entry in entries)
        {
            foreach (var name in entry.Names)
            {
                if (byName.TryGetValue(name, out var served) && HasOther(served, entry.Address))
                    yield return new(ServerPart.Dnsmasq, FindingLevel.Warning, $"{served.Client.Name} stands here for {entry.Address}, and the inventory gives it {string.Join(" and ", served.Client.Addresses)}. dnsmasq answers with both. Remove the name here, or give the client this address.", entry.File, entry.Line);
            }

            if (byAddress.TryGetValue(entry.Address, out var owner) && !entry.Names.Any(name => IsOf(owner, name, domain)))
                yield return new(ServerPart.Dnsmasq, FindingLevel.Warning, $"{entry.Address} stands here for other names than that of {owner.Client.Name}, which has it in the inventory. Remove the line, or give the client another address.", entry.File, entry.Line);
        }
    }

    // A client without addresses of its family may have any.
    private static bool HasOther(ServedClient served, System.Net.IPAddress address) =>
        served.Client.Addresses.Any(own => own.AddressFamily == address.AddressFamily) && !served.Client.Addresses.Contains(address) && !served.FormerAddresses.Contains(address);

    private static bool IsOf(ServedClient served, string name, string? domain) =>
        served.FormerNames.Prepend(served.Client.Name).SelectMany(own => ClientNames.Spellings(own, domain)).Any(own => name.Equals(own, StringComparison.OrdinalIgnoreCase)
            || name.StartsWith(own + ".", StringComparison.OrdinalIgnoreCase));
}
