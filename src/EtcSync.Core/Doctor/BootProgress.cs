using System.Collections.Immutable;

namespace EtcSync.Core.Doctor;

/// <summary>How far a client came in its last boot, by the logs alone.</summary>
/// <param name="Reached">The highest rung.</param>
/// <param name="ReachedAt">When it got there; null where the log has no times.</param>
/// <param name="LastSeen">The time of the last event that has one.</param>
/// <param name="Trouble">What went wrong last, and nothing good came after it; null otherwise.</param>
/// <param name="Mounts">What it mounted by NFSv3.</param>
internal sealed record BootProgress(Rung Reached, DateTimeOffset? ReachedAt, DateTimeOffset? LastSeen, string? Trouble, ImmutableHashSet<string> Mounts)
{
    private static readonly string[] Loaders = [".0", ".efi", ".kpxe", ".kkpxe", ".pxe", ".krn"];

    /// <summary>Whether something was mounted.</summary>
    public bool Mounted(string path) => Mounts.Contains(path);

    /// <summary>Follows the events of one client, the oldest first.</summary>
    public static BootProgress Of(IEnumerable<BootEvent> events, string root, string clone)
    {
        var (reached, kernel, initramfs) = (Rung.None, false, false);
        DateTimeOffset? last = null, since = null;
        string? trouble = null;
        var mounts = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        void Begin()
        {
            (reached, kernel, initramfs, trouble) = (Rung.None, false, false, null);
            mounts.Clear();
        }

        void Climb(Rung rung)
        {
            if (rung > reached) (reached, since) = (rung, last);
            trouble = null;
        }

        foreach (var one in events)
        {
            if (one.At is { } at) last = at;
            switch (one)
            {
                case BootEvent.Asked { IsIgnored: true }:
                    trouble = "It asks for an address, and dnsmasq does not answer it: an entry of dnsmasq's says 'ignore', or no entry fits it. 'etcsync server show' shows what is configured, and 'etcsync server apply' reports entries of others that contradict it.";
                    break;
                case BootEvent.Asked { IsFirmware: true } when reached > Rung.Lease:
                    Begin();
                    break;
                case BootEvent.Refused refused:
                    trouble = $"It asked for an address and was refused one: dnsmasq says \"{refused.Reason}\". Another machine may have its address, or the server has no range in its network.";
                    break;
                case BootEvent.Given given:
                    if (given.IsFirmware && reached > Rung.Lease) Begin();
                    Climb(Rung.Lease);
                    break;
                case BootEvent.Fetched fetched when IsLoader(fetched.Path):
                    // A loader may fetch its own modules and a second loader; one after a kernel is another boot.
                    if (reached >= Rung.Kernel || kernel) Begin();
                    Climb(Rung.BootLoader);
                    break;
                case BootEvent.Fetched fetched:
                    kernel |= IsKernel(fetched.Path);
                    initramfs |= IsInitramfs(fetched.Path);
                    Climb(kernel && initramfs ? Rung.Kernel : Rung.BootLoader);
                    break;
                // A boot loader looks for a configuration under many names, and mostly finds the last of them.
                case BootEvent.NotFound missing when !IsSearch(missing.Path):
                    trouble = $"It asked by TFTP for {missing.Path}, which does not exist. Check what pxelinux.cfg names, and that dnsmasq's tftp-root is the directory in which it is ('etcsync server plan').";
                    break;
                case BootEvent.Aborted { Reason: var reason } when !reason.StartsWith("error 0", StringComparison.Ordinal) && !reason.StartsWith("error 8", StringComparison.Ordinal):
                    trouble = $"A transfer by TFTP was broken off ({reason}). Look at the network between it and the server, and at its console.";
                    break;
                case BootEvent.Mounted mounted:
                    mounts.Add(mounted.Path);
                    if (mounted.Path == clone) Climb(Rung.Etc);
                    else if (mounted.Path == root) Climb(Rung.Root);
                    break;
            }
        }

        return new(reached, since, last, trouble, mounts.ToImmutable());
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static bool IsLoader(string path) => NameOf(path) is var name && Loaders.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase)) && !IsSearch(path);

    private static bool IsKernel(string path) => NameOf(path) is var name && (name.StartsWith("vmlinu", StringComparison.Ordinal) || name.StartsWith("bzImage", StringComparison.Ordinal) || name.StartsWith("linux", StringComparison.Ordinal) || name.StartsWith("Image", StringComparison.Ordinal));

    // Microcode is an initramfs to the boot loader, and not the one that mounts anything.
    private static bool IsInitramfs(string path) => NameOf(path) is var name && (name.StartsWith("initr", StringComparison.Ordinal) || name.Contains("initramfs", StringComparison.Ordinal));

    private static bool IsSearch(string path) => path.Contains("pxelinux.cfg/", StringComparison.Ordinal) || path.Contains("grub/", StringComparison.Ordinal) || NameOf(path) is "boot.msg" or "boot.cfg";
}
