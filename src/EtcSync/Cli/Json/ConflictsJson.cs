namespace EtcSync.Cli.Json;

/// <summary>The conflicts of the fleet, from 'etcsync conflicts'; the same conflict of several clients is there once.</summary>
internal sealed record ConflictsJson(int Version, IReadOnlyList<LayerConflictJson> LayerConflicts, IReadOnlyList<SharedConflictJson> Conflicts, IReadOnlyList<UnseenClientJson> Unseen);

/// <summary>A conflict, and the clients that have it.</summary>
internal sealed record SharedConflictJson(IReadOnlyList<string> Clients, ConflictJson Conflict, bool Secret, string Remedy, IReadOnlyList<string> Files, IReadOnlyList<string> Look, string? Rule, string RuleFile);

/// <summary>A client that could not be looked at.</summary>
internal sealed record UnseenClientJson(string Name, string Reason);
