namespace EtcSync.Cli.Json;

/// <summary>What would be done, or was done, to the server's files, from 'etcsync server plan' and 'server apply'.</summary>
internal sealed record ServerPlanJson(int Version, IReadOnlyList<ServerChangeJson> Changes, IReadOnlyList<string> Waiting, IReadOnlyList<ServerFindingJson> Findings);

/// <summary>A changed file; <paramref name="Action"/> is write, link or remove, <paramref name="Done"/> whether it was done.</summary>
internal sealed record ServerChangeJson(string Part, string Path, string Action, bool Edited, bool Done, IReadOnlyList<string> Diff);

/// <summary>Something that a person should know; <paramref name="Level"/> is refused, warning or note.</summary>
internal sealed record ServerFindingJson(string Part, string Level, string Message, string? File, int Line);

/// <summary>What the server has for its clients, from 'etcsync server show'.</summary>
internal sealed record ServerShowJson(int Version, IReadOnlyList<ServerFileJson> Files, IReadOnlyList<string> Clients, IReadOnlyList<string> Waiting, IReadOnlyList<ServerFindingJson> Findings);

/// <summary>A file of the server's; <paramref name="State"/> is installed, missing, outdated or edited.</summary>
internal sealed record ServerFileJson(string Part, string Path, string State, string Text);
