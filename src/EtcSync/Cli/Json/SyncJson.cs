namespace EtcSync.Cli.Json;

/// <summary>The outcomes of 'etcsync sync'.</summary>
internal sealed record SyncJson(int Version, UpstreamJson Upstream, IReadOnlyList<LayerConflictJson> LayerConflicts, IReadOnlyList<SyncClientJson> Clients);

/// <summary>The outcome of one client.</summary>
internal sealed record SyncClientJson(
    string Name,
    string Outcome,
    string? Reason,
    bool Cloned,
    string? Merged,
    IReadOnlyList<string> Drift,
    IReadOnlyList<AttributeChangeJson> DriftAttributes,
    IReadOnlyList<DecisionJson> Decisions,
    IReadOnlyList<SettledJson> Settled,
    IReadOnlyList<string> OwnPasswords,
    IReadOnlyList<ConflictJson> Conflicts,
    IReadOnlyList<string> StaleSaves,
    IReadOnlyList<string> LateWrites,
    IReadOnlyList<FindingJson> Findings,
    IReadOnlyList<string> Notices,
    IReadOnlyList<string> Copied);
