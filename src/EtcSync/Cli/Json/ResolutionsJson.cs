namespace EtcSync.Cli.Json;

/// <summary>A dispute that was settled, from 'etcsync resolve'; clients is empty where it is for everybody, and applied where that is for later.</summary>
internal sealed record ResolveJson(
    int Version, string Id, string Path, string? Record, string Answer, IReadOnlyList<string> Clients, IReadOnlyList<string> Affected, string Commit, IReadOnlyList<SyncClientJson> Applied);

/// <summary>The resolutions that are kept, from 'etcsync resolutions list'.</summary>
internal sealed record ResolutionListJson(int Version, IReadOnlyList<ResolutionJson> Resolutions, IReadOnlyList<string> Problems);

/// <summary>One dispute and its resolutions, from 'etcsync resolutions show'; contents are null where they are secret, are not text, or do not exist.</summary>
internal sealed record ResolutionShowJson(int Version, bool Secret, string? Base, string? Client, string? Upstream, IReadOnlyList<ResolutionJson> Resolutions);

/// <summary>A resolution; clients is empty where it is for everybody.</summary>
internal sealed record ResolutionJson(
    string Id, string Path, string? Record, string Answer, string? Content, IReadOnlyList<string> Clients, string By, DateTimeOffset When, IReadOnlyList<string> Used);

/// <summary>What was revoked, from 'etcsync resolutions revoke'.</summary>
internal sealed record RevokeJson(int Version, IReadOnlyList<ResolutionJson> Revoked, IReadOnlyList<string> Damaged);

/// <summary>What was taken over, from 'etcsync resolutions import'.</summary>
internal sealed record ImportJson(int Version, IReadOnlyList<string> Kept, IReadOnlyList<string> Standing);
