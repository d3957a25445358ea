using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Core.Server;
using EtcSync.Server;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync server': exports, dnsmasq's files, names and boot files.</summary>
internal static class ServerCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var plan = new Command("plan", "Show what would change in the server's files, and what stands in the way. Nothing is written.") { host.Options.Json };
        host.Handle(plan, (session, _, _) => Plan(session));
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask before the first time." };
        var apply = new Command("apply", "Check and write the server's files, tell the programs that read them, and ask these what they have now.") { yes, host.Options.Json };
        host.Handle(apply, (session, parse, cancellation) => Apply(session, parse.GetValue(yes), cancellation));
        var show = new Command("show", "Show the server's files as they must be, and whether they are so.") { host.Options.Json };
        host.Handle(show, (session, _, cancellation) => Show(session, cancellation));
        return new Command("server", "Exports, dnsmasq's files, names and boot files: what the server gives its clients.") { plan, apply, show };
    }

    private static int Plan(Session session)
    {
        var observation = ServerObserver.Observe(session.Workspace);
        var plan = ServerPlanner.Plan(observation, ServerParts.Files);
        List<string> waiting = [.. observation.Waiting.Select(client => client.Value)];
        if (session.IsJson)
        {
            session.Out.Json(ServerReport.Json(plan, [], waiting, plan.Findings), CliJson.Shapes.ServerPlanJson);
        }
        else
        {
            ServerReport.Changes(session, session.Out, plan.Changes);
            ServerReport.Findings(session.Out, plan.Findings);
            Waiting(session, waiting);
            session.Out.Line(plan.IsRefused ? "Nothing would be written while something is refused." : plan.Changes.IsEmpty ? "The server's files are as they must be." : $"'{session.Next("server apply")}' does this.");
        }

        return plan.IsRefused ? ExitCode.Failed : ServerReport.CodeOf(plan.Findings);
    }

    private static int Apply(Session session, bool yes, CancellationToken cancellation)
    {
        var workspace = session.Workspace;
        var isFirst = new InstalledStore(new(workspace.State)).Read().IsEmpty;
        if (isFirst && !yes && !session.Terminal.InIsTerminal) throw new UserErrorException("The server's files were never written before. Look at them with 'etcsync server plan', then say --yes; nobody is there to be asked.");
        var outcome = new ServerApplier(workspace).Run(plan => Agree(session, plan, isFirst && !yes), cancellation);
        var waiting = ServerObserver.Observe(workspace).Waiting.Select(client => client.Value).ToList();
        if (session.IsJson)
        {
            session.Out.Json(ServerReport.Json(outcome.Plan, outcome.Done, waiting, outcome.All), CliJson.Shapes.ServerPlanJson);
        }
        else
        {
            ServerReport.Findings(session.Out, outcome.All);
            Waiting(session, waiting);
            if (outcome.IsDeclined) session.Error.Line("Nothing was done.");
            else if (outcome.IsFailed) session.Error.Line(outcome.Done.IsEmpty ? "Nothing was changed." : $"{Words.Count(outcome.Done.Length, "file")} {(outcome.Done.Length == 1 ? "was changed before that, and stays" : "were changed before that, and stay")}.", Tint.Bad);
            else session.Out.Line(outcome.Done.IsEmpty ? "The server's files are as they must be." : $"{Words.Count(outcome.Done.Length, "file")} {(outcome.Done.Length == 1 ? "was" : "were")} changed.", Tint.Good);
        }

        return outcome.IsDeclined ? ExitCode.Failed : ServerReport.CodeOf(outcome.All);
    }

    private static bool Agree(Session session, ServerPlan plan, bool isAsked)
    {
        if (!session.IsJson) ServerReport.Changes(session, session.Out, plan.Changes);
        if (!isAsked || plan.IsRefused || plan.Changes.IsEmpty) return true;
        ServerReport.Findings(session.Error, plan.Findings);
        return Confirmation.Ask(session, "Write these files, for the first time?");
    }

    private static int Show(Session session, CancellationToken cancellation)
    {
        var observation = ServerObserver.Observe(session.Workspace);
        var plan = ServerPlanner.Plan(observation, ServerParts.Files);
        List<ServerFinding> findings = [.. plan.Findings];
        if (!observation.Installed.IsEmpty) findings.AddRange(ServerParts.Services(session.Workspace).SelectMany(service => service.ReadBack(plan, observation, cancellation)));
        var files = plan.Files.Select(file => new ServerFileJson(ServerReport.Word(file.Part), file.Path, StateOf(plan, file), file.Content.Words)).ToList();
        if (session.IsJson)
        {
            session.Out.Json(new(CliJson.Version, files, [.. observation.Clients.Select(client => client.Client.Name.Value)], [.. observation.Waiting.Select(client => client.Value)], [.. findings.Select(ServerReport.Json)]), CliJson.Shapes.ServerShowJson);
        }
        else
        {
            foreach (var file in files)
            {
                session.Out.Line($"{file.Path}: ", Tint.Strong, file.State);
                foreach (var line in file.Text.TrimEnd('\n').Split('\n')) session.Out.FileLine($"  {line}", Tint.None);
            }

            ServerReport.Findings(session.Out, findings);
            Waiting(session, [.. observation.Waiting.Select(client => client.Value)]);
        }

        return ServerReport.CodeOf(findings);
    }

    private static string StateOf(ServerPlan plan, GeneratedFile file) => plan.Changes.FirstOrDefault(change => change.Path == file.Path) switch
    {
        null => "installed",
        { Before: null } => "missing",
        { Edited: not null } => "edited",
        _ => "outdated",
    };

    private static void Waiting(Session session, List<string> waiting)
    {
        if (waiting.Count > 0) session.Out.Line($"Not served yet, because {(waiting.Count == 1 ? "it has" : "they have")} no clone: {string.Join(", ", waiting)}. '{session.Next("sync")}' makes {(waiting.Count == 1 ? "it" : "them")}.", Tint.Notice);
    }
}
