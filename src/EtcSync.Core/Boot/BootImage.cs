using System.Collections.Immutable;

namespace EtcSync.Core.Boot;

/// <summary>A kernel with what is loaded beside it; file names in the boot directory.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Initramfs">Its initramfs.</param>
/// <param name="Microcode">Early images with processors' microcode: they must stand before the initramfs.</param>
public sealed record BootImage(string Kernel, string Initramfs, ImmutableArray<string> Microcode)
{
    /// <summary>All files that a client fetches for it, in the order in which it does.</summary>
    public IEnumerable<string> Files => [Kernel, .. Images];

    /// <summary>What is unpacked into the initial file system, in order.</summary>
    public IEnumerable<string> Images => [.. Microcode, Initramfs];
}
