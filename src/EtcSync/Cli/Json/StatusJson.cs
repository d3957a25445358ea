namespace EtcSync.Cli.Json;

/// <summary>The state of the fleet, from 'etcsync status'.</summary>
internal sealed record StatusJson(
    int Version, UpstreamJson Upstream, ControllerJson Controller, string? FleetHold, IReadOnlyList<LayerConflictJson> LayerConflicts, IReadOnlyList<StatusClientJson> Clients);

/// <summary>Whether a controller runs.</summary>
internal sealed record ControllerJson(bool Running, int? Process);

/// <summary>The state of one client.</summary>
internal sealed record StatusClientJson(
    string Name,
    string State,
    string? Upstream,
    string? Head,
    int? Behind,
    IReadOnlyList<string> Overrides,
    IReadOnlyList<string> Conflicts,
    IReadOnlyList<string> OwnPasswords,
    IReadOnlyList<string> Drift,
    IReadOnlyList<AttributeChangeJson> DriftAttributes,
    IReadOnlyList<FindingJson> Findings,
    string? Reason,
    string Rung,
    string Verdict,
    DateTimeOffset? LastSeen);
