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
        var command = new Command("plan", "Show for every client what a sync would do, and change nothing.") { clients, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetValue(clients) ?? [], cancellation));
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
