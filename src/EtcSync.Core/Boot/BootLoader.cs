using System.Collections.Immutable;

namespace EtcSync.Core.Boot;

/// <summary>A boot loader that clients can be given.</summary>
/// <param name="Architecture">Which machines can start it.</param>
/// <param name="File">Its path below the boot directory, which is also what DHCP names: <c>pxelinux.0</c>, <c>efi64/syslinux.efi</c>.</param>
/// <param name="ReadsOurs">Whether it reads the configuration that EtcSync writes (<c>pxelinux.cfg</c>).</param>
/// <param name="Links">Links that the boot directory needs for it.</param>
public sealed record BootLoader(ClientArchitecture Architecture, string File, bool ReadsOurs, ImmutableArray<BootLink> Links);

/// <summary>A link in the boot directory.</summary>
/// <param name="File">Its path below the boot directory.</param>
/// <param name="Target">Where it leads, relative, so that the shared root can be moved and package upgrades reach clients.</param>
public sealed record BootLink(string File, string Target);
