using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using EtcSync.Core.Boot;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Exports;
using EtcSync.Core.Names;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Adoption;

/// <summary>Reads a hand-written configuration: which machines are clients, what the settings have to say, and what is wrong. Pure; never throws.</summary>
internal sealed class HandMadeServerReader
{
    private const string UsualRoot = "/srv/root";

    private readonly HandMadeServer _server;
    private readonly DnsmasqConfiguration _dnsmasq;
    private readonly ImmutableArray<HostsEntry> _hosts;
    private readonly ImmutableArray<ExportEntry> _exports;
    private readonly PxelinuxEntry? _boot;
    private readonly BootArguments _arguments;
    private readonly List<AdoptionFault> _faults = [];

    private HandMadeServerReader(HandMadeServer server)
    {
        _server = server;
        _dnsmasq = DnsmasqConfiguration.Read(server.Foreign.Dnsmasq);
        _hosts = [.. server.Foreign.Hosts is { } hosts ? HostsFile.Read(hosts) : [], .. _dnsmasq.Names];
        _exports = [.. server.Foreign.Exports.SelectMany(file => ExportsFile.Parse(file).Entries)];
        _boot = server.Pxelinux.IsEmpty ? null : PxelinuxFile.Parse(server.Pxelinux[0].Text).Default;
        _arguments = _boot is null ? BootArguments.None : BootArguments.Read(_boot);
    }

    /// <summary>Reads it.</summary>
    /// <param name="server">The configuration.</param>
    public static UnderstoodServer Read(HandMadeServer server) => new HandMadeServerReader(server).Read();

    private UnderstoodServer Read()
    {
        var root = _arguments.Root ?? UsualRoot;
        var clones = _arguments.Clones ?? CloneTemplate.Default;
        var found = Clients(clones);
        var tags = Tags(found);
        ImmutableArray<UnderstoodClient> clients = [.. found.Select(pair => new UnderstoodClient(pair.Client with { Groups = GroupsOf(pair.Host, tags) }, pair.Host.File, pair.Host.Line)).OrderBy(client => client.Client.Name)];
        var settings = new HandMadeSettings(_server, _dnsmasq, _exports, _boot, _arguments, root, clones, clients).Choose(_faults);
        _faults.AddRange(new HandMadeFaults(_server, _exports, _hosts, _boot, root, clones, clients).Find());
        return new(root, clones, clients, settings, tags, [.. _faults]);
    }

    // A machine that has a reservation and a clone is a client; others that dnsmasq serves are none of ours.
    private List<(Client Client, DhcpHost Host)> Clients(CloneTemplate clones)
    {
        var found = new List<(Client Client, DhcpHost Host)>();
        foreach (var host in _dnsmasq.Hosts.Where(host => !host.IsIgnored && !host.Macs.IsEmpty))
        {
            if (NameOf(host) is not { } text || !ClientName.TryParse(text, out var name, out _) || !_server.Directories.Contains(clones.PathOf(name))) continue;
            if (found.Exists(other => other.Client.Name == name))
            {
                _faults.Add(new(host.File, host.Line, $"{name} is reserved twice; the other line is {found.Find(other => other.Client.Name == name).Host.Line}. Which of the two dnsmasq goes by is not certain.", "The first one counts. If the machine has two network cards, add this one with 'etcsync client set'.", NeedsPerson: true));
                continue;
            }

            if (host.Macs.FirstOrDefault(mac => found.Exists(other => other.Client.Macs.Contains(mac))) is var twice && twice != default)
            {
                _faults.Add(new(host.File, host.Line, $"The network card {twice} is reserved for {found.Find(other => other.Client.Macs.Contains(twice)).Client.Name} already.", $"{name} is left out. Give it the card that it has, and adopt it then.", NeedsPerson: true));
                continue;
            }

            found.Add((new(name, [.. host.Macs.Distinct()], AddressesOf(host, name, clones, found), [], null, IdentityOverrides.None), host));
        }

        return found;
    }

    private string? NameOf(DhcpHost host) =>
        (host.Name ?? _hosts.FirstOrDefault(entry => host.Addresses.Contains(entry.Address))?.Names[0])?.Split('.')[0].ToLowerInvariant();

    // The reservation's, else what hosts says, else to whom its clone is exported.
    private ImmutableArray<IPAddress> AddressesOf(DhcpHost host, ClientName name, CloneTemplate clones, List<(Client Client, DhcpHost Host)> others)
    {
        IEnumerable<IPAddress> addresses = host.Addresses;
        if (host.Addresses.IsEmpty) addresses = _hosts.Where(entry => entry.Names.Any(word => word.Split('.')[0].Equals(name.Value, StringComparison.OrdinalIgnoreCase))).Select(entry => entry.Address);
        if (!addresses.Any())
        {
            addresses = _exports.Where(entry => entry.Directory == clones.PathOf(name)).Select(entry => entry.Client.Split('/')[0]).Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>();
        }

        var usable = addresses.Where(address => HostAddress.TryParse(address.ToString(), out _, out _) && !others.Exists(other => other.Client.Addresses.Contains(address))).ToList();
        if (usable.Count == 0) _faults.Add(new(host.File, host.Line, $"{name} has no address of its own, or one that another client has, too; its /etc can be exported to no single address.", $"Give it one when it is adopted: 'etcsync client set {name} --ip ADDRESS'.", NeedsPerson: true));
        return [.. usable.GroupBy(address => address.AddressFamily).OrderBy(family => family.Key == AddressFamily.InterNetwork ? 0 : 1).Select(family => family.First())];
    }

    // What all clients have, or what they boot by, tells them from other machines; what some have groups them.
    private ImmutableSortedDictionary<string, string> Tags(List<(Client Client, DhcpHost Host)> clients)
    {
        var tags = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var tag in clients.SelectMany(client => client.Host.Sets).Distinct())
        {
            var isBooted = _dnsmasq.Boots.Any(boot => boot.Tags.Contains(tag));
            if (tag == DnsmasqOptions.ClientTag || isBooted || (clients.Count > 1 && clients.TrueForAll(client => client.Host.Sets.Contains(tag)))) tags[tag] = DnsmasqOptions.ClientTag;
            else if (GroupName.TryParse(GroupOf(tag), out var group, out _)) tags[tag] = DnsmasqOptions.GroupTag + group;
        }

        return tags.ToImmutable();
    }

    private static ImmutableArray<GroupName> GroupsOf(DhcpHost host, ImmutableSortedDictionary<string, string> tags) =>
        [.. host.Sets.Where(tag => tags.TryGetValue(tag, out var ours) && ours != DnsmasqOptions.ClientTag).Select(tag => GroupName.Parse(GroupOf(tag))).Distinct()];

    // A client that was released has the tag that EtcSync gave its group.
    private static string GroupOf(string tag) => (tag.StartsWith(DnsmasqOptions.GroupTag, StringComparison.Ordinal) ? tag[DnsmasqOptions.GroupTag.Length..] : tag).ToLowerInvariant();
}
