using System.CommandLine;
using EtcSync.Cli.Json;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync plan': what a sync would do, without doing it.</summary>
internal static class PlanCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var clients = host.ClientNames(ArgumentArity.ZeroOrMore);
        var upstream = new Option<string>("--upstream") { Description = "Show what this revision of upstream's repository would do if it were rolled out.", HelpName = "REV" };
        var staged = new Option<bool>("--staged") { Description = "Show what a commit of what is staged in upstream would do." };
        var workTree = new Option<bool>("--worktree") { Description = "Show what a commit of upstream's whole work tree would do." };
        var command = new Command("plan", "Show for every client what a sync, or a commit that is not made yet, would do, and change nothing.") { clients, upstream, staged, workTree, host.Options.Json };
        command.Validators.Add(result =>
        {
            if (new Option[] { upstream, staged, workTree }.Count(option => result.GetResult(option) is { Implicit: false }) > 1) result.AddError("Only one of '--upstream', '--staged' and '--worktree' can be asked for at a time.");
        });
        host.Handle(command, (session, parse, cancellation) =>
        {
            var names = parse.GetValue(clients) ?? [];
            if (parse.GetValue(upstream) is { } revision) return ForecastReport.Run(session, names, reader => reader.OfRevision(revision), cancellation);
            if (parse.GetValue(staged)) return ForecastReport.Run(session, names, reader => reader.Staged(cancellation), cancellation);
            return parse.GetValue(workTree) ? ForecastReport.Run(session, names, reader => reader.WorkTree(cancellation), cancellation) : Run(session, names, cancellation);
        });
        return command;
    }

    private static int Run(Session session, string[] names, CancellationToken cancellation)
    {
        var (target, upstream, previews) = FleetView.Of(session, names, cancellation);
        List<PlannedClient> planned = [.. previews.Select(preview => new PlannedClient(session, target, preview))];
        if (session.IsJson)
        {
            session.Out.Json(new(CliJson.Version, upstream.Json(), upstream.LayerConflicts(), [.. planned.Select(client => client.Json())]), CliJson.Shapes.PlanJson);
        }
        else
        {
            upstream.Print(session.Error);
            Print(session, names, planned);
        }

        return planned.Select(client => client.IsFailed ? ExitCode.Failed : client.NeedsPerson ? ExitCode.PersonNeeded : ExitCode.InOrder).Aggregate(upstream.ExitCode, ExitCode.Worse);
    }

    private static void Print(Session session, string[] names, List<PlannedClient> planned)
    {
        if (planned.Count == 0) session.Out.Line(session.NoClients);
        // What is the same for many is read once.
        foreach (var same in planned.Select(client => (Client: client, Steps: client.Steps())).GroupBy(pair => string.Join('\n', pair.Steps)))
        {
            var clients = same.Select(pair => pair.Client.Name).ToList();
            session.Out.Line(string.Join(", ", clients), Tint.Strong, clients.Count > 1 ? $"  ({clients.Count} clients)" : "");
            var steps = same.First().Steps;
            var width = steps.Max(step => step.Action.Length);
            foreach (var step in steps) session.Out.Line($"  {step.Action.PadRight(width)}  ", step.Tint, step.What);
            session.Out.Line();
        }

        if (planned.Exists(client => client.Action is "sync" or "clone" or "finish")) session.Out.Line($"Nothing was changed. '{session.Next(string.Join(' ', names.Prepend("sync")))}' does it.", Tint.Faint);
    }
}
