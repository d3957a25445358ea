namespace EtcSync.Cli.Json;

/// <summary>What <c>override drop --json</c> prints.</summary>
/// <param name="Version">The version of this shape.</param>
/// <param name="Client">The client.</param>
/// <param name="Dropped">Paths that are the composite's again.</param>
/// <param name="Attributes">Paths whose mode, owner or group is the composite's again.</param>
/// <param name="Refused">Paths that stay as they are.</param>
/// <param name="Outcome">How the sync ended that brought it to the work tree; null where there was nothing to bring.</param>
/// <param name="Reason">What that sync says; null for nothing.</param>
internal sealed record OverrideDropJson(int Version, string Client, IReadOnlyList<string> Dropped, IReadOnlyList<string> Attributes, IReadOnlyList<OverrideRefusalJson> Refused, string? Outcome, string? Reason);

/// <summary>A path that stays as it is.</summary>
internal sealed record OverrideRefusalJson(string Path, string Reason);
