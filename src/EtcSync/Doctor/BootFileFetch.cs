using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Boot;
using EtcSync.Core.Doctor;
using EtcSync.Core.Server;
using EtcSync.State;

namespace EtcSync.Doctor;

/// <summary>Fetches what clients boot from the server's own address by TFTP, and compares it with what is on the disk.</summary>
internal sealed class BootFileFetch(Locations locations, IPEndPoint server)
{
    private const int Compared = 256 << 10;

    /// <summary>The names of the files that clients fetch, below the boot directory.</summary>
    public static ImmutableArray<string> NamesOf(ServerObservation observation) =>
        [.. BootLoaders.Find(observation.Boot).Select(loader => loader.File).Where(observation.Boot.Files.ContainsKey)];

    /// <summary>What came of fetching the beginning of each; the first that nobody answers ends it.</summary>
    public ImmutableArray<TftpCheck> Fetch(BootDirectory boot, IEnumerable<string> names, CancellationToken cancellation)
    {
        var client = new TftpClient(server);
        var checks = ImmutableArray.CreateBuilder<TftpCheck>();
        foreach (var name in names)
        {
            cancellation.ThrowIfCancellationRequested();
            var outcome = client.Read(name, Compared);
            checks.Add(new(name, Problem(outcome, $"{boot.Path}/{name}")));
            if (outcome is TftpOutcome.Silent) break;
        }

        return checks.ToImmutable();
    }

    private string? Problem(TftpOutcome outcome, string file) => outcome switch
    {
        TftpOutcome.Silent => $"No TFTP server answers at {server}. Check that dnsmasq runs, that 'enable-tftp' is in effect, and that no firewall drops UDP port {server.Port}.",
        TftpOutcome.Refused refused => $"TFTP does not serve it: \"{refused.Reason}\". It must exist below dnsmasq's tftp-root, and everybody must be able to read it ('chmod a+r {file}') and to enter the directories above it.",
        TftpOutcome.Served served => IsSame(served, file) ? null : $"TFTP serves something else than {file}: another TFTP server answers at this address, or dnsmasq's tftp-root is another directory.",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private bool IsSame(TftpOutcome.Served served, string file)
    {
        using var stream = File.OpenRead(locations.Map(file));
        if (served.Size is { } size && size != stream.Length) return false;
        var start = new byte[served.Start.Length];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual(served.Start);
    }
}
