using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Inventories;
using EtcSync.Core.Names;
using EtcSync.Dnsmasq;
using EtcSync.Fleet;
using EtcSync.Presence;
using EtcSync.State;

namespace EtcSync.Inventories;

/// <summary>Who has which address beside what the inventory says, so that no new client is given one that somebody uses.</summary>
internal sealed class AddressesInUse
{
    // Each takes most of a second where nobody answers, so many are asked at the same time.
    private const int AskedAtOnce = 64;

    private const string HostsPath = "/etc/hosts";

    // A network in which so many answer that are not in the inventory is not ours to count.
    private const int MostAnswering = 64;

    private readonly PresenceReader _presence;
    private readonly ImmutableDictionary<IPAddress, string> _holders;
    private readonly ImmutableHashSet<IPAddress> _formers;

    private AddressesInUse(PresenceReader presence, ImmutableDictionary<IPAddress, string> holders, ImmutableHashSet<IPAddress> formers) => (_presence, _holders, _formers) = (presence, holders, formers);

    /// <summary>Looks at leases, at what clients were, and at the names that the server knows.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="macs">The cards for which an address is wanted: their own leases are no obstacle.</param>
    /// <param name="client">The client for which it is wanted.</param>
    public static AddressesInUse Look(Workspace workspace, IReadOnlyCollection<MacAddress> macs, ClientName client)
    {
        var presence = new PresenceReader(workspace);
        var tables = presence.Tables();
        var holders = ImmutableDictionary.CreateBuilder<IPAddress, string>();
        var foreign = DnsmasqConfiguration.Read(DnsmasqSources.Read(workspace.Locations));
        var named = DnsmasqSources.ReadOne(workspace.Locations, HostsPath) is { } hosts ? HostsFile.Read(hosts) : [];
        foreach (var entry in named.Concat(foreign.Names)) holders[entry.Address] = $"is that of {Quoted.Text(entry.Names[0])} in {entry.File}, line {entry.Line}";
        foreach (var host in foreign.Hosts.Where(host => !host.Macs.Intersect(macs).Any()))
        {
            foreach (var address in host.Addresses) holders[address] = $"is reserved for another machine in {host.File}, line {host.Line}";
        }

        foreach (var lease in tables.Leases.Where(lease => lease.Holds(tables.Now) && !(lease.Mac is { } mac && macs.Contains(mac)))) holders[lease.Address] = $"is leased to {(lease.Mac is { } mac ? mac.ToString() : "another machine")} now";
        var formers = new FormerStore(workspace.State).All().Where(former => former.Name != client).ToList();
        foreach (var former in formers)
        {
            foreach (var address in former.Addresses) holders[address] = Former(former.Name);
        }

        return new(presence, holders.ToImmutable(), [.. formers.SelectMany(former => former.Addresses)]);
    }

    /// <summary>Who has an address, as the end of a sentence that begins with it; null where nobody has.</summary>
    public string? HolderOf(IPAddress address) => _holders.GetValueOrDefault(address);

    /// <summary>Whether a client may still be running with an address: then it must not be given to another one.</summary>
    public bool IsFormer(IPAddress address) => _formers.Contains(address);

    /// <summary>The best free addresses, at most so many; fewer, or none, where the settings name no network, or not so many are free in it.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="inventory">The clients.</param>
    /// <param name="wanted">Addresses that others are about to get.</param>
    /// <param name="count">How many.</param>
    public ImmutableArray<IPAddress> Pick(Settings settings, Inventory inventory, IEnumerable<IPAddress> wanted, int count)
    {
        var found = ImmutableArray.CreateBuilder<IPAddress>();
        foreach (var some in FreeAddress.Of(settings, inventory, _holders.Keys.Concat(wanted).ToHashSet()).Take(count + MostAnswering).Chunk(Math.Min(count, AskedAtOnce)))
        {
            found.AddRange(some.AsParallel().AsOrdered().WithDegreeOfParallelism(some.Length).Where(address => !_presence.Answers(address)));
            if (found.Count >= count) break;
        }

        return [.. found.Take(count)];
    }

    private static string Former(ClientName client) => $"was that of {client}, which may be running with it until it boots; 'etcsync client booted {client}' says that it has booted";
}
