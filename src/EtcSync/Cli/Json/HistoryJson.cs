namespace EtcSync.Cli.Json;

/// <summary>A client's overrides, from 'etcsync diff'.</summary>
internal sealed record DiffJson(int Version, string Client, string Composite, string Head, IReadOnlyList<DiffPathJson> Paths, IReadOnlyList<AttributeChangeJson> Attributes);

/// <summary>A path in which a client differs.</summary>
internal sealed record DiffPathJson(string Path, string Change, string? Composite, string? Client, bool Secret);

/// <summary>A client's history, from 'etcsync log'.</summary>
internal sealed record LogJson(int Version, string Client, IReadOnlyList<CommitJson> Commits);

/// <summary>A commit.</summary>
internal sealed record CommitJson(string Id, string Author, string Email, string Date, string Subject);
