using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Server;

namespace EtcSync.Core.Boot;

/// <summary>The boot loader's files: links to the loaders, pxelinux.cfg/default, and a file for each network card of a client that boots otherwise.</summary>
internal sealed class BootFiles : IServerFiles
{
    // pxelinux names a client's file by the hardware type of its network (1, Ethernet) and its address.
    private const string CardPrefix = "01-";

    /// <inheritdoc/>
    public ServerPart Part => ServerPart.Boot;

    /// <summary>The path of the configuration of a network card, below the boot directory.</summary>
    public static string FileOf(MacAddress card) => $"{BootLoaders.ConfigurationDirectory}/{CardPrefix}{card.ToString().Replace(':', '-')}";

    /// <inheritdoc/>
    public ImmutableArray<GeneratedFile> Render(ServerObservation observation) =>
        observation.Settings.Boot.Manage ? [.. Links(observation), .. Configuration(observation)] : [];

    /// <inheritdoc/>
    public ImmutableArray<ServerFinding> Check(ServerObservation observation) => BootCheck.Of(observation);

    /// <summary>Where a loader is in its own place already, put there by somebody: it serves as well, and stays.</summary>
    public static bool IsForeign(ServerObservation observation, BootLink link)
    {
        var path = $"{observation.Boot.Path}/{link.File}";
        return observation.Files.TryGetValue(path, out var current) && current != new CurrentFile.Link(link.Target) && !observation.Installed.Files.ContainsKey(path);
    }

    private static IEnumerable<GeneratedFile> Links(ServerObservation observation) =>
        BootLoaders.Find(observation.Boot).SelectMany(loader => loader.Links)
            .Where(link => !IsForeign(observation, link))
            .Select(link => File(observation, link.File, new GeneratedContent.Link(link.Target)));

    private static IEnumerable<GeneratedFile> Configuration(ServerObservation observation)
    {
        var (settings, boot) = (observation.Settings, observation.Boot);
        if (ClientBoot.Of(settings, boot) is not { } usual) return AsBefore(observation);
        var files = new List<GeneratedFile> { File(observation, $"{BootLoaders.ConfigurationDirectory}/default", new GeneratedContent.Whole(Text(usual))) };
        var boots = settings.Boot.Variants.Distinct().ToDictionary(variant => variant, variant => ClientBoot.Of(settings, boot, variant));
        foreach (var client in observation.Clients.Select(served => served.Client))
        {
            if (ClientBoot.VariantOf(settings, client) is not { } variant || boots[variant] is not { } own || own.Equals(usual)) continue;
            files.AddRange(client.Macs.Select(card => File(observation, FileOf(card), new GeneratedContent.Whole(Text(own)))));
        }

        return files;
    }

    // A package manager takes the old kernel away before it puts the new one there: what clients were told to boot stays.
    private static IEnumerable<GeneratedFile> AsBefore(ServerObservation observation)
    {
        var directory = $"{observation.Boot.Path}/{BootLoaders.ConfigurationDirectory}/";
        return observation.Installed.Files.Where(file => file.Value.Part == ServerPart.Boot && file.Key.StartsWith(directory, StringComparison.Ordinal))
            .Select(file => new GeneratedFile(file.Value.Part, file.Key, file.Value.Content, file.Value.Reload));
    }

    // '::' is the top of the TFTP server: loaders for UEFI are in directories of their own, and would look there. LINUX and not KERNEL, which
    // takes some endings of names, such as the .0 of a version, for other kinds of programs. With IPAPPEND 2 the initramfs knows which
    // card it was booted by (BOOTIF).
    private static string Text(ClientBoot boot) =>
        $"{FileHeader.Line}\nDEFAULT linux\n\nLABEL linux\n  LINUX ::{boot.Image.Kernel}\n  INITRD {string.Join(',', boot.Image.Images.Select(image => $"::{image}"))}\n  APPEND {boot.Arguments}\n  IPAPPEND 2\n";

    private static GeneratedFile File(ServerObservation observation, string file, GeneratedContent content) =>
        new(ServerPart.Boot, $"{observation.Boot.Path}/{file}", content, ReloadKind.None);
}
