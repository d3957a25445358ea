using System.Collections.Immutable;
using EtcSync.Core.Server;
using EtcSync.Fleet;
using EtcSync.Server;

namespace EtcSync.Boot;

/// <summary>What clients fetch at boot. No program holds these files open, so there is nothing to tell; whether they can be fetched is looked at.</summary>
internal sealed class BootService(Workspace workspace) : IServerService
{
    private const UnixFileMode Fetchable = UnixFileMode.OtherRead;

    /// <inheritdoc/>
    public ServerPart Part => ServerPart.Boot;

    /// <inheritdoc/>
    public ImmutableArray<ServerFinding> TryOut(ServerPlan plan, CancellationToken cancellation) => [];

    /// <inheritdoc/>
    public ImmutableArray<ServerFinding> Reload(ServerPlan plan, IReadOnlyList<FileChange> changed, CancellationToken cancellation) => [];

    /// <inheritdoc/>
    public ImmutableArray<ServerFinding> ReadBack(ServerPlan plan, ServerObservation observation, CancellationToken cancellation) =>
        [.. plan.Files.Where(file => file.Part == Part).Select(file => Look(file.Path)).OfType<ServerFinding>(), .. Hooks()];

    // Only what keeps clients from their own /etc; 'boot show' tells the rest.
    private IEnumerable<ServerFinding> Hooks()
    {
        var root = workspace.Settings.Root;
        if (!workspace.Settings.Boot.Manage) return [];
        try
        {
            return BootInstallation.Plan(workspace).Judge(root) is { Level: FindingLevel.Warning } finding ? [finding] : [];
        }
        catch (IOException e)
        {
            return [Warning($"Whether clients mount their own /etc cannot be told: {e.Message}", root)];
        }
    }

    private ServerFinding? Look(string path)
    {
        var place = workspace.Locations.Map(path);
        try
        {
            if (Directory.Exists(place)) return null;
            if (!File.Exists(place)) return Warning("Clients cannot fetch this file: it is not there, or is a link that leads nowhere. 'etcsync server apply' writes it again.", path);
            return (File.GetUnixFileMode(ServerFileWriter.Final(place)) & Fetchable) == Fetchable ? null : Warning($"Only some users may read this file, and the TFTP server is another one. Say 'chmod a+r {path}'.", path);
        }
        catch (IOException e)
        {
            return Warning($"This file cannot be looked at: {e.Message}", path);
        }
    }

    private static ServerFinding Warning(string message, string path) => new(ServerPart.Boot, FindingLevel.Warning, message, path);
}
