namespace EtcSync.Cli.Json;

/// <summary>Upstream, in every report on the fleet.</summary>
internal sealed record UpstreamJson(string Branch, string? Tip, string? Rollout, string? Problem, IReadOnlyList<string> Notices, IReadOnlyList<string> Uncommitted);

/// <summary>A conflict; ids are null where the path does not exist.</summary>
internal sealed record ConflictJson(string Path, string Kind, string Reason, string? Base, string? Client, string? Upstream, string? RenamedTo);

/// <summary>A conflict between layers.</summary>
internal sealed record LayerConflictJson(string Group, ConflictJson Conflict);

/// <summary>A decision of a merge.</summary>
internal sealed record DecisionJson(string Path, string Action, string? Change, string? Rule, string? Layer);

/// <summary>A mode, an owner or an empty directory that changed; "." is the top.</summary>
internal sealed record AttributeChangeJson(string Path, string Change);

/// <summary>Something that was left alone.</summary>
internal sealed record FindingJson(string Path, string Message);
