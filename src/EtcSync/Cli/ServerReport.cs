using System.Collections.Immutable;
using EtcSync.Cli.Json;
using EtcSync.Core.Server;
using EtcSync.Server;

namespace EtcSync.Cli;

/// <summary>Shows what is planned for the server's files, what was done, and what the programs say.</summary>
internal static class ServerReport
{
    /// <summary>The changes, each with its difference.</summary>
    public static void Changes(Session session, Output output, IEnumerable<FileChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Edited is not null)
            {
                output.Line($"{change.Path} was edited by hand since EtcSync wrote it:", Tint.Bad);
                output.Difference(change.Edit);
                output.Line("That is replaced, and kept in the state directory (server/replaced):", Tint.Notice);
            }

            output.Line($"{change.Path}: ", Tint.Strong, What(change));
            if (change.After is not CurrentFile.Link) output.Difference(change.Difference);
        }

        if (session.Locations.IsSandbox) output.Line("These files lie in a sandbox: no program of this machine is told of them.", Tint.Faint);
    }

    /// <summary>The findings, the worst first.</summary>
    public static void Findings(Output output, IEnumerable<ServerFinding> findings)
    {
        foreach (var finding in findings.Distinct().OrderBy(finding => finding.Level))
            output.Line($"{Word(finding.Level)}: ", finding.Level switch { FindingLevel.Refusal => Tint.Bad, FindingLevel.Warning => Tint.Notice, _ => Tint.Faint }, finding.ToString());
    }

    /// <summary>What the findings mean for the caller: refused is failed, a warning needs a person.</summary>
    public static int CodeOf(IEnumerable<ServerFinding> findings) =>
        findings.Select(finding => finding.Level switch { FindingLevel.Refusal => ExitCode.Failed, FindingLevel.Warning => ExitCode.PersonNeeded, _ => ExitCode.InOrder }).Aggregate(ExitCode.InOrder, ExitCode.Worse);

    /// <summary>The plan and what came of it, in the shape of docs/cli.md.</summary>
    public static ServerPlanJson Json(ServerPlan plan, ImmutableArray<FileChange> done, IEnumerable<string> waiting, IEnumerable<ServerFinding> findings) => new(
        CliJson.Version,
        [.. plan.Changes.Select(change => new ServerChangeJson(
            Word(change.Part), change.Path, change.After switch { null => "remove", CurrentFile.Link => "link", _ => "write" }, change.Edited is not null, done.Contains(change),
            change.Difference))],
        [.. waiting],
        [.. findings.Select(Json)]);

    /// <summary>A finding in the shape of docs/cli.md.</summary>
    public static ServerFindingJson Json(ServerFinding finding) => new(Word(finding.Part), Word(finding.Level), finding.Message, finding.File, finding.Line);

    /// <summary>A part in one word.</summary>
    public static string Word(ServerPart part) => part switch
    {
        ServerPart.Exports => "exports",
        ServerPart.Boot => "boot",
        _ => "dnsmasq",
    };

    private static string Word(FindingLevel level) => level switch
    {
        FindingLevel.Refusal => "refused",
        FindingLevel.Warning => "warning",
        _ => "note",
    };

    private static string What(FileChange change) => (change.Before, change.After) switch
    {
        (_, null) => "goes, for nothing needs it any longer",
        (_, CurrentFile.Link link) => $"becomes a link to {link.Target}",
        (null, _) => "is new",
        _ => "changes",
    };
}
