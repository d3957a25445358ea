using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Server;
using EtcSync.FileSystem;
using EtcSync.State;

namespace EtcSync.Dnsmasq;

/// <summary>Finds and reads the files that dnsmasq reads, as far as others wrote them.</summary>
internal sealed class DnsmasqSources
{
    private readonly Locations _locations;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly ImmutableArray<ForeignFile>.Builder _files = ImmutableArray.CreateBuilder<ForeignFile>();

    private DnsmasqSources(Locations locations) => _locations = locations;

    /// <summary>The files in dnsmasq's order, a list (of reservations, of names) after the file that names it. What is not there, or cannot be read, is left out: dnsmasq itself says so.</summary>
    public static ImmutableArray<ForeignFile> Read(Locations locations)
    {
        var sources = new DnsmasqSources(locations);
        if (sources.Text(DnsmasqConfiguration.DebianDefaults) is { } defaults)
        {
            sources._files.Add(new(DnsmasqConfiguration.DebianDefaults, defaults));
            if (DnsmasqConfiguration.DefaultDirectory(defaults) is { } directory) sources.Follow(directory);
        }

        sources.Follow(DnsmasqConfiguration.MainFile);
        return sources._files.ToImmutable();
    }

    /// <summary>One file of somebody else's; null where there is none.</summary>
    public static ForeignFile? ReadOne(Locations locations, string path) => new DnsmasqSources(locations).Text(path) is { } text ? new(path, text) : null;

    private void Follow(string path)
    {
        if (DnsmasqPaths.IsOurs(path) || !_seen.Add(path) || Text(path) is not { } text) return;
        var file = new ForeignFile(path, text);
        _files.Add(file);
        foreach (var line in DnsmasqSyntax.Options(file))
        {
            if (line.Option == "conf-file" && line.First.StartsWith('/')) Follow(line.First);
            else if (line.Option == "conf-dir" && line.First.StartsWith('/')) Follow(ConfigurationDirectory.Read(line.Fields));
            else if (line.Option == "read-ethers") AddList(DnsmasqConfiguration.EthersPath);
            else if (line.Option is not ("resolv-file" or "servers-file") && DnsmasqConfiguration.IsList(line) && line.First.StartsWith('/')) AddList(line.First);
        }
    }

    private void Follow(ConfigurationDirectory directory)
    {
        foreach (var name in Names(directory.Path).Where(directory.Reads)) Follow($"{directory.Path}/{name}");
    }

    // A list is a file, or a directory with files.
    private void AddList(string path)
    {
        if (Directory.Exists(_locations.Map(path)))
        {
            path = path.TrimEnd('/');
            foreach (var name in Names(path).Where(name => name[0] is not ('.' or '#') && name[^1] != '~')) AddFile($"{path}/{name}");
        }
        else
        {
            AddFile(path);
        }
    }

    private void AddFile(string path)
    {
        if (!DnsmasqPaths.IsOurs(path) && _seen.Add(path) && Text(path) is { } text) _files.Add(new(path, text));
    }

    private List<string> Names(string path)
    {
        try
        {
            return [.. Directory.EnumerateFiles(_locations.Map(path)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string? Text(string path)
    {
        var mapped = _locations.Map(path);
        try
        {
            return RegularFile.Read(mapped) is { } bytes ? Encoding.Latin1.GetString(bytes) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
