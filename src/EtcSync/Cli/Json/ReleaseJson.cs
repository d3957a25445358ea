namespace EtcSync.Cli.Json;

/// <summary>What releasing comes to, or came to, from 'etcsync release'.</summary>
internal sealed record ReleaseJson(int Version, bool Applied, IReadOnlyList<ReleasedClientJson> Clients, IReadOnlyList<AdoptedFileJson> Files);

/// <summary>A client that is left to itself; <paramref name="Problem"/> says why it could not be.</summary>
internal sealed record ReleasedClientJson(string Name, string WorkTree, string Branch, bool Released, string? Problem);
