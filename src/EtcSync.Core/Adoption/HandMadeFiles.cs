using System.Collections.Immutable;
using System.Text.RegularExpressions;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Exports;
using EtcSync.Core.Names;
using EtcSync.Core.Server;
using EtcSync.Core.Text;

namespace EtcSync.Core.Adoption;

/// <summary>A hand-written file without what moves into EtcSync's own.</summary>
/// <param name="Path">The file, as the configuration spells it.</param>
/// <param name="Before">Its text, bytes as Latin-1.</param>
/// <param name="After">What stays.</param>
public sealed record HandMadeEdit(string Path, string Before, string After)
{
    /// <summary>What goes, as lines of a unified diff.</summary>
    public ImmutableArray<string> Difference => UnifiedDiff.Of(ByteText.Readable(Before), ByteText.Readable(After));
}

/// <summary>Takes out of hand-written files what EtcSync writes from now on; every other byte stays. Pure.</summary>
internal sealed class HandMadeFiles
{
    private readonly HandMadeServer _server;
    private readonly UnderstoodServer _understood;
    private readonly Settings _settings;
    private readonly ImmutableArray<Client> _clients;
    private readonly bool _isComplete;

    private HandMadeFiles(HandMadeServer server, UnderstoodServer understood, Settings settings, IReadOnlySet<ClientName> adopted)
    {
        (_server, _understood, _settings) = (server, understood, settings);
        _clients = [.. understood.Clients.Select(client => client.Client).Where(client => adopted.Contains(client.Name))];
        _isComplete = _clients.Length == understood.Clients.Length;
    }

    /// <summary>The files that change.</summary>
    /// <param name="server">The files.</param>
    /// <param name="understood">What they say.</param>
    /// <param name="settings">The settings that are in force after.</param>
    /// <param name="adopted">The clients that EtcSync serves after; of others, everything stays.</param>
    public static ImmutableArray<HandMadeEdit> Edit(HandMadeServer server, UnderstoodServer understood, Settings settings, IReadOnlySet<ClientName> adopted)
    {
        var files = new HandMadeFiles(server, understood, settings, adopted);
        return [.. files.Edits().Where(edit => edit.Before != edit.After).OrderBy(edit => edit.Path, StringComparer.Ordinal)];
    }

    private IEnumerable<HandMadeEdit> Edits()
    {
        if (_clients.IsEmpty) yield break;
        if (_settings.Exports.Manage)
        {
            foreach (var file in _server.Foreign.Exports) yield return new(file.Path, file.Text, ExportsFile.Parse(file).Without(IsOurs));
        }

        if (!_settings.Dhcp.Manage) yield break;
        var dnsmasq = DnsmasqConfiguration.Read(_server.Foreign.Dnsmasq);
        var moved = Moved(dnsmasq).ToLookup(place => place.File, place => place.Line, StringComparer.Ordinal);
        var options = dnsmasq.Options.Select(line => line.File).ToHashSet(StringComparer.Ordinal);
        foreach (var file in _server.Foreign.Dnsmasq) yield return new(file.Path, file.Text, Without(file.Text, moved[file.Path].ToHashSet(), options.Contains(file.Path) ? Retagged : line => line));
        if (_server.Foreign.Hosts is { } hosts) yield return new(hosts.Path, hosts.Text, FileLines.Without(hosts.Text, HostsFile.Read(hosts).Where(IsOurs).Select(entry => entry.Line)));
    }

    private bool IsOurs(ExportEntry entry)
    {
        if (entry.Directory == _understood.Root || entry.Directory == $"{_understood.Root}/boot" && _settings.Exports.BootBuilder is not null) return IsInside(entry.Client);
        return _clients.Any(client => _understood.Clones.PathOf(client.Name) == entry.Directory);
    }

    // What is exported to others than the clients' network was somebody's decision; it is reported as long as it is there.
    private bool IsInside(string client) => ExportClient.Parse(client).IsWithin(_settings.Server.Networks);

    private bool IsOurs(HostsEntry entry) =>
        _clients.Any(client => entry.Names.All(name => name.Equals(client.Name.Value, StringComparison.OrdinalIgnoreCase) || name.Equals($"{client.Name}.{_settings.Names.Domain}", StringComparison.OrdinalIgnoreCase)));

    private IEnumerable<(string File, int Line)> Moved(DnsmasqConfiguration dnsmasq)
    {
        var reserved = _understood.Clients.Where(client => _clients.Contains(client.Client)).Select(client => (client.File, client.Line)).ToHashSet();
        foreach (var host in dnsmasq.Hosts.Where(host => reserved.Contains((host.File, host.Line)))) yield return (host.File, host.Line);
        foreach (var entry in dnsmasq.Names.Where(IsOurs)) yield return (entry.File, entry.Line);
        foreach (var line in dnsmasq.Options.Where(IsMoved)) yield return (line.File, line.Number);
    }

    // What EtcSync writes itself from the settings; the same in two places would contradict each other after the next change.
    private bool IsMoved(DnsmasqLine line) => line.Option switch
    {
        "listen-address" => line.Fields.Any() && line.Fields.All(field => _settings.Server.Addresses.Any(address => address.ToString() == field)),
        "interface" => line.Fields.Any() && line.Fields.All(field => field == _settings.Server.Interface),
        "dhcp-range" => DhcpRange.Read(line) is { Start: { } start } && _settings.Server.Networks.Any(network => network.Contains(start)),
        "dhcp-option" => line.First is "option:dns-server" or "6" ? !_settings.Dhcp.NameServers.IsEmpty : line.First is "option:router" or "3" && _settings.Dhcp.Router is not null,
        "domain" => line.Fields.Count() == 1 && line.First == _settings.Names.Domain,
        // A client that is left out goes on booting by these.
        "dhcp-boot" => _isComplete && IsOurBoot(line),
        "enable-tftp" => _settings.Boot.Manage && (line.First.Length == 0 || line.First == _settings.Server.Interface),
        "tftp-root" => _settings.Boot.Manage && line.First.TrimEnd('/') == $"{_settings.Root}/boot",
        _ => false,
    };

    private bool IsOurBoot(DnsmasqLine line) => _settings.Boot.Manage && DhcpBoot.Read(line) is { ServerAddress: "" or "0.0.0.0" } boot && boot.Tags.All(tag => _understood.Tags.GetValueOrDefault(tag) == DnsmasqOptions.ClientTag);

    // Lines that depend on a tag which EtcSync sets by another name. A dhcp-host sets it, and what machines boot EtcSync says itself.
    private string Retagged(string line)
    {
        if (line.TrimStart() is var text && (text.StartsWith('#') || text.StartsWith("dhcp-host", StringComparison.Ordinal) || text.StartsWith("dhcp-boot", StringComparison.Ordinal))) return line;
        foreach (var (tag, ours) in _understood.Tags)
        {
            var changed = Retagged(line, tag, ours);
            // Who is left out keeps the old tag.
            if (changed != line) return _isComplete ? changed : line + (line.EndsWith('\n') ? "" : "\n") + changed;
        }

        return line;
    }

    private static string Retagged(string line, string tag, string ours)
    {
        var condition = new Regex($@"(?<before>[=,\s](?:tag|net):!?){Regex.Escape(tag)}(?<after>[,\s]|\z)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);
        // Twice, because two conditions may share the comma between them.
        return Replaced(Replaced(line));

        string Replaced(string text) => condition.Replace(text, match => match.Groups["before"].Value + ours + match.Groups["after"].Value);
    }

    private static string Without(string text, HashSet<int> lines, Func<string, string> keep) =>
        string.Concat(FileLines.Split(text).Select((line, index) => lines.Contains(index + 1) ? "" : keep(line)));
}
