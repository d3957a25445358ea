using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;
using EtcSync.Core.Server;

namespace EtcSync.Core.Exports;

/// <summary>The exports: the shared root read-only to the cluster's networks, each client's own /etc read-write to its addresses alone.</summary>
internal sealed class ExportsFiles : IServerFiles
{
    /// <summary>The file that is ours.</summary>
    public const string File = "/etc/exports.d/etcsync.exports";

    /// <inheritdoc/>
    public ServerPart Part => ServerPart.Exports;

    /// <inheritdoc/>
    public ImmutableArray<GeneratedFile> Render(ServerObservation observation)
    {
        if (!observation.Settings.Exports.Manage) return [];
        var text = new StringBuilder(FileHeader.Line).Append('\n');
        foreach (var export in new MeantExports(observation).All) text.Append(export).Append('\n');
        return [new(Part, File, new GeneratedContent.Whole(text.ToString()), ReloadKind.Reread)];
    }

    /// <inheritdoc/>
    public ImmutableArray<ServerFinding> Check(ServerObservation observation)
    {
        if (!observation.Settings.Exports.Manage) return [];
        var meant = new MeantExports(observation);
        return [.. Settings(observation, meant), .. observation.Clients.SelectMany(served => Client(observation, meant, served)), .. new ForeignExportCheck(observation, meant).Findings()];
    }

    private static IEnumerable<ServerFinding> Settings(ServerObservation observation, MeantExports meant)
    {
        var settings = observation.Settings;
        if (settings.Server.Networks.IsEmpty)
            yield return Finding(FindingLevel.Refusal, "The network of the clients is not known, so the shared root cannot be exported to it. Write it as 'server.network' in /etc/etcsync/etcsync.yaml, such as 192.168.1.0/24.");
        foreach (var directory in observation.Places.Missing)
            yield return Finding(FindingLevel.Refusal, $"There is no directory {directory}, and it must be exported. Make it, or correct {(directory == settings.Root ? "'root'" : "'exports.boot-builder'")} in /etc/etcsync/etcsync.yaml.");
        if (meant.All.FirstOrDefault(export => export.Length > ExportsParser.LongestClient) is { } tooLong)
            yield return Finding(FindingLevel.Refusal, $"The options of {tooLong.Directory} are longer than exportfs reads ({ExportsParser.LongestClient} characters with the client). Shorten 'exports.root-options' or 'exports.client-options'.");
        if (settings.Exports.BootBuilder is { } builder && meant.BootBuilder is null && !observation.Waiting.Contains(builder))
            yield return Finding(FindingLevel.Warning, $"The boot builder '{builder}' is no client of the inventory, so nobody can write {meant.BootDirectory}. Correct 'exports.boot-builder'.");
        if (!settings.Exports.SubtreeCheck && !observation.Places.BesideClones.IsEmpty)
            yield return Finding(FindingLevel.Warning, $"'exports.subtree-check' is false, and the clones are on the same file system as {string.Join(" and ", observation.Places.BesideClones)}: a client can guess file handles and reach all of it. Move the clones to a file system of their own, or remove the setting.");
        if (settings.Exports.RootOptions.Any(option => option is "crossmnt" or "nohide")) yield break;
        foreach (var place in observation.Places.MountedInRoot)
            yield return Finding(FindingLevel.Warning, $"Another file system is mounted on {place}: clients that mount the shared root by NFSv3 see an empty directory there, and by NFSv4 too as long as it is not exported. Write 'crossmnt' into 'exports.root-options', or unmount it.");
    }

    private static IEnumerable<ServerFinding> Client(ServerObservation observation, MeantExports meant, ServedClient served)
    {
        var name = served.Client.Name;
        if (served.Client.Addresses.IsEmpty)
            yield return Finding(FindingLevel.Warning, $"{name} has no address of its own, so its /etc cannot be exported to it alone, and is exported to nobody. Give it one: 'etcsync client set {name} --ip ADDRESS'.");
        var networks = observation.Settings.Server.Networks;
        if (!networks.IsEmpty && served.Client.Addresses.FirstOrDefault(address => !networks.Any(network => network.Contains(address))) is { } outside)
            yield return Finding(FindingLevel.Warning, $"{name} has the address {outside}, and 'server.network' has no {(outside.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6")} network: it cannot mount the shared root from there. Add the network.");
        foreach (var (address, holder) in meant.Lost(served))
            yield return Finding(FindingLevel.Warning, $"{name} may still be running with {address}, which '{holder}' has too: its /etc is no longer exported there. Restart {name}.");
    }

    private static ServerFinding Finding(FindingLevel level, string message) => new(ServerPart.Exports, level, message);
}
