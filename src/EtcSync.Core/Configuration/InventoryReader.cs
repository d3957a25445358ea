using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Configuration;

/// <summary>Reads and checks inventory.yaml.</summary>
internal sealed class InventoryReader(ProblemList problems)
{
    private static readonly string[] ClientKeys = ["mac", "ip", "groups", .. RolloutReader.Keys, "identity"];
    private static readonly string[] ListedClientKeys = ["name", .. ClientKeys];

    private readonly Dictionary<ClientName, int> _names = [];
    private readonly Dictionary<MacAddress, (string Client, int Line)> _macs = [];
    private readonly Dictionary<IPAddress, (string Client, int Line)> _addresses = [];

    public static Loaded<Inventory> Load(string fileName, string text)
    {
        var problems = new ProblemList(fileName);
        var file = MapReader.File(YamlText.Parse(text, problems), problems, "version", "clients");
        var clients = new InventoryReader(problems).Clients(file);
        return problems.Result(() => new Inventory(fileName, clients));
    }

    private ImmutableArray<(Client, int)> Clients(MapReader file)
    {
        var clients = ImmutableArray.CreateBuilder<(Client, int)>();
        switch (file.Node("clients"))
        {
            case YamlList list:
                for (var i = 0; i < list.Items.Length; i++) Add(clients, Listed(list.Items[i], i + 1));
                break;
            case YamlMap map:
                foreach (var entry in map.Entries) Add(clients, Mapped(entry));
                break;
            case { IsNull: false } node and not YamlUnreadable:
                file.Report("clients", $"'clients' holds {node.Kind}, and a list is needed: begin each client with '- name: '.");
                break;
        }

        return clients.ToImmutable();
    }

    private static void Add(ImmutableArray<(Client, int)>.Builder clients, (Client, int)? client)
    {
        if (client is { } known) clients.Add(known);
    }

    private (Client, int)? Listed(YamlNode node, int number)
    {
        // Named in messages by its name as soon as that is known.
        var name = (node as YamlMap)?.Find("name")?.Value is YamlScalar { IsNull: false } scalar && ClientName.TryParse(scalar.Text, out var good, out _) ? good.Value : null;
        var map = MapReader.Of(node, problems, name is null ? $"clients[{number}]" : $"clients.{name}", node.Start.Line, ListedClientKeys);
        if (map.TryRead<ClientName>("name", ClientName.TryParse, out var read)) return Client(map, read, map.LineOf("name"));
        if (node is YamlMap && !map.Has("name")) problems.Add(map.Line, map.Path, "The client has no name. Add 'name:'.");
        else if (node.IsNull) problems.Add(map.Line, map.Path, "The client is empty. Add 'name:' and 'mac:', or remove the '-'.");
        return null;
    }

    private (Client, int)? Mapped(YamlEntry entry)
    {
        var line = entry.Key.Start.Line;
        if (!ClientName.TryParse(entry.Key.Text, out var name, out var reason))
        {
            problems.Add(line, $"clients.{Quoted.Text(entry.Key.Text)[1..^1]}", reason);
            return null;
        }

        return Client(MapReader.Of(entry.Value, problems, $"clients.{name}", line, ClientKeys), name, line);
    }

    private (Client, int)? Client(MapReader map, ClientName name, int line)
    {
        if (!_names.TryAdd(name, line)) problems.Add(line, map.Path, $"The client '{name}' stands twice: it is also on line {_names[name]}. Remove one, or give it another name.");
        var client = new Client(
            name,
            Macs(map, name.Value),
            Addresses(map, name.Value),
            Groups(map),
            RolloutReader.Read(map),
            IdentityReader.Read(map.Section("identity", IdentityReader.Keys)));
        return (client, line);
    }

    private ImmutableArray<MacAddress> Macs(MapReader map, string client)
    {
        var macs = ImmutableArray.CreateBuilder<MacAddress>();
        if (map.IsUnderstood && map.Node("mac") is null or { IsNull: true } or YamlList { Items.IsEmpty: true })
            problems.Add(map.LineOf("mac"), map.KeyPath("mac"), $"The client '{client}' has no MAC address, and could never be told from others when it boots. Add 'mac:' with one, such as 52:54:00:12:34:56.");
        foreach (var (mac, line) in map.ReadMany<MacAddress>("mac", MacAddress.TryParse))
        {
            if (_macs.TryAdd(mac, (client, line))) macs.Add(mac);
            else problems.Add(line, map.KeyPath("mac"), Taken($"The MAC address {mac}", client, _macs[mac]));
        }

        return macs.ToImmutable();
    }

    private ImmutableArray<IPAddress> Addresses(MapReader map, string client)
    {
        var addresses = new List<IPAddress>();
        foreach (var (address, line) in map.ReadMany<IPAddress>("ip", HostAddress.TryParse!))
        {
            if (!_addresses.TryAdd(address, (client, line))) problems.Add(line, map.KeyPath("ip"), Taken($"The address {address}", client, _addresses[address]));
            else if (addresses.Find(other => other.AddressFamily == address.AddressFamily) is { } other)
                problems.Add(line, map.KeyPath("ip"), $"The client '{client}' has {other} already. Give it one IPv4 address, one IPv6 address, or one of each.");
            else addresses.Add(address);
        }

        return [.. addresses.OrderBy(address => address.AddressFamily)];
    }

    private static string Taken(string what, string client, (string Client, int Line) other) => string.Equals(client, other.Client, StringComparison.Ordinal)
        ? $"{what} stands twice in '{client}': it is also on line {other.Line}. Remove one of them."
        : $"{what} belongs to the client '{other.Client}' already, on line {other.Line}. Each client needs its own.";

    private static ImmutableArray<GroupName> Groups(MapReader map)
    {
        var groups = ImmutableArray.CreateBuilder<GroupName>();
        foreach (var (group, line) in map.ReadMany<GroupName>("groups", GroupName.TryParse))
        {
            if (!groups.Contains(group)) groups.Add(group);
            else map.Problems.Add(line, map.KeyPath("groups"), $"The group '{group}' stands twice. Keep it where its layer belongs in the order.");
        }

        return groups.ToImmutable();
    }
}
