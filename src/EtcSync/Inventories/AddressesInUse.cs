using System.Collections.Immutable;
using System.Net;
using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Inventories;
using EtcSync.Fleet;
using EtcSync.Presence;
using EtcSync.State;

namespace EtcSync.Inventories;

/// <summary>Who has which address beside what the inventory says, so that no new client is given one that somebody uses.</summary>
internal sealed class AddressesInUse
{
    // Each takes most of a second where nobody answers, and a network in which so many do that are not in the inventory is not ours to count.
    private const int MostAsked = 20;

    private readonly PresenceReader _presence;
    private readonly ImmutableDictionary<IPAddress, string> _holders;

    private AddressesInUse(PresenceReader presence, ImmutableDictionary<IPAddress, string> holders) => (_presence, _holders) = (presence, holders);

    /// <summary>Looks at leases, at what clients were, and at the names that the server knows.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="macs">The cards for which an address is wanted: their own leases are no obstacle.</param>
    /// <param name="client">The client for which it is wanted.</param>
    public static AddressesInUse Look(Workspace workspace, IReadOnlyCollection<MacAddress> macs, ClientName client)
    {
        var presence = new PresenceReader(workspace);
        var tables = presence.Tables();
        var holders = ImmutableDictionary.CreateBuilder<IPAddress, string>();
        foreach (var (address, name) in HostsFile(workspace.Locations)) holders[address] = $"stands in /etc/hosts as {Quoted.Text(name)}";
        foreach (var lease in tables.Leases.Where(lease => lease.Holds(tables.Now) && !(lease.Mac is { } mac && macs.Contains(mac)))) holders[lease.Address] = $"is leased to {(lease.Mac is { } mac ? mac.ToString() : "another machine")} now";
        foreach (var former in new FormerStore(workspace.State).All().Where(former => former.Name != client))
        {
            foreach (var address in former.Addresses) holders[address] = Former(former.Name);
        }

        return new(presence, holders.ToImmutable());
    }

    /// <summary>Who has an address, as the end of a sentence that begins with it; null where nobody has.</summary>
    public string? HolderOf(IPAddress address) => _holders.GetValueOrDefault(address);

    /// <summary>Whether a client may still be running with an address: then it must not be given to another one.</summary>
    public bool IsFormer(IPAddress address) => _holders.TryGetValue(address, out var holder) && holder.StartsWith(FormerWords, StringComparison.Ordinal);

    /// <summary>The best free address; null where the settings name no network, or nothing in it is free.</summary>
    public IPAddress? Pick(Settings settings, Inventory inventory) =>
        FreeAddress.Of(settings, inventory, _holders.Keys.ToHashSet()).Take(MostAsked).FirstOrDefault(address => !_presence.Answers(address));

    private const string FormerWords = "was that of ";

    private static string Former(ClientName client) => $"{FormerWords}{client}, which may be running with it until it boots; 'etcsync client settle {client}' says that it does not";

    private static IEnumerable<(IPAddress Address, string Name)> HostsFile(Locations locations)
    {
        var file = locations.Map("/etc/hosts");
        if (!File.Exists(file)) yield break;
        var isOurs = false;
        foreach (var line in File.ReadLines(file, Encoding.Latin1))
        {
            if (line == Core.Server.MarkedBlock.Begin) isOurs = true;
            var words = line.Split('#')[0].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (!isOurs && words.Length > 1 && IPAddress.TryParse(words[0], out var address)) yield return (address, words[1]);
            if (line == Core.Server.MarkedBlock.End) isOurs = false;
        }
    }
}
