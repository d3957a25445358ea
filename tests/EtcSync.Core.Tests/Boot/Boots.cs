using System.Collections.Immutable;
using EtcSync.Core.Boot;

namespace EtcSync.Core.Tests.Boot;

/// <summary>Makes boot directories.</summary>
internal static class Boots
{
    /// <summary>Arch's, with its boot loaders.</summary>
    public static BootDirectory Arch { get; } = Of(
        ["vmlinuz-linux", "initramfs-linux.img", "initramfs-linux-fallback.img", "intel-ucode.img", "amd-ucode.img"],
        ["usr/lib/syslinux/bios/pxelinux.0", "usr/lib/syslinux/bios/ldlinux.c32", "usr/lib/syslinux/efi64/syslinux.efi", "usr/lib/syslinux/efi64/ldlinux.e64"]);

    /// <summary>A boot directory with these files, and these of packages.</summary>
    public static BootDirectory Of(string[] files, string[] packaged) => BootDirectory.Empty("/srv/root/boot") with { Files = Files(files), Packaged = Files(packaged) };

    private static ImmutableSortedDictionary<string, BootFile> Files(string[] names) =>
        names.ToImmutableSortedDictionary(name => name, _ => new BootFile(1000, IsReadable: true), StringComparer.Ordinal);
}
