using System.Collections.Immutable;
using EtcSync.Boot;
using EtcSync.Core.Adoption;
using EtcSync.Core.Boot;
using EtcSync.Core.Configuration;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Exports;
using EtcSync.Core.Server;
using EtcSync.Dnsmasq;
using EtcSync.Exports;
using EtcSync.Setup;
using EtcSync.State;

namespace EtcSync.Adoption;

/// <summary>Reads what people wrote for exportfs, dnsmasq, names and the boot loader; writes nothing.</summary>
internal static class HandMadeServerObserver
{
    private const string UsualRoot = "/srv/root";
    private const string HostsFile = "/etc/hosts";
    private const int MostBootFiles = 1_000;

    /// <summary>Looks at everything.</summary>
    public static HandMadeServer Observe(Locations locations)
    {
        var dnsmasq = DnsmasqSources.Read(locations);
        var exports = ForeignExports.Read(locations);
        var root = RootOf(dnsmasq);
        var pxelinux = Pxelinux(locations, $"{root}/boot/{BootLoaders.ConfigurationDirectory}");
        return new(
            new(exports, dnsmasq, DnsmasqSources.ReadOne(locations, HostsFile)),
            pxelinux,
            Directories(locations, exports, pxelinux),
            [.. BootDirectoryReader.Read(root, locations.Map(root)).Files.Keys],
            [.. ServerAddresses.Find().Select(found => new CardAddress(found.Interface, found.Address, found.Network))]);
    }

    // Where the boot files are served from tells where the shared root is.
    private static string RootOf(IEnumerable<ForeignFile> dnsmasq)
    {
        var served = DnsmasqConfiguration.Read(dnsmasq).All("tftp-root").Select(line => line.First.TrimEnd('/')).FirstOrDefault(path => path.EndsWith("/boot", StringComparison.Ordinal));
        return served is not null && SystemPath.TryParse(served[..^"/boot".Length], out var root, out _) ? root : UsualRoot;
    }

    private static ImmutableArray<ForeignFile> Pxelinux(Locations locations, string directory)
    {
        if (!Directory.Exists(locations.Map(directory))) return [];
        return [.. Directory.EnumerateFiles(locations.Map(directory)).Select(file => Path.GetFileName(file)).Take(MostBootFiles)
            .Where(name => name == "default" || name.StartsWith("01-", StringComparison.Ordinal)).OrderBy(name => name == "default" ? 0 : 1).ThenBy(name => name, StringComparer.Ordinal)
            .Select(name => Read(locations, $"{directory}/{name}")).OfType<ForeignFile>()];
    }

    private static ForeignFile? Read(Locations locations, string path) =>
        Server.ServerObserver.Read(locations.Map(path)) is CurrentFile.Regular file && !FileHeader.IsOurs(file.Text) ? new(path, file.Text) : null;

    private static ImmutableHashSet<string> Directories(Locations locations, IEnumerable<ForeignFile> exports, ImmutableArray<ForeignFile> pxelinux)
    {
        var clones = pxelinux.IsEmpty || PxelinuxFile.Parse(pxelinux[0].Text).Default is not { } entry ? null : BootArguments.Read(entry).Clones;
        var parents = exports.SelectMany(file => ExportsFile.Parse(file).Entries).Select(entry => Path.GetDirectoryName(entry.Directory) ?? "/")
            .Append((clones ?? CloneTemplate.Default).Parent).Where(parent => SystemPath.TryParse(parent, out _, out _)).ToHashSet(StringComparer.Ordinal);
        return [.. parents.Where(parent => Directory.Exists(locations.Map(parent))).SelectMany(parent => Directory.EnumerateDirectories(locations.Map(parent)).Select(locations.Unmap))];
    }
}
