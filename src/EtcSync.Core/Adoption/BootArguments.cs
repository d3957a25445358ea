using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Boot;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Adoption;

/// <summary>What a hand-written boot entry mounts and passes on (kernel's nfsroot documentation; the etc hook of mkinitcpio).</summary>
/// <param name="Server">The address that it mounts from; null where it does not say.</param>
/// <param name="Root">The shared root; null where it does not say.</param>
/// <param name="Clones">The clones; null where it does not say, or says it in a way that is not by name.</param>
/// <param name="Further">The arguments that EtcSync does not write by itself: all others, and those that say it differently.</param>
internal sealed record BootArguments(IPAddress? Server, string? Root, CloneTemplate? Clones, ImmutableArray<string> Further)
{
    /// <summary>Nothing.</summary>
    public static BootArguments None { get; } = new(null, null, null, []);

    /// <summary>Reads the arguments of an entry.</summary>
    public static BootArguments Read(PxelinuxEntry entry)
    {
        var (server, root, rootOptions) = Place(entry.Arguments, "nfsroot=");
        var (_, clones, cloneOptions) = Place(entry.Arguments, "etc=");
        var template = clones is not null && CloneTemplate.TryParse(clones.Replace(KernelArguments.NameToken, "{name}", StringComparison.Ordinal), out var parsed, out _) ? parsed : null;
        return new(server, root, template, [.. entry.Arguments.Where(argument => !IsUsual(argument))]);

        // What is mounted with other options than ours is mounted so on running clients, and stays.
        bool IsUsual(string argument) => argument is "root=/dev/nfs" or "ip=dhcp" or "ro"
            || (argument.StartsWith("nfsroot=", StringComparison.Ordinal) && root is not null && server is not null && rootOptions is "ro" or "")
            || (argument.StartsWith("etc=", StringComparison.Ordinal) && template is not null && cloneOptions.Length == 0);
    }

    private static (IPAddress? Server, string? Path, string Options) Place(ImmutableArray<string> arguments, string key)
    {
        if (arguments.LastOrDefault(argument => argument.StartsWith(key, StringComparison.Ordinal)) is not { } argument) return (null, null, "");
        var value = argument[key.Length..];
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        var comma = value.IndexOf(',', colon + 1);
        var path = comma < 0 ? value[(colon + 1)..] : value[(colon + 1)..comma];
        return (colon > 0 && IPAddress.TryParse(value[..colon], out var server) ? server : null, path.StartsWith('/') ? path : null, comma < 0 ? "" : value[(comma + 1)..]);
    }
}
