namespace EtcSync.Cli.Json;

/// <summary>What <c>explain --json</c> prints.</summary>
/// <param name="Version">The version of this shape.</param>
/// <param name="Client">The client.</param>
/// <param name="Path">The path, relative to /etc.</param>
/// <param name="File">Where it is on the server.</param>
/// <param name="State">"same", "overridden", "added", "deleted", "live" (not committed yet), "untracked" or "missing".</param>
/// <param name="Secret">Whether its content is secret: then no line and no difference is shown.</param>
/// <param name="Upstream">The upstream commit that the client took last.</param>
/// <param name="Rules">What the policies say.</param>
/// <param name="Lines">Where the lines of the present version came from.</param>
/// <param name="Changes">How the present version differs from the composite's.</param>
/// <param name="Attributes">How mode, owner and group differ from the composite's.</param>
/// <param name="Conflicts">The ids of the disputes in it.</param>
internal sealed record ExplainJson(
    int Version, string Client, string Path, string File, string State, bool Secret, string Upstream, IReadOnlyList<ExplainRuleJson> Rules, IReadOnlyList<ExplainLineJson> Lines,
    IReadOnlyList<ExplainChangeJson> Changes, IReadOnlyList<string> Attributes, IReadOnlyList<string> Conflicts);

/// <summary>A property of a path and the rule that decided it.</summary>
/// <param name="Property">"class", "merger", "on-conflict", "hold", "together", "check", "unchecked" or "secret".</param>
/// <param name="Value">Its value; null for none.</param>
/// <param name="Rule">"file:line"; null for the default.</param>
internal sealed record ExplainRuleJson(string Property, string? Value, string? Rule);

/// <summary>A line of the present version.</summary>
internal sealed record ExplainLineJson(int Line, string Layer, string? Commit, string? Author, string? Date, string? Subject, string? Text);

/// <summary>Lines that the composite has and the client has not, and the other way round; numbers count from 1. The lines of a secret path are null.</summary>
internal sealed record ExplainChangeJson(int RemovedFrom, int RemovedCount, IReadOnlyList<string>? Removed, int AddedFrom, int AddedCount, IReadOnlyList<string>? Added);
