using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Server;

namespace EtcSync.Core.Adoption;

/// <summary>A server's configuration as people wrote it, and what of the machine it refers to.</summary>
/// <param name="Foreign">The files of exports, dnsmasq and hosts.</param>
/// <param name="Pxelinux">The files in pxelinux.cfg, the default one first where there is one.</param>
/// <param name="Directories">The directories beside the clones, and those that are exported, as far as they exist.</param>
/// <param name="BootFiles">The names of the files in the shared root's boot directory.</param>
/// <param name="Cards">The addresses that the server has.</param>
public sealed record HandMadeServer(
    ForeignFiles Foreign,
    ImmutableArray<ForeignFile> Pxelinux,
    ImmutableHashSet<string> Directories,
    ImmutableHashSet<string> BootFiles,
    ImmutableArray<CardAddress> Cards);

/// <summary>An address of a network card of the server.</summary>
/// <param name="Interface">The card.</param>
/// <param name="Address">The address.</param>
/// <param name="Network">The network that it is in; null where the card does not say.</param>
public sealed record CardAddress(string Interface, IPAddress Address, IPNetwork? Network);
