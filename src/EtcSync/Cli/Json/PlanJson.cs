namespace EtcSync.Cli.Json;

/// <summary>What a sync would do, from 'etcsync plan'.</summary>
internal sealed record PlanJson(int Version, UpstreamJson Upstream, IReadOnlyList<LayerConflictJson> LayerConflicts, IReadOnlyList<PlanClientJson> Clients);

/// <summary>What a sync would do to one client.</summary>
internal sealed record PlanClientJson(
    string Name,
    string Action,
    string? Reason,
    string? From,
    string? To,
    int? Commits,
    IReadOnlyList<string> Leaves,
    IReadOnlyList<string> Joins,
    IReadOnlyList<DriftJson> Drift,
    bool AttributeDrift,
    IReadOnlyList<AttributeChangeJson> DriftAttributes,
    IReadOnlyList<string> StaleSaves,
    IReadOnlyList<string> LateWrites,
    IReadOnlyList<DecisionJson> Decisions,
    IReadOnlyList<SettledJson> Settled,
    IReadOnlyList<AttributesJson> Attributes,
    IReadOnlyList<ConflictJson> Conflicts,
    IReadOnlyList<FindingJson> Findings,
    IReadOnlyList<string> Notices);

/// <summary>A path that gets another mode or owner and keeps its content; "." is the top.</summary>
internal sealed record AttributesJson(string Path, string Mode, string Owner, string Group);

/// <summary>A path whose drift is committed.</summary>
internal sealed record DriftJson(string Path, string Change);
