using System.Collections.Immutable;
using EtcSync.Core.Text;

namespace EtcSync.Core.Server;

/// <summary>What will be done to the server's files, in this order.</summary>
/// <param name="Changes">The changes, in the order in which a client that boots in between is never half-configured.</param>
/// <param name="Files">All files as they must be, changed or not.</param>
/// <param name="Gone">Clients that are no longer served as they were: their old cards and addresses. Leases of these must end.</param>
/// <param name="Findings">What a person should know, the worst first.</param>
public sealed record ServerPlan(
    ImmutableArray<FileChange> Changes, ImmutableArray<GeneratedFile> Files, ImmutableArray<InstalledClient> Gone, ImmutableArray<ServerFinding> Findings)
{
    /// <summary>Whether something stands in the way, so that nothing is written.</summary>
    public bool IsRefused => Findings.Any(finding => finding.Level == FindingLevel.Refusal);
}

/// <summary>A change of one file.</summary>
/// <param name="Part">What it belongs to.</param>
/// <param name="Path">Where, as the configuration spells it.</param>
/// <param name="Before">What the plan saw there; null where there was nothing.</param>
/// <param name="After">What will be there; null where it will be gone.</param>
/// <param name="Edited">What we had written there, where a person changed it since; null otherwise.</param>
/// <param name="Reload">What has to be told.</param>
public sealed record FileChange(ServerPart Part, string Path, CurrentFile? Before, CurrentFile? After, GeneratedContent? Edited, ReloadKind Reload)
{
    /// <summary>What changes, as lines of a unified diff.</summary>
    public ImmutableArray<string> Difference => UnifiedDiff.Of(Before?.Readable ?? "", After?.Readable ?? "");

    /// <summary>What a person had changed, likewise; nothing where nobody had.</summary>
    public ImmutableArray<string> Edit => Edited is null ? [] : UnifiedDiff.Of(Edited.Readable, Before?.Readable ?? "");
}
