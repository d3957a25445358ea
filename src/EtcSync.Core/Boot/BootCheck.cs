using System.Collections.Immutable;
using EtcSync.Core.Configuration;
using EtcSync.Core.Server;

namespace EtcSync.Core.Boot;

/// <summary>What keeps clients from booting, as far as it can be seen in the settings and the boot directory.</summary>
internal static class BootCheck
{
    // COMMAND_LINE_SIZE of x86 is 2048, with a terminator; the boot loader adds BOOT_IMAGE, initrd and BOOTIF.
    private const int LongestArguments = 1700;

    /// <summary>What is wrong, and what is good to know.</summary>
    public static ImmutableArray<ServerFinding> Of(ServerObservation observation)
    {
        var settings = observation.Settings;
        return settings.Boot.Manage ? [.. OfSettings(settings), .. OfVariants(observation), .. OfImages(observation), .. OfLoaders(observation)] : [];
    }

    private static IEnumerable<ServerFinding> OfSettings(Settings settings)
    {
        if (KernelArguments.Server(settings) is null) yield return Warning("The settings name no IPv4 address of the server, and boot loaders and initial file systems need one. Set 'server.address'.");
        if (!settings.Exports.Security.Split(':').Contains("sys")) yield return Warning($"The exports ask for Kerberos ('exports.security: {settings.Exports.Security}'), and an initial file system has no key: clients cannot mount with it while they boot. Allow 'sys' too, or boot clients in a way of your own and set 'boot.manage: false'.");
        foreach (var arguments in settings.Boot.Variants.Select(variant => variant.Arguments).Prepend(settings.Boot.Arguments).Where(KernelArguments.NamesAnInitramfs))
            yield return new(ServerPart.Boot, FindingLevel.Refusal, $"The kernel arguments '{arguments}' name an initramfs, and the boot loader would take it in place of the images that belong together. Write it as 'initramfs:'.");
    }

    private static IEnumerable<ServerFinding> OfVariants(ServerObservation observation)
    {
        foreach (var arguments in observation.Settings.Boot.Variants.Append(null).Select(variant => ClientBoot.Of(observation.Settings, observation.Boot, variant)?.Arguments).OfType<string>().Distinct(StringComparer.Ordinal).Where(arguments => arguments.Length > LongestArguments))
            yield return new(ServerPart.Boot, FindingLevel.Refusal, $"The kernel arguments are {arguments.Length} characters long, and kernels cut them off behind {LongestArguments}. Shorten 'boot.arguments', or those of the variant: {arguments[..60]}…");
        var names = observation.Clients.Select(served => served.Client.Name).Concat(observation.Waiting).ToHashSet();
        foreach (var name in observation.Settings.Boot.Variants.SelectMany(variant => variant.Clients).Distinct().Where(name => !names.Contains(name)))
            yield return Warning($"'boot.variants' is for a client '{name}', and the inventory has none of that name. Correct it, or remove it from the settings.");
    }

    private static IEnumerable<ServerFinding> OfImages(ServerObservation observation)
    {
        var (settings, boot) = (observation.Settings, observation.Boot);
        var kernels = settings.Boot.Variants.Select(variant => (variant.Kernel, variant.Initramfs)).Prepend((settings.Boot.Kernel, settings.Boot.Initramfs)).ToList();
        var (checkedFiles, checkedKernels, missingImages) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < kernels.Count; i++)
        {
            var (kernel, initramfs) = (kernels[i].Kernel ?? settings.Boot.Kernel, kernels[i].Initramfs ?? (kernels[i].Kernel is null ? settings.Boot.Initramfs : null));
            if (BootImages.Choose(boot, kernel, initramfs) is not { } image)
            {
                if (missingImages.Add(kernel ?? "")) yield return Warning(Nothing(boot, kernel));
                continue;
            }

            foreach (var file in image.Files.Where(checkedFiles.Add))
            {
                if (OfFile(boot, file) is { } finding) yield return finding;
            }

            if (checkedKernels.Add(image.Kernel) && MissingModules(boot, image) is { } missing) yield return missing;
        }
    }

    private static string Nothing(BootDirectory boot, string? kernel)
    {
        if (kernel is not null && boot.Files.ContainsKey(kernel)) return $"There is no initramfs for {kernel} in {boot.Path}. Have the shared root build it ('etcsync boot install'), or name it in the settings ('initramfs:').";
        if (kernel is not null) return $"There is no {kernel} in {boot.Path}, which the settings name. Install that kernel in the shared root, or correct 'kernel:'.";
        return BootImages.Kernels(boot) is [var first, ..]
            ? $"There is no initramfs for {first} in {boot.Path}. Have the shared root build it ('etcsync boot install'), or name it in the settings ('boot.initramfs')."
            : $"There is no kernel in {boot.Path}: clients have nothing to boot. Install one in the shared root.";
    }

    private static ServerFinding? OfFile(BootDirectory boot, string file)
    {
        var path = $"{boot.Path}/{file}";
        if (!boot.Files.TryGetValue(file, out var found)) return Warning("The settings name this file, and it is not there. Clients that need it will not boot.", path);
        if (found.Link is { } link && link.StartsWith('/')) return Warning($"This link leads to {link}, which the TFTP server looks for on the server itself and not in the shared root. Make it a relative link.", path);
        if (found.Size == 0) return Warning("This file is empty. Build or install it again.", path);
        return found.IsReadable ? null : Warning($"Only its owner may read this file, and the TFTP server is another user: clients cannot fetch it. 'chmod a+r {path}' helps until it is built again; the hooks of 'etcsync boot install' see to it then.", path);
    }

    private static ServerFinding? MissingModules(BootDirectory boot, BootImage image)
    {
        if (boot.Modules.IsEmpty || BootImages.VersionOf(boot, image.Kernel) is not { } version || boot.Modules.Contains(version)) return null;
        return Warning($"The kernel is version {version}, and the shared root has modules for {string.Join(", ", boot.Modules)} only: clients that boot it can load none. Install both from the same package.", $"{boot.Path}/{image.Kernel}");
    }

    private static IEnumerable<ServerFinding> OfLoaders(ServerObservation observation)
    {
        var boot = observation.Boot;
        var loaders = BootLoaders.Find(boot);
        if (loaders.IsEmpty)
        {
            yield return Warning($"There is no boot loader for clients. Install syslinux in the shared root (Arch: syslinux; Debian: pxelinux, and syslinux-efi for UEFI), or put one into {boot.Path}.");
            yield break;
        }

        foreach (var loader in loaders.Where(loader => !loader.ReadsOurs))
            yield return Note($"{loader.Architecture} machines are given this loader, which does not read what EtcSync writes: its configuration is yours, with 'etc=' and the other kernel arguments as in {BootLoaders.ConfigurationDirectory}/default.", $"{boot.Path}/{loader.File}");
        foreach (var link in loaders.SelectMany(loader => loader.Links).Where(link => BootFiles.IsForeign(observation, link) && boot.Files.ContainsKey(link.File)))
            yield return Note($"This is somebody's own file, and it stays; upgrades of the package do not reach it. Remove it, and EtcSync makes it a link to {link.Target}.", $"{boot.Path}/{link.File}");
        foreach (var architecture in Enum.GetValues<ClientArchitecture>().Where(architecture => architecture != ClientArchitecture.Efi32 && !loaders.Any(loader => loader.Architecture == architecture)))
            yield return Note($"There is no boot loader for {(architecture == ClientArchitecture.Bios ? "machines that boot by BIOS" : "machines that boot by UEFI")}; those are told to boot nothing.");
    }

    private static ServerFinding Warning(string message, string? file = null) => new(ServerPart.Boot, FindingLevel.Warning, message, file);

    private static ServerFinding Note(string message, string? file = null) => new(ServerPart.Boot, FindingLevel.Note, message, file);
}
