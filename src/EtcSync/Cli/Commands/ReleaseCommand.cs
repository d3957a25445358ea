using System.Collections.Immutable;
using System.CommandLine;
using EtcSync.Adoption;
using EtcSync.Cli.Json;
using EtcSync.Clients;
using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Text;
using EtcSync.Fleet;
using EtcSync.Inventories;
using EtcSync.Setup;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync release': the way back to plain clones and plain configuration.</summary>
internal static class ReleaseCommand
{
    private static readonly ImmutableArray<SettingChoice> NothingManaged = [.. ((string[])["exports", "dhcp", "boot"]).Select(section => new SettingChoice(section, "manage", "false", "", 0))];

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var clients = host.ClientNames(ArgumentArity.ZeroOrMore);
        var all = new Option<bool>("--all") { Description = "All clients, and the server's files as a whole." };
        var apply = new Option<bool>("--apply") { Description = "Do it. Without this it is only shown, and nothing is written." };
        var command = new Command("release", "Leave clients to themselves: clones with a git directory of their own, in which plain git works, and plain configuration files. Clients notice nothing.") { clients, all, apply, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetValue(clients) ?? [], parse.GetValue(all), parse.GetValue(apply), cancellation));
        return command;
    }

    private static int Run(Session session, string[] names, bool all, bool isApplied, CancellationToken cancellation)
    {
        if (all == names.Length > 0) throw new UserErrorException("Name the clients that are to be left to themselves, or say --all, which leaves the server's files as well.");
        var clients = session.Select(names);
        var server = new ServerRelease(session.Workspace);
        var files = all ? server.PlanAll() : server.Plan(clients);
        if (!session.IsJson) Print(session, clients, files);
        if (!isApplied)
        {
            if (session.IsJson) session.Out.Json(Json(session, clients, files, null), CliJson.Shapes.ReleaseJson);
            else session.Out.Line($"Nothing was written. '{session.Next($"release {(all ? "--all" : string.Join(' ', names))} --apply")}' does this.");
            return ExitCode.InOrder;
        }

        TakeDrift(session, clients, cancellation);
        // First of all whatever serves the clients afterwards: at no moment is one without.
        if (all)
        {
            LeaveServer(session);
            server.ApplyAll(files, cancellation);
        }
        else
        {
            ServerReport.Findings(session.Error, server.Apply(files, clients.Select(client => client.Name).ToHashSet(), cancellation));
        }

        var problems = ReleaseClones(session, clients, cancellation);
        var code = LeaveInventory(session, [.. clients.Where(client => !problems.ContainsKey(client.Name))], all, cancellation);
        if (session.IsJson) session.Out.Json(Json(session, clients, files, problems), CliJson.Shapes.ReleaseJson);
        else PrintDone(session, clients, problems, all);
        return problems.Count > 0 ? ExitCode.Failed : code;
    }

    // What is in no commit yet becomes one, so that the clone is clean; upstream's new commits are for 'git pull'.
    private static void TakeDrift(Session session, ImmutableArray<Client> clients, CancellationToken cancellation)
    {
        var target = new FleetObserver(session.Workspace).Take(clients, acceptRewrite: false, cancellation);
        ImmutableArray<Client> made = [.. clients.Where(client => ClientRepository.Exists(session.Workspace.State.GitDirectory(client.Name)))];
        var outcomes = SyncReport.Run(session, made, target, SyncRequest.Now with { Merge = false }, cancellation);
        var failed = outcomes.Where(outcome => outcome.Kind is OutcomeKind.Failed or OutcomeKind.Deferred).ToList();
        if (failed.Count > 0) throw new UserErrorException($"Nothing was released.\n{string.Join('\n', failed.Select(outcome => $"{outcome.Client}: {outcome.Reason}"))}");
        foreach (var outcome in outcomes.Where(outcome => !outcome.Conflicts.IsEmpty))
            session.Error.Line("warning: ", Tint.Notice, $"{outcome.Client} keeps its own version of {string.Join(", ", outcome.Conflicts.Select(conflict => conflict.Path))}; 'git pull' will not bring upstream's again. 'etcsync resolve' settles it first.");
    }

    private static void LeaveServer(Session session)
    {
        var file = session.Locations.SettingsFile;
        var text = SettingsText.With(File.ReadAllText(file), NothingManaged, out var kept);
        foreach (var choice in kept) session.Error.Line("warning: ", Tint.Notice, $"{file} sets {choice.Name}, and that stays; 'etcsync server apply' would refuse to replace what is yours.");
        if (Settings.Load(file, text).IsValid && text != File.ReadAllText(file)) new Initialization(session.Locations).Write(text);
    }

    private static Dictionary<ClientName, string> ReleaseClones(Session session, ImmutableArray<Client> clients, CancellationToken cancellation)
    {
        var problems = new Dictionary<ClientName, string>();
        var release = new CloneRelease(session.Workspace);
        foreach (var client in clients)
        {
            try
            {
                release.Run(client.Name, cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                problems[client.Name] = ClientSync.Describe(e);
            }
        }

        return problems;
    }

    private static int LeaveInventory(Session session, ImmutableArray<Client> clients, bool all, CancellationToken cancellation)
    {
        if (clients.IsEmpty) return ExitCode.InOrder;
        var inventory = new InventoryFile(session.Workspace);
        var edited = inventory.Edit(session.Author(), $"release {(all ? "--all" : string.Join(' ', clients.Select(client => client.Name)))}", (file, text) => clients.Aggregate(
            Loaded.From(text), (so, client) => so.Value is { } before ? InventoryEditor.Remove(file, before, client.Name) : so), cancellation);
        if (edited.Value is not { } configuration) throw new UserErrorException($"The clones were released, and the clients are still in the inventory; take them out by hand.\n{string.Join('\n', edited.Problems)}");
        // What is to be said of hand-written lines was said: they are meant.
        return !all && ServerTurn.Run(session.With(configuration), cancellation).Code == ExitCode.Failed ? ExitCode.Failed : ExitCode.InOrder;
    }

    private static void Print(Session session, ImmutableArray<Client> clients, ImmutableArray<ReleasedFile> files)
    {
        foreach (var client in clients)
        {
            var workTree = session.Workspace.CloneOf(client.Name);
            session.Out.Line($"{client.Name}: ", Tint.Strong, ClientRepository.Exists(session.Workspace.State.GitDirectory(client.Name))
                ? $"{workTree} gets a git directory of its own, on branch '{BranchOf(session, client)}'; 'git pull' merges upstream there."
                : "has no clone of EtcSync's; it goes from the inventory.");
        }

        foreach (var file in files)
        {
            session.Out.Line($"{file.Path}: ", Tint.Strong, file.Before is null ? "is new" : "changes");
            session.Out.Difference(file.Difference);
        }
    }

    private static void PrintDone(Session session, ImmutableArray<Client> clients, Dictionary<ClientName, string> problems, bool all)
    {
        foreach (var client in clients)
        {
            if (problems.TryGetValue(client.Name, out var problem)) session.Error.Line($"{client.Name}: ", Tint.Bad, problem);
            else session.Out.Line($"{client.Name} is released.", Tint.Good);
        }

        if (all && problems.Count == 0) session.Out.Line($"Everything is yours. The controller has nothing to do any more: stop it. What EtcSync remembers is in {session.Workspace.State.Path}.", Tint.Faint);
        session.Out.Line("A client can write its own .git now: type git there as root on the client, and not on this server.", Tint.Notice);
    }

    private static ReleaseJson Json(Session session, ImmutableArray<Client> clients, ImmutableArray<ReleasedFile> files, Dictionary<ClientName, string>? problems) => new(
        CliJson.Version,
        problems is not null,
        [.. clients.Select(client => new ReleasedClientJson(client.Name.Value, session.Workspace.CloneOf(client.Name), BranchOf(session, client), problems is not null && !problems.ContainsKey(client.Name), problems?.GetValueOrDefault(client.Name)))],
        [.. files.Select(file => new AdoptedFileJson(file.Path, file.Difference))]);

    private static string BranchOf(Session session, Client client) =>
        ClientState.Read(session.Workspace.State.GitDirectory(client.Name)).AdoptedBranch is { Length: > 11 } adopted ? adopted["refs/heads/".Length..] : session.Workspace.Settings.Upstream.Branch ?? "master";
}
