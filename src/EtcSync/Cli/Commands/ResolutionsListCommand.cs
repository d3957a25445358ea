using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Core.Resolutions;
using EtcSync.Resolutions;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync resolutions list': what is kept, in a line each.</summary>
internal static class ResolutionsListCommand
{
    private const int MostNamed = 3;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var command = new Command("list", "List the answers that are kept: what was settled, how, for whom, by whom and when, and who made use of it.") { host.Options.Json };
        host.Handle(command, (session, _, _) => Run(session));
        return command;
    }

    private static int Run(Session session)
    {
        var kept = ResolutionsCommand.Load(session);
        var all = kept.Set.All.OrderBy(resolution => resolution.Key.Path).ThenBy(resolution => resolution.Key.Record, StringComparer.Ordinal).ThenBy(resolution => resolution.When).ToList();
        var uses = ResolutionUses.Of(session.Workspace, all);
        if (session.IsJson) session.Out.Json(new(CliJson.Version, [.. all.Select(resolution => ResolutionsCommand.Json(session.Workspace, resolution, uses))], kept.Problems), CliJson.Shapes.ResolutionListJson);
        else if (all.Count == 0) session.Out.Line("Nothing has been settled yet.");
        else session.Out.Table(["ID", "DISPUTE", "ANSWER", "FOR", "BY", "WHEN", "USED BY"], [.. all.Select(resolution => Row(resolution, uses))]);
        return kept.Problems.IsEmpty ? ExitCode.InOrder : ExitCode.PersonNeeded;
    }

    private static Cell[] Row(Resolution resolution, ResolutionUses uses) =>
    [
        new(resolution.Key.Id, Tint.Notice),
        resolution.Key.Name,
        Settlement.Describe(resolution.Answer),
        ResolutionsCommand.Recipients(resolution),
        resolution.By,
        $"{resolution.When:yyyy-MM-dd HH:mm}",
        uses.Of(resolution) is { Count: > 0 } used ? Words.Some(used, MostNamed) : "-",
    ];
}
