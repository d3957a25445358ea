using System.Collections.Immutable;
using EtcSync.Boot;
using EtcSync.Core.Boot;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Exports;
using EtcSync.Core.Server;
using EtcSync.Dnsmasq;
using EtcSync.Exports;
using EtcSync.Fleet;

namespace EtcSync.Server;

/// <summary>The parts of the server's files, and the programs that read them: added here and nowhere else.</summary>
internal static class ServerParts
{
    /// <summary>What renders and checks the files.</summary>
    public static ImmutableArray<IServerFiles> Files { get; } =
    [
        new ExportsFiles(),
        new BootFiles(),
        new DnsmasqFiles(),
    ];

    /// <summary>The programs of this machine; none in a sandbox.</summary>
    public static ImmutableArray<IServerService> Services(Workspace workspace) => workspace.Locations.IsSandbox ? [] :
    [
        new NfsService(workspace),
        new BootService(workspace),
        new DnsmasqService(workspace),
    ];
}
