namespace EtcSync.Cli.Json;

/// <summary>What adopting comes to, or came to, from 'etcsync adopt'.</summary>
internal sealed record AdoptJson(
    int Version,
    bool Applied,
    IReadOnlyList<AdoptedClientJson> Clients,
    IReadOnlyList<AdoptedSettingJson> Settings,
    IReadOnlyList<AdoptionFaultJson> Faults,
    IReadOnlyList<SharedIdentityJson> Identities,
    IReadOnlyList<AdoptedFileJson> Files,
    IReadOnlyList<ServerFindingJson> Findings);

/// <summary>A client, and what becomes of its clone: <c>adopt</c>, <c>ours</c>, <c>missing</c> or <c>left</c>; after applying also <c>adopted</c> or <c>failed</c>.</summary>
internal sealed record AdoptedClientJson(
    string Name, IReadOnlyList<string> Macs, IReadOnlyList<string> Addresses, IReadOnlyList<string> Groups, bool IsNew, string WorkTree, string State, string? Reason,
    int OwnCommits, IReadOnlyList<string> Uncommitted, IReadOnlyList<string> Repaired, IReadOnlyList<string> MissingDirectories, IReadOnlyList<string> Copied, int SharedInodes);

/// <summary>A value for the settings, and where it was found.</summary>
internal sealed record AdoptedSettingJson(string Key, string Value, string File, int Line);

/// <summary>Something that is wrong.</summary>
internal sealed record AdoptionFaultJson(string? File, int Line, string Message, string Remedy, bool NeedsPerson);

/// <summary>A part of an identity that several machines have.</summary>
internal sealed record SharedIdentityJson(string Client, string Part, IReadOnlyList<string> SharedWith, bool IsUpstreams, bool IsKept);

/// <summary>A file that changes.</summary>
internal sealed record AdoptedFileJson(string File, IReadOnlyList<string> Diff);
