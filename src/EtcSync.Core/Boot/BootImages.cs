using System.Buffers;
using System.Collections.Immutable;

namespace EtcSync.Core.Boot;

/// <summary>Which kernels the boot directory has, and which initramfs and microcode images belong to each.</summary>
public static class BootImages
{
    private const string KernelPrefix = "vmlinuz";
    private const int LongestName = 128;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+~-");
    private static readonly string[] MicrocodeFiles = ["amd-ucode.img", "intel-ucode.img"];

    /// <summary>The kernels, those first that clients should rather boot: see <see cref="Rank"/>.</summary>
    public static ImmutableArray<string> Kernels(BootDirectory boot) =>
        [.. boot.Files.Keys.Where(IsKernel).OrderBy(kernel => Rank(boot, kernel)).ThenByDescending(kernel => kernel, KernelNames.ByVersion)];

    /// <summary>
    /// The initramfs images of a kernel, the one first that all clients can boot: mkinitcpio's fallback image (<c>initramfs-linux-fallback.img</c>)
    /// has the drivers of every machine, while the other one has those of the machine that built it, which is the server.
    /// </summary>
    public static ImmutableArray<string> InitramfsOf(BootDirectory boot, string kernel) => [.. InitramfsNames(kernel, boot).Distinct(StringComparer.Ordinal).Where(boot.Files.ContainsKey)];

    /// <summary>The processors' microcode images that are there. A client takes what fits its processor and ignores the other.</summary>
    public static ImmutableArray<string> Microcode(BootDirectory boot) => [.. MicrocodeFiles.Where(boot.Files.ContainsKey)];

    /// <summary>What a client boots.</summary>
    /// <param name="boot">The boot directory.</param>
    /// <param name="kernel">The kernel that the settings name; null to look it up.</param>
    /// <param name="initramfs">The initramfs that they name; null for the one that belongs to the kernel.</param>
    /// <returns>Null where no kernel, or no initramfs for it, is there; what the settings name is taken as it is.</returns>
    public static BootImage? Choose(BootDirectory boot, string? kernel, string? initramfs)
    {
        var chosen = kernel ?? Kernels(boot).FirstOrDefault(candidate => initramfs is not null || !InitramfsOf(boot, candidate).IsEmpty);
        if (chosen is null) return null;
        return (initramfs ?? InitramfsOf(boot, chosen).FirstOrDefault()) is { } image ? new(chosen, image, Microcode(boot)) : null;
    }

    /// <summary>The version of a kernel: what it says, or else what its name says; null where neither does.</summary>
    public static string? VersionOf(BootDirectory boot, string kernel) =>
        boot.Files.GetValueOrDefault(kernel)?.KernelVersion
        ?? (kernel.Length > KernelPrefix.Length + 1 && char.IsAsciiDigit(kernel[KernelPrefix.Length + 1]) ? kernel[(KernelPrefix.Length + 1)..] : null);

    // Arch's kernel has a name without a version, and Debian's links say which one is meant; else the newest.
    private static int Rank(BootDirectory boot, string kernel) => kernel switch
    {
        "vmlinuz-linux" => 0,
        KernelPrefix when boot.Files[kernel].Link is { } link && !link.StartsWith('/') => 1,
        KernelPrefix => 3,
        _ => 2,
    };

    // The boot builder can write here, and names end up in the boot loader's configuration: only those that mean nothing special there.
    private static bool IsKernel(string file) =>
        (file == KernelPrefix || file.StartsWith(KernelPrefix + "-", StringComparison.Ordinal))
        && file.Length <= LongestName && file.AsSpan().IndexOfAnyExcept(NameCharacters) < 0
        && !file.EndsWith(".old", StringComparison.Ordinal) && !file.EndsWith(".sig", StringComparison.Ordinal) && !file.EndsWith(".hmac", StringComparison.Ordinal) && !file.EndsWith('~');

    private static IEnumerable<string> InitramfsNames(string kernel, BootDirectory boot)
    {
        if (kernel == KernelPrefix)
        {
            yield return "initrd.img";
            if (boot.Files.GetValueOrDefault(kernel)?.Link is not { } link || link.Contains('/', StringComparison.Ordinal) || !link.StartsWith(KernelPrefix + "-", StringComparison.Ordinal)) yield break;
            kernel = link;
        }

        // mkinitcpio, initramfs-tools, dracut, and what others call it.
        var rest = kernel.Length > KernelPrefix.Length + 1 ? kernel[(KernelPrefix.Length + 1)..] : "";
        yield return $"initramfs-{rest}-fallback.img";
        yield return $"initramfs-{rest}.img";
        yield return $"initrd.img-{rest}";
        yield return $"initramfs-{rest}";
        yield return $"initrd-{rest}";
    }
}
