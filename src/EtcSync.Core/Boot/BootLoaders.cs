using System.Collections.Immutable;

namespace EtcSync.Core.Boot;

/// <summary>
/// Which boot loaders there are, one for each architecture at most: those of syslinux, as packages of the shared root have them or as
/// somebody put them into the boot directory; for UEFI also another that somebody put there.
/// </summary>
public static class BootLoaders
{
    /// <summary>Where pxelinux and syslinux.efi look for their configuration, beside themselves.</summary>
    public const string ConfigurationDirectory = "pxelinux.cfg";

    // Each loader stops without its own library, and each architecture has another one of the same name but for its ending; so UEFI's are
    // in directories of their own. Packages: Arch's syslinux, Debian's pxelinux, syslinux-efi and syslinux-common, Fedora's syslinux.
    private static readonly Source[] Sources =
    [
        new(ClientArchitecture.Bios, "", "pxelinux.0", "ldlinux.c32",
        [
            ("usr/lib/syslinux/bios/pxelinux.0", "usr/lib/syslinux/bios/ldlinux.c32"),
            ("usr/lib/PXELINUX/pxelinux.0", "usr/lib/syslinux/modules/bios/ldlinux.c32"),
            ("usr/share/syslinux/pxelinux.0", "usr/share/syslinux/ldlinux.c32"),
        ]),
        new(ClientArchitecture.Efi32, "efi32/", "syslinux.efi", "ldlinux.e32",
        [
            ("usr/lib/syslinux/efi32/syslinux.efi", "usr/lib/syslinux/efi32/ldlinux.e32"),
            ("usr/lib/SYSLINUX.EFI/efi32/syslinux.efi", "usr/lib/syslinux/modules/efi32/ldlinux.e32"),
            ("usr/share/syslinux/efi32/syslinux.efi", "usr/share/syslinux/efi32/ldlinux.e32"),
        ]),
        new(ClientArchitecture.Efi64, "efi64/", "syslinux.efi", "ldlinux.e64",
        [
            ("usr/lib/syslinux/efi64/syslinux.efi", "usr/lib/syslinux/efi64/ldlinux.e64"),
            ("usr/lib/SYSLINUX.EFI/efi64/syslinux.efi", "usr/lib/syslinux/modules/efi64/ldlinux.e64"),
            ("usr/share/syslinux/efi64/syslinux.efi", "usr/share/syslinux/efi64/ldlinux.e64"),
        ]),
    ];

    // Loaders whose configuration somebody else writes.
    private static readonly (ClientArchitecture Architecture, string File)[] Others =
    [
        (ClientArchitecture.Bios, "lpxelinux.0"),
        (ClientArchitecture.Bios, "undionly.kpxe"),
        (ClientArchitecture.Efi32, "ipxe32.efi"),
        (ClientArchitecture.Efi32, "grubia32.efi"),
        (ClientArchitecture.Efi64, "ipxe.efi"),
        (ClientArchitecture.Efi64, "snponly.efi"),
        (ClientArchitecture.Efi64, "grubx64.efi"),
    ];

    /// <summary>Paths below the shared root where packages put loaders and their libraries.</summary>
    public static ImmutableArray<string> PackagedPaths { get; } = [.. Sources.SelectMany(source => source.Packages).SelectMany(package => new[] { package.Loader, package.Library }).Order(StringComparer.Ordinal)];

    /// <summary>The loaders that clients can be given, at most one for each architecture, in the order of the architectures.</summary>
    public static ImmutableArray<BootLoader> Find(BootDirectory boot) =>
        [.. Enum.GetValues<ClientArchitecture>().Select(architecture => Syslinux(boot, Sources.Single(source => source.Architecture == architecture)) ?? Other(boot, architecture)).OfType<BootLoader>()];

    private static BootLoader? Syslinux(BootDirectory boot, Source source)
    {
        // pxelinux.0 of old (before syslinux 5) needs no library, but none of the packages here is that old.
        var loader = source.Directory + source.Loader;
        var library = source.Directory + source.Library;
        ImmutableArray<BootLink> configuration = source.Directory.Length == 0 ? [] : [new(source.Directory + ConfigurationDirectory, "../" + ConfigurationDirectory)];
        foreach (var package in source.Packages)
        {
            if (!boot.Packaged.ContainsKey(package.Loader) || !boot.Packaged.ContainsKey(package.Library)) continue;
            var up = source.Directory.Length == 0 ? "../" : "../../";
            return new(source.Architecture, loader, ReadsOurs: true, [new(loader, up + package.Loader), new(library, up + package.Library), .. configuration]);
        }

        return boot.Files.ContainsKey(loader) && boot.Files.ContainsKey(library) ? new(source.Architecture, loader, ReadsOurs: true, configuration) : null;
    }

    private static BootLoader? Other(BootDirectory boot, ClientArchitecture architecture) =>
        Others.FirstOrDefault(other => other.Architecture == architecture && boot.Files.ContainsKey(other.File)) is { File: { } file }
            ? new(architecture, file, ReadsOurs: file == "lpxelinux.0", [])
            : null;

    private sealed record Source(ClientArchitecture Architecture, string Directory, string Loader, string Library, (string Loader, string Library)[] Packages);
}
