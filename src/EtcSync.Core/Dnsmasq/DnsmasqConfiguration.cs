using System.Collections.Immutable;
using EtcSync.Core.Names;
using EtcSync.Core.Server;

namespace EtcSync.Core.Dnsmasq;

/// <summary>What dnsmasq's files say, each in the order in which it is read.</summary>
/// <param name="Options">All lines of options.</param>
/// <param name="Hosts">All reservations, wherever they stand: <c>dhcp-host</c>, a dhcp-hostsfile, ethers(5).</param>
/// <param name="Ranges">All <c>dhcp-range</c>.</param>
/// <param name="Boots">All <c>dhcp-boot</c>.</param>
/// <param name="Names">The names of <c>addn-hosts</c> and <c>hostsdir</c>.</param>
/// <param name="Directories">All directories of configuration.</param>
public sealed record DnsmasqConfiguration(
    ImmutableArray<DnsmasqLine> Options,
    ImmutableArray<DhcpHost> Hosts,
    ImmutableArray<DhcpRange> Ranges,
    ImmutableArray<DhcpBoot> Boots,
    ImmutableArray<HostsEntry> Names,
    ImmutableArray<ConfigurationDirectory> Directories)
{
    /// <summary>Where Debian's service says which directory dnsmasq reads.</summary>
    public const string DebianDefaults = "/etc/default/dnsmasq";

    /// <summary>The file that is read first.</summary>
    public const string MainFile = "/etc/dnsmasq.conf";

    /// <summary>Where reservations by ethers(5) are.</summary>
    public const string EthersPath = "/etc/ethers";

    /// <summary>Reads files in the order in which dnsmasq does, a list after the file that names it. A file that nothing names as a list is one of options. Never throws.</summary>
    public static DnsmasqConfiguration Read(IEnumerable<ForeignFile> files)
    {
        var lists = new Dictionary<string, string>(StringComparer.Ordinal);
        var options = ImmutableArray.CreateBuilder<DnsmasqLine>();
        var hosts = ImmutableArray.CreateBuilder<DhcpHost>();
        var names = ImmutableArray.CreateBuilder<HostsEntry>();
        var directories = ImmutableArray.CreateBuilder<ConfigurationDirectory>();
        foreach (var file in files)
        {
            switch (file.Path == DebianDefaults ? DebianDefaults : file.Path == EthersPath ? "ethers" : ListKind(lists, file.Path))
            {
                case DebianDefaults:
                    if (DefaultDirectory(file.Text) is { } directory) directories.Add(directory);
                    break;
                case "ethers":
                    hosts.AddRange(EthersFile.Read(file));
                    break;
                case "dhcp-hostsfile" or "dhcp-hostsdir":
                    hosts.AddRange(DnsmasqSyntax.List(file).Select(DhcpHost.Read));
                    break;
                case "addn-hosts" or "hostsdir":
                    names.AddRange(HostsFile.Read(file));
                    break;
                case null:
                    var lines = DnsmasqSyntax.Options(file);
                    options.AddRange(lines);
                    hosts.AddRange(lines.Where(line => line.Option == "dhcp-host").Select(DhcpHost.Read));
                    directories.AddRange(lines.Where(line => line.Option == "conf-dir").Select(line => ConfigurationDirectory.Read(line.Fields)));
                    foreach (var line in lines.Where(IsList)) lists.TryAdd(line.First.TrimEnd('/'), line.Option);
                    break;
            }
        }

        var read = options.ToImmutable();
        return new(
            read, hosts.ToImmutable(),
            [.. read.Where(line => line.Option == "dhcp-range").Select(DhcpRange.Read)],
            [.. read.Where(line => line.Option == "dhcp-boot").Select(DhcpBoot.Read)],
            names.ToImmutable(), directories.ToImmutable());
    }

    /// <summary>All lines of an option.</summary>
    public IEnumerable<DnsmasqLine> All(string option) => Options.Where(line => line.Option == option);

    /// <summary>Whether the file at this path is one that dnsmasq reads for options.</summary>
    public bool Includes(string path) => Directories.Any(directory => directory.ReadsPath(path)) || All("conf-file").Any(line => line.First == path);

    /// <summary>The directory that Debian's service names: <c>CONFIG_DIR</c> of /etc/default/dnsmasq, the last one that is assigned.</summary>
    public static ConfigurationDirectory? DefaultDirectory(string text)
    {
        ConfigurationDirectory? directory = null;
        foreach (var line in FileLines.Split(text))
        {
            const string Key = "CONFIG_DIR=";
            var trimmed = line.Trim();
            if (!trimmed.StartsWith(Key, StringComparison.Ordinal)) continue;
            var value = trimmed[Key.Length..].Split(' ', '\t', '#')[0].Trim('"', '\'');
            directory = value.Length == 0 ? null : ConfigurationDirectory.Read(value.Split(','));
        }

        return directory;
    }

    /// <summary>Whether the line names a file, or a directory of files, that is a list and no configuration.</summary>
    internal static bool IsList(DnsmasqLine line) =>
        line.Option is "dhcp-hostsfile" or "dhcp-hostsdir" or "addn-hosts" or "hostsdir" or "dhcp-optsfile" or "dhcp-optsdir" or "servers-file" or "resolv-file" && line.First.Length > 0;

    private static string? ListKind(Dictionary<string, string> lists, string path) =>
        lists.TryGetValue(path, out var kind) || lists.TryGetValue(Path.GetDirectoryName(path) ?? "", out kind) ? kind : null;
}
