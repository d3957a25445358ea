using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Policies;
using EtcSync.Core.Server;

namespace EtcSync.Core.Inventories;

/// <summary>Reads lists of clients that other programs, and people, have written. All of it is good, or every problem is told.</summary>
public static class ClientImport
{
    /// <summary>Reads a list in the format that it seems to have.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="text">Its text, as Latin-1.</param>
    public static Loaded<ImportedClients> Read(string file, string text) => Read(file, text, FormatOf(text));

    /// <summary>Reads a list.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="text">Its text, as Latin-1.</param>
    /// <param name="format">How it is written.</param>
    public static Loaded<ImportedClients> Read(string file, string text, ImportFormat format)
    {
        var problems = new List<Problem>();
        List<ImportedClient> clients = [.. format switch
        {
            ImportFormat.Csv => CsvClients.Read(file, text, problems),
            ImportFormat.Ethers => Clients(EthersFile.Read(new(file, text)), problems),
            _ => Clients(Reservations(new(file, text)), problems),
        }];
        if (clients.Count == 0 && problems.Count == 0) problems.Add(new(file, 0, "", $"There is no client in it, read as {Describe(format)}. '--format' says how it is written, if that is wrong."));
        problems.AddRange(Doubles<ClientName>(file, clients, client => [client.Name], "name"));
        problems.AddRange(Doubles(file, clients, client => client.Macs, "MAC address"));
        problems.AddRange(Doubles(file, clients, client => client.Addresses, "address"));
        return problems.Count == 0 ? Loaded.From(new ImportedClients([.. clients])) : Loaded.Failed<ImportedClients>(problems);
    }

    /// <summary>How a list seems to be written: by the first line that says something.</summary>
    public static ImportFormat FormatOf(string text)
    {
        foreach (var line in text.Split('\n').Select(line => line.TrimStart('\u00EF', '\u00BB', '\u00BF', '\uFEFF').Trim()))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.StartsWith("dhcp-host=", StringComparison.Ordinal)) return ImportFormat.Dnsmasq;
            var first = line.Split(',', ';', ' ', '\t')[0];
            if (!MacAddress.TryParse(first, out _, out _)) break;
            return line.Length > first.Length && line[first.Length] == ',' ? ImportFormat.Dnsmasq : ImportFormat.Ethers;
        }

        // A configuration of dnsmasq's may say other things first.
        return text.Split('\n').Any(line => line.TrimStart().StartsWith("dhcp-host=", StringComparison.Ordinal)) ? ImportFormat.Dnsmasq : ImportFormat.Csv;
    }

    /// <summary>Those of a list that an inventory has not yet; a client that it has just so is passed over, so that a list can be imported twice.</summary>
    /// <param name="file">The list's name, for messages.</param>
    /// <param name="imported">The list.</param>
    /// <param name="inventory">The inventory.</param>
    public static Loaded<ImportedClients> Missing(string file, ImportedClients imported, Inventory inventory)
    {
        var problems = new List<Problem>();
        var missing = ImmutableArray.CreateBuilder<ImportedClient>();
        var macs = inventory.Clients.SelectMany(client => client.Macs.Select(mac => (mac, client))).ToDictionary();
        var addresses = inventory.Clients.SelectMany(client => client.Addresses.Select(address => (address, client))).ToDictionary();
        foreach (var one in imported.Clients)
        {
            if (inventory.Find(one.Client.Name) is { } known)
            {
                if (IsThere(one.Client, known)) continue;
                problems.Add(new(file, one.Line, one.Client.Name.Value, $"There is a client {known.Name} in the inventory already, with other values. 'etcsync client set {known.Name}' changes it; or take the line out."));
                continue;
            }

            missing.Add(one);
            problems.AddRange(one.Client.Macs.Where(macs.ContainsKey).Select(mac => new Problem(file, one.Line, one.Client.Name.Value, $"The MAC address {mac} is that of {macs[mac].Name} in the inventory. Each client needs its own.")));
            problems.AddRange(one.Client.Addresses.Where(addresses.ContainsKey).Select(address => new Problem(file, one.Line, one.Client.Name.Value, $"The address {address} is that of {addresses[address].Name} in the inventory. Each client needs its own.")));
        }

        return problems.Count == 0 ? Loaded.From(new ImportedClients(missing.ToImmutable())) : Loaded.Failed<ImportedClients>(problems);
    }

    /// <summary>What a format is called in messages.</summary>
    public static string Describe(ImportFormat format) => format switch
    {
        ImportFormat.Csv => "a table (CSV)",
        ImportFormat.Ethers => "ethers(5)",
        _ => "reservations of dnsmasq",
    };

    private static bool IsThere(Client wanted, Client known) =>
        !wanted.Macs.Except(known.Macs).Any() && !wanted.Addresses.Except(known.Addresses).Any() && (wanted.Groups.IsEmpty || wanted.Groups.SequenceEqual(known.Groups));

    private static IEnumerable<Problem> Doubles<T>(string file, List<ImportedClient> clients, Func<Client, IEnumerable<T>> values, string what) =>
        clients.SelectMany(one => values(one.Client).Select(value => (Value: value, one.Line))).GroupBy(pair => pair.Value)
            .SelectMany(same => same.Skip(1).Select(pair => new Problem(file, pair.Line, "", $"The {what} {pair.Value} stands on line {same.First().Line} already. Each client needs its own.")));

    // In a configuration each reservation says that it is one; in a list, nothing else stands there.
    private static IEnumerable<DhcpHost> Reservations(ForeignFile file)
    {
        var lines = DnsmasqSyntax.Options(file).Where(line => line.Option == "dhcp-host").ToList();
        return (lines.Count > 0 ? lines : [.. DnsmasqSyntax.List(file)]).Select(DhcpHost.Read);
    }

    private static IEnumerable<ImportedClient> Clients(IEnumerable<DhcpHost> hosts, List<Problem> problems)
    {
        foreach (var host in hosts)
        {
            var count = problems.Count;
            var line = new ImportLine(host.File, host.Line, problems);
            var client = Read(host, line);
            if (problems.Count == count) yield return new(client, host.Line);
        }
    }

    private static Client Read(DhcpHost host, ImportLine line)
    {
        if (host.Problem is { } problem) line.Add(problem);
        if (host.IsIgnored) line.Add("The machine is to be ignored, so it is no client. Take the line out.");
        if (host.Macs.IsEmpty && host.Problem is null) line.Add("It names no network card by its whole MAC address, and a client is known by that. Write one, or take the line out.");
        foreach (var other in host.OtherHardware) line.Add($"{Quoted.Text(other)} is not the address of one network card. Write the whole address, or take it out.");
        foreach (var other in host.OtherAddresses) line.Add($"{Quoted.Text(other)} is not one address. Write a whole one, or take it out.");
        // "id:*" only says that the card counts, and not what the machine calls itself.
        foreach (var id in host.ClientIds.Where(id => id != "*")) line.Add($"{Quoted.Text(id)} is a client identifier, and clients are known by their cards. Take it out.");
        if (host.Name is null && host.Problem is null) line.Add("It gives the machine no name. Add one.");
        return new(
            host.Name is { } name ? line.Name(name.Split('.')[0]) : default,
            [.. host.Macs.Distinct()],
            line.Addresses(host.Addresses.Select(address => address.ToString())),
            // Tags that only dnsmasq knows are no groups: what is one shows in its name.
            [.. host.Sets.Where(tag => GroupName.TryParse(tag, out _, out _)).Select(GroupName.Parse).Distinct()],
            null,
            IdentityOverrides.None);
    }
}
