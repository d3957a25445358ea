using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Boot;
using EtcSync.Core.Server;
using EtcSync.Fleet;

namespace EtcSync.Boot;

/// <summary>A file of the shared root that is to be written.</summary>
/// <param name="Path">Its path below the shared root.</param>
/// <param name="Before">What is in it; null where it is not there.</param>
/// <param name="After">What will be in it.</param>
/// <param name="Mode">Its mode; null to leave the one that it has.</param>
internal sealed record SharedRootChange(string Path, byte[]? Before, byte[] After, int? Mode);

/// <summary>What it takes for the shared root's initial file systems to mount a client's own /etc.</summary>
/// <param name="Builder">What builds them; null where it is none that we know.</param>
/// <param name="Changes">Files to write.</param>
/// <param name="Problems">What a person has to put right first: sentences.</param>
/// <param name="Images">The images that will be built anew, by name in the boot directory.</param>
/// <param name="MountsOwnEtc">Whether something mounts a client's own /etc, ours or another's; also where that cannot be told.</param>
internal sealed record BootInstallation(InitramfsBuilder? Builder, ImmutableArray<SharedRootChange> Changes, ImmutableArray<string> Problems, ImmutableArray<string> Images, bool MountsOwnEtc)
{
    private const string MainConfiguration = "etc/mkinitcpio.conf";
    private const string MoreConfiguration = "etc/mkinitcpio.conf.d";
    private static readonly string[] MountPrograms = ["usr/bin/mount.nfs", "usr/sbin/mount.nfs", "sbin/mount.nfs"];
    private static readonly string[] OwnScripts = ["usr/share/initramfs-tools/scripts/nfs-bottom", "etc/initramfs-tools/scripts"];

    /// <summary>Whether something in upstream's /etc changes, which then has to be committed there.</summary>
    public bool ChangesUpstream => Changes.Any(change => change.Path.StartsWith("etc/", StringComparison.Ordinal));

    /// <summary>Looks at the shared root; writes nothing.</summary>
    public static BootInstallation Plan(Workspace workspace)
    {
        var place = workspace.Locations.Map(workspace.Settings.Root);
        var files = new SharedRootFiles(place);
        var builder = files.Has("usr/bin/mkinitcpio") ? InitramfsBuilder.Mkinitcpio : files.Has("usr/sbin/update-initramfs") ? InitramfsBuilder.InitramfsTools : (InitramfsBuilder?)null;
        if (builder is not { } known)
            return new(null, [], [$"{workspace.Settings.Root} has neither mkinitcpio nor initramfs-tools, and EtcSync knows no other builder of initial file systems. Install one in the shared root."], [], MountsOwnEtc: true);
        var boot = BootDirectoryReader.Read(workspace.Settings.Root, place);
        var problems = new List<string>();
        if (!MountPrograms.Any(files.Has)) problems.Add($"The shared root has no mount.nfs, with which clients mount their /etc. Install {(known == InitramfsBuilder.Mkinitcpio ? "nfs-utils" : "nfs-common")} there.");
        var changes = InitramfsScripts.For(known).Select(script => new SharedRootChange(script.Path, files.Read(script.Path), script.Content, script.Mode)).ToList();
        if (known == InitramfsBuilder.Mkinitcpio && Hooks(files, boot, workspace.Settings.Exports.BootBuilder is not null, problems) is { } hooks) changes.Add(hooks);
        return new(
            known,
            [.. changes.Where(change => change.Before is null || !change.Before.AsSpan().SequenceEqual(change.After))],
            [.. problems],
            [.. BootImages.Kernels(boot).SelectMany(kernel => BootImages.InitramfsOf(boot, kernel)).Distinct(StringComparer.Ordinal).Where(image => boot.Files[image].Link is null).Order(StringComparer.Ordinal)],
            known == InitramfsBuilder.Mkinitcpio ? MountsByMkinitcpio(files) : MountsByInitramfsTools(files));
    }

    /// <summary>What there is to say about the shared root as it is; null where it has what it needs.</summary>
    public ServerFinding? Judge(string root)
    {
        if (Builder is null) return new(ServerPart.Boot, FindingLevel.Note, Problems[0], root);
        if (!MountsOwnEtc) return new(ServerPart.Boot, FindingLevel.Warning, "Nothing in the initial file systems of the shared root mounts a client's own /etc: clients would run on upstream's. 'etcsync boot install' shows the hooks that do, and with --apply puts them in.", root);
        if (Changes.IsEmpty && Problems.IsEmpty) return null;
        // Others mount the own /etc with hooks of theirs: that works as it always did, and stops for nothing.
        var what = Changes.Any(change => change.Before is null) ? "The shared root does not have EtcSync's hooks, with which a client stops rather than boot on somebody else's /etc" : Changes.IsEmpty ? Problems[0].TrimEnd('.') : "The shared root's hooks are not those of this version";
        return new(ServerPart.Boot, FindingLevel.Note, $"{what}. 'etcsync boot install' shows what they change.", root);
    }

    // 'etc' is the hook of the package that clusters built by hand use. What is not written plainly may hold any.
    private static bool MountsByMkinitcpio(SharedRootFiles files) =>
        files.Read(ConfigurationOf(files)) is not { } text || MkinitcpioHooks.Find(Encoding.Latin1.GetString(text)) is not { } hooks || hooks.Words.Any(word => word is "etc" or "etcsync" or "sd-etcsync");

    // A script of the administrator's own may do it.
    private static bool MountsByInitramfsTools(SharedRootFiles files) =>
        OwnScripts.Any(directory => Directory.Exists(files.Map(directory)) && Directory.EnumerateFiles(files.Map(directory), "*", SearchOption.AllDirectories).Any());

    private static SharedRootChange? Hooks(SharedRootFiles files, BootDirectory boot, bool hasBuilder, List<string> problems)
    {
        var path = ConfigurationOf(files);
        if (files.Read(path) is not { } before)
        {
            problems.Add($"The shared root has mkinitcpio and no {path}. Install the package again.");
            return null;
        }

        if (MkinitcpioHooks.Find(Encoding.Latin1.GetString(before)) is not { } found)
        {
            problems.Add($"HOOKS in /{path} of the shared root is not written plainly, as HOOKS=(base udev …). Write it so, or put 'etcsync' (with systemd: 'sd-etcsync') at its end yourself.");
            return null;
        }

        var wanted = found.WithOurs();
        // Built on the server, an image with autodetect has the server's drivers. Where there is a fallback image, clients boot that.
        var isForAll = hasBuilder || boot.Files.Keys.Any(file => file.EndsWith("-fallback.img", StringComparison.Ordinal));
        if (!isForAll) wanted = wanted.ForAllMachines();
        if (!wanted.IsSystemd && !files.Has("usr/lib/initcpio/install/net")) problems.Add("The shared root has no hook 'net' for mkinitcpio, which mounts the root over the network. Install mkinitcpio-nfs-utils there.");
        return wanted.Equals(found) ? null : new(path, before, Encoding.Latin1.GetBytes(wanted.ToText()), Mode: null);
    }

    // The last file that says something of hooks counts (mkinitcpio reads the directory after the file, by name).
    private static string ConfigurationOf(SharedRootFiles files)
    {
        var directory = files.Map(MoreConfiguration);
        if (!Directory.Exists(directory)) return MainConfiguration;
        return Directory.EnumerateFiles(directory, "*.conf").Select(file => $"{MoreConfiguration}/{Path.GetFileName(file)}").OrderDescending(StringComparer.Ordinal)
            .FirstOrDefault(path => files.Read(path) is { } content && MkinitcpioHooks.AreIn(Encoding.Latin1.GetString(content))) ?? MainConfiguration;
    }
}
