namespace EtcSync.Cli.Json;

/// <summary>A dispute that was settled without asking anybody: as a person settled it before, or by a policy's rule.</summary>
internal sealed record SettledJson(string Id, string Path, string? Record, string Answer, string How, string? Rule, string? By, DateTimeOffset? When);
