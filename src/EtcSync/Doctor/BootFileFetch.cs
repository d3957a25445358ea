using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Boot;
using EtcSync.Core.Doctor;
using EtcSync.Core.Server;
using EtcSync.FileSystem;
using EtcSync.State;

namespace EtcSync.Doctor;

/// <summary>Fetches what clients boot from the server's own address by TFTP, and compares it with what is on the disk.</summary>
internal sealed class BootFileFetch(Locations locations, IPEndPoint server)
{
    private const int Compared = 256 << 10;

    /// <summary>The names of the files that clients fetch, below the boot directory: loaders with what belongs to them, the configuration, and what that names.</summary>
    public static ImmutableArray<string> NamesOf(ServerObservation observation, ServerPlan plan)
    {
        var (settings, boot) = (observation.Settings, observation.Boot);
        var images = settings.Boot.Variants.Append(null).Select(variant => ClientBoot.Of(settings, boot, variant)).OfType<ClientBoot>().SelectMany(one => one.Image.Files);
        // A link that has the name of the configuration leads to its directory.
        var loaders = BootLoaders.Find(boot).SelectMany(loader => loader.Links.Select(link => link.File).Where(file => Path.GetFileName(file) != BootLoaders.ConfigurationDirectory).Prepend(loader.File));
        var usual = $"{BootLoaders.ConfigurationDirectory}/default";
        var configuration = plan.Files.Any(file => file.Part == ServerPart.Boot && file.Path == $"{boot.Path}/{usual}") ? [usual] : Array.Empty<string>();
        return [.. loaders.Concat(configuration).Concat(images).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>What came of fetching the beginning of each; the first that nobody answers ends it.</summary>
    public ImmutableArray<TftpCheck> Fetch(BootDirectory boot, IEnumerable<string> names, CancellationToken cancellation)
    {
        var client = new TftpClient(server);
        var checks = ImmutableArray.CreateBuilder<TftpCheck>();
        foreach (var name in names)
        {
            cancellation.ThrowIfCancellationRequested();
            var outcome = client.Read(name, Compared);
            checks.Add(new(name, Problem(outcome, boot.Path, name)));
            if (outcome is TftpOutcome.Silent) break;
        }

        return checks.ToImmutable();
    }

    private string? Problem(TftpOutcome outcome, string directory, string name) => outcome switch
    {
        TftpOutcome.Silent => $"No TFTP server answers at {server}. Check that dnsmasq runs, that 'enable-tftp' is in effect, and that no firewall drops UDP port {server.Port}.",
        TftpOutcome.Refused refused => $"TFTP does not serve it: \"{refused.Reason}\". It must exist below dnsmasq's tftp-root, and everybody must be able to read it ('chmod a+r {directory}/{name}') and to enter the directories above it.",
        TftpOutcome.Served served => IsSame(served, directory, name) ? null : $"TFTP serves something else than {directory}/{name}: another TFTP server answers at this address, or dnsmasq's tftp-root is another directory.",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private bool IsSame(TftpOutcome.Served served, string directory, string name)
    {
        // A client may be allowed to write there, and could put a pipe or a device in place of what was served.
        if (DirectoryDescriptor.OpenRoot(locations.Map(Path.GetDirectoryName(directory)!), out var root) != OpenOutcome.Opened) return false;
        using var opened = root!;
        using var reference = opened.ReferInRoot($"{Path.GetFileName(directory)}/{name}");
        if (reference?.Status() is not { Kind: FileKind.Regular } status || (served.Size is { } size && size != status.Size)) return false;
        using var content = reference.Reopen(OpenFlags.ReadOnly);
        var start = new byte[served.Start.Length];
        return content is not null && content.Read(start) == start.Length && start.AsSpan().SequenceEqual(served.Start);
    }
}
