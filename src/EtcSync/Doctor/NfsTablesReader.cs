using System.Collections.Immutable;
using EtcSync.Core.Doctor;
using EtcSync.Core.Presence;
using EtcSync.Server;
using EtcSync.State;

namespace EtcSync.Doctor;

/// <summary>Reads what the kernel's NFS server, and mountd, know of their clients (nfsd(7), /proc/net/rpc).</summary>
internal sealed class NfsTablesReader(Locations locations)
{
    private const string Clients = "/proc/fs/nfsd/clients";
    private const string Caches = "/proc/net/rpc";
    private static readonly string[] Connections = ["/proc/net/tcp", "/proc/net/tcp6"];

    private readonly ServerText _texts = new(locations);

    /// <summary>What is known now.</summary>
    public NfsTables Read()
    {
        if (_texts.Read($"{Caches}/nfsd.export/content") is not { } exports)
            return NfsTables.Unknown("the kernel's NFS server does not run here (there is no /proc/net/rpc/nfsd.export), or its tables cannot be read.");
        return new(
            [.. NfsTables.ReadExports(exports), .. NfsTables.ReadHandles(_texts.Read($"{Caches}/nfsd.fh/content") ?? "")],
            NfsTables.ReadDomains(_texts.Read($"{Caches}/auth.unix.ip/content") ?? ""),
            [.. _texts.Directories(Clients).Select(client => NfsTables.ReadClient(_texts.Read($"{client}/info") ?? "", _texts.Read($"{client}/states") ?? "")).OfType<NfsClient>()],
            Connections.SelectMany(file => NetworkTables.ConnectedToNfs(_texts.Read(file) ?? "")),
            NfsTables.ReadFlush(_texts.Read($"{Caches}/nfsd.export/flush") ?? ""));
    }
}
