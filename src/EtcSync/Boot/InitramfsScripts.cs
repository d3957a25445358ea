using System.Collections.Immutable;

namespace EtcSync.Boot;

/// <summary>What builds the shared root's initial file systems.</summary>
internal enum InitramfsBuilder
{
    /// <summary>mkinitcpio, Arch's.</summary>
    Mkinitcpio,

    /// <summary>initramfs-tools, Debian's.</summary>
    InitramfsTools,
}

/// <summary>A file that EtcSync brings for initial file systems.</summary>
/// <param name="Path">Where it belongs, below the shared root.</param>
/// <param name="Content">What is in it.</param>
/// <param name="Mode">Its mode.</param>
internal sealed record InitramfsScript(string Path, byte[] Content, int Mode);

/// <summary>The scripts that ship with the program; <c>src/initramfs/</c> in its source.</summary>
internal static class InitramfsScripts
{
    private const int Readable = 0x1A4; // 0644
    private const int Executable = 0x1ED; // 0755

    // Below /usr, which is no part of anybody's /etc: there is nothing to commit, and nothing that a client could override.
    private static readonly (InitramfsBuilder Builder, string Resource, string Path, int Mode)[] All =
    [
        (InitramfsBuilder.Mkinitcpio, "boot.sh", "usr/lib/etcsync/boot.sh", Readable),
        (InitramfsBuilder.Mkinitcpio, "mkinitcpio/etcsync-root.service", "usr/lib/etcsync/etcsync-root.service", Readable),
        (InitramfsBuilder.Mkinitcpio, "mkinitcpio/hooks/etcsync", "usr/lib/initcpio/hooks/etcsync", Executable),
        (InitramfsBuilder.Mkinitcpio, "mkinitcpio/install/etcsync", "usr/lib/initcpio/install/etcsync", Executable),
        (InitramfsBuilder.Mkinitcpio, "mkinitcpio/install/sd-etcsync", "usr/lib/initcpio/install/sd-etcsync", Executable),
        (InitramfsBuilder.Mkinitcpio, "mkinitcpio/post/etcsync", "usr/lib/initcpio/post/etcsync", Executable),
        (InitramfsBuilder.InitramfsTools, "boot.sh", "usr/lib/etcsync/boot.sh", Readable),
        (InitramfsBuilder.InitramfsTools, "initramfs-tools/hooks/etcsync", "usr/share/initramfs-tools/hooks/etcsync", Executable),
        (InitramfsBuilder.InitramfsTools, "initramfs-tools/scripts/nfs-bottom/etcsync", "usr/share/initramfs-tools/scripts/nfs-bottom/etcsync", Executable),
    ];

    /// <summary>The files that a builder needs.</summary>
    public static ImmutableArray<InitramfsScript> For(InitramfsBuilder builder) =>
        [.. All.Where(script => script.Builder == builder).Select(script => new InitramfsScript(script.Path, Content(script.Resource), script.Mode))];

    private static byte[] Content(string resource)
    {
        using var stream = typeof(InitramfsScripts).Assembly.GetManifestResourceStream("initramfs/" + resource) ?? throw new InvalidOperationException($"The program was built without initramfs/{resource}.");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
