using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Boot;

/// <summary>What a client boots.</summary>
/// <param name="Image">Kernel and images.</param>
/// <param name="Arguments">The kernel's command line.</param>
public sealed record ClientBoot(BootImage Image, string Arguments)
{
    /// <summary>What clients boot for which the settings have no variant; null where there is no kernel, or the server has no IPv4 address yet.</summary>
    public static ClientBoot? Of(Settings settings, BootDirectory boot) => Of(settings, boot, variant: null);

    /// <summary>What a client boots, by the first variant that fits it.</summary>
    public static ClientBoot? Of(Settings settings, BootDirectory boot, Client client) => Of(settings, boot, VariantOf(settings, client));

    /// <summary>The first variant that fits a client; null for none.</summary>
    public static BootVariant? VariantOf(Settings settings, Client client) =>
        settings.Boot.Variants.FirstOrDefault(variant => variant.Clients.Contains(client.Name) || variant.Groups.Any(group => client.Groups.Contains(group)));

    /// <summary>What a variant makes of it.</summary>
    public static ClientBoot? Of(Settings settings, BootDirectory boot, BootVariant? variant)
    {
        if (KernelArguments.Server(settings) is not IPAddress server) return null;
        // The settings' initramfs belongs to the settings' kernel.
        var initramfs = variant?.Initramfs ?? (variant?.Kernel is null || variant.Kernel == settings.Boot.Kernel ? settings.Boot.Initramfs : null);
        return BootImages.Choose(boot, variant?.Kernel ?? settings.Boot.Kernel, initramfs) is { } image
            ? new(image, KernelArguments.Of(settings, server, settings.Boot.Arguments, variant?.Arguments ?? ""))
            : null;
    }

    /// <inheritdoc/>
    public bool Equals(ClientBoot? other) => other is not null && Arguments == other.Arguments && Image.Files.SequenceEqual(other.Image.Files, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Arguments, Image.Kernel, Image.Initramfs);
}
