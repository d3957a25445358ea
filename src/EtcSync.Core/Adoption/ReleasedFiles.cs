using System.Collections.Immutable;
using EtcSync.Core.Boot;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Exports;
using EtcSync.Core.Names;
using EtcSync.Core.Server;
using EtcSync.Core.Text;

namespace EtcSync.Core.Adoption;

/// <summary>A file as it is after EtcSync has left.</summary>
/// <param name="Path">The file, as the configuration spells it.</param>
/// <param name="Before">Its text, bytes as Latin-1; null where there is none.</param>
/// <param name="After">Its text afterwards.</param>
public sealed record ReleasedFile(string Path, string? Before, string After)
{
    /// <summary>What changes, as lines of a unified diff.</summary>
    public ImmutableArray<string> Difference => UnifiedDiff.Of(ByteText.Readable(Before ?? ""), ByteText.Readable(After));
}

/// <summary>Makes plain configuration of what EtcSync wrote. Programs read the same before and after, so none has to be told. Pure.</summary>
internal static class ReleasedFiles
{
    private const string ExportsFile = "/etc/exports";
    private const string HostsPath = "/etc/hosts";

    /// <summary>All files: each stays where it is, and is nobody's but the administrator's.</summary>
    /// <param name="installed">What EtcSync wrote.</param>
    /// <param name="current">What is there now.</param>
    public static ImmutableArray<ReleasedFile> All(InstalledFiles installed, Func<string, CurrentFile?> current) =>
    [
        .. from pair in installed.Files
           let text = (current(pair.Key) as CurrentFile.Regular)?.Text
           where text is not null
           let after = pair.Value.Content is GeneratedContent.Block ? Unmarked(text) : Headed(text)
           where after != text
           select new ReleasedFile(pair.Key, text, after),
    ];

    /// <summary>The entries of some clients, added to the files that people write.</summary>
    /// <param name="clients">The clients.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="installed">What EtcSync wrote.</param>
    /// <param name="current">What is there now.</param>
    public static ImmutableArray<ReleasedFile> Some(IReadOnlyCollection<Client> clients, Settings settings, InstalledFiles installed, Func<string, CurrentFile?> current)
    {
        var (exports, hosts, reservations, own) = (new List<string>(), new List<string>(), new List<string>(), new List<ReleasedFile>());
        var cards = clients.SelectMany(client => client.Macs).Select(mac => "/" + BootFiles.FileOf(mac)).ToList();
        foreach (var (path, file) in installed.Files)
        {
            if (current(path) is not CurrentFile.Regular { Text: var text }) continue;
            var foreign = new ForeignFile(path, text);
            switch (file.Part)
            {
                case ServerPart.Exports:
                    exports.AddRange(Core.Exports.ExportsFile.Parse(foreign).Entries.Where(entry => clients.Any(client => settings.Clones.PathOf(client.Name) == entry.Directory)).Select(entry => entry.ToString()));
                    break;
                case ServerPart.Dnsmasq when path == DnsmasqPaths.Reservations:
                    var lines = text.Split('\n');
                    // With the tags by which EtcSync's clients are told what to boot: the server's other files still say it.
                    reservations.AddRange(from host in DnsmasqSyntax.List(foreign).Select(DhcpHost.Read)
                                          let client = clients.FirstOrDefault(client => client.Name.Value == host.Name)
                                          where client is not null
                                          select $"dhcp-host={lines[host.Line - 1].Trim()}{string.Concat(client.Groups.Select(group => DnsmasqOptions.GroupTag + group).Prepend(DnsmasqOptions.ClientTag).Select(tag => ",set:" + tag))}");
                    break;
                case ServerPart.Dnsmasq when path == DnsmasqPaths.Names:
                    hosts.AddRange(Core.Names.HostsFile.Read(foreign).Where(entry => clients.Any(client => entry.Names.Any(name => name.Split('.')[0] == client.Name.Value))).Select(entry => $"{entry.Address}\t{string.Join(' ', entry.Names)}"));
                    break;
                case ServerPart.Boot when cards.Exists(card => path.EndsWith(card, StringComparison.Ordinal)):
                    own.Add(new(path, text, Headed(text)));
                    break;
                default:
                    break;
            }
        }

        return [.. own, .. Added(ExportsFile, exports, current), .. Added(DnsmasqConfiguration.MainFile, reservations, current), .. Added(HostsPath, hosts, current)];
    }

    private static IEnumerable<ReleasedFile> Added(string path, List<string> lines, Func<string, CurrentFile?> current)
    {
        var before = (current(path) as CurrentFile.Regular)?.Text;
        var present = MarkedBlock.Blank(before ?? "").Split('\n').Select(line => line.Trim()).ToHashSet(StringComparer.Ordinal);
        var missing = lines.Where(line => !present.Contains(line.Trim())).Distinct(StringComparer.Ordinal).ToList();
        if (missing.Count == 0) yield break;
        var start = before is null || before.Length == 0 || before.EndsWith('\n') ? before ?? "" : before + "\n";
        yield return new(path, before, start + string.Concat(missing.Select(line => line + "\n")));
    }

    // The line that says who owns the file; any other first line stays.
    private static string Headed(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0 || !FileHeader.IsOurs(text)) return text;
        return FileHeader.LeftLine + text[end..];
    }

    private static string Unmarked(string text)
    {
        if (MarkedBlock.Find(text) is not { } lines) return text;
        var start = text.IndexOf(MarkedBlock.Begin, StringComparison.Ordinal);
        return text[..start] + lines + MarkedBlock.Remove(text)[start..];
    }
}
