namespace EtcSync.Cli.Json;

/// <summary>The conflicts of the fleet, from 'etcsync conflicts'; what is in dispute on several clients is there once.</summary>
internal sealed record ConflictsJson(int Version, IReadOnlyList<LayerConflictJson> LayerConflicts, IReadOnlyList<DisputeJson> Conflicts, IReadOnlyList<UnseenClientJson> Unseen);

/// <summary>One thing in dispute, and the clients that have it.</summary>
internal sealed record DisputeJson(
    string Id,
    string Path,
    string? Record,
    IReadOnlyList<string> Clients,
    ConflictJson Conflict,
    bool Secret,
    VersionsJson Versions,
    IReadOnlyList<IReadOnlyList<RowJson>>? Lines,
    string? Difference,
    IReadOnlyList<ChangeJson> Changed,
    IReadOnlyList<AskedJson> Asked,
    IReadOnlyList<string> Holds,
    IReadOnlyList<CommandJson> Settle,
    CommandJson? Drop,
    string Remedy,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Look,
    string? Rule,
    string RuleFile);

/// <summary>What the three versions are, in words.</summary>
internal sealed record VersionsJson(string Base, string Client, string Upstream);

/// <summary>The same place in the three versions.</summary>
internal sealed record RowJson(LineJson? Base, LineJson? Client, LineJson? Upstream);

/// <summary>A line of a version.</summary>
internal sealed record LineJson(int? Number, string Text, bool Differs);

/// <summary>Who made a side what it is.</summary>
internal sealed record ChangeJson(string Side, string? Client, string? Commit, string? Author, string? Email, string? Date, string? Subject);

/// <summary>A rule that was asked.</summary>
internal sealed record AskedJson(string Property, string Value, string? Rule);

/// <summary>A command that settles a conflict.</summary>
internal sealed record CommandJson(string Command, string Meaning);

/// <summary>A client that could not be looked at.</summary>
internal sealed record UnseenClientJson(string Name, string Reason);
