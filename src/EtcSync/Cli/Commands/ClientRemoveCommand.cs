using System.CommandLine;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Inventories;
using EtcSync.Presence;
using EtcSync.Setup;
using EtcSync.State;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync client remove'.</summary>
internal static class ClientRemoveCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var name = host.ClientName();
        var delete = new Option<bool>("--delete-clone") { Description = "Delete its clone too: work tree, git directory and with it its branch. Its identity is kept." };
        var force = new Option<bool>("--force") { Description = "Remove it although it is up; it loses its /etc while it runs." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command("remove", "Remove a client: from the inventory, and every trace that the server has of it. Its clone stays, unless it is to be deleted.") { name, delete, force, yes };
        host.Handle(command, (session, parse, cancellation) => Run(session, session.Select(parse.GetRequiredValue(name)), parse.GetValue(delete), parse.GetValue(force), parse.GetValue(yes), cancellation));
        return command;
    }

    private static int Run(Session session, Client client, bool delete, bool force, bool yes, CancellationToken cancellation)
    {
        var workspace = session.Workspace;
        var name = client.Name;
        var clone = workspace.CloneOf(name);
        var git = workspace.State.GitDirectory(name);
        var removal = new CloneRemoval(workspace);
        if (delete && removal.Obstacle(name) is { } obstacle) throw new UserErrorException($"{obstacle} Remove the client without --delete-clone.");
        var presence = new PresenceReader(workspace).Of(client);
        if (presence.IsUp && !force) throw new UserErrorException($"{name} is up: {string.Join(", ", presence.Signs)}. Without its export it loses its /etc while it runs. Shut it down first, or say --force.");
        var question = delete ? $"Remove {name}, and delete {clone} and {git} with its branch and all its overrides?" : $"Remove {name} from the inventory, with its export, reservation, names and boot file?";
        if (!yes && !Confirmation.Ask(session, question))
        {
            session.Error.Line("Nothing was done.");
            return ExitCode.Failed;
        }

        // The inventory first, so that nobody makes the clone again while it is deleted.
        var file = new InventoryFile(workspace);
        var edited = file.Edit(session.Author(), $"client remove {name}", (named, text) => InventoryEditor.Remove(named, text, name), cancellation);
        if (edited.Value is not { } configuration) throw new UserErrorException($"The client was not removed.\n{string.Join('\n', edited.Problems)}");
        if (file.HistoryProblem is { } problem) session.Error.Line("warning: ", Tint.Notice, problem);
        new FormerStore(workspace.State).Remove(name);
        session.Out.Line($"{name} was removed from the inventory.", Tint.Good);
        var (_, code) = ServerTurn.Run(session.With(configuration), cancellation);
        if (!delete)
        {
            if (ClientRepository.Exists(git)) session.Out.Line($"Its clone stays: {clone} and {git}. Adding a client of the same name uses them again.");
            return code;
        }

        // What is exported must be there.
        if (code == ExitCode.Failed)
        {
            session.Error.Line($"Its clone stays, because it may still be exported: {clone} and {git}. When the server's files follow, add {name} again and remove it with --delete-clone.", Tint.Bad);
            return code;
        }

        removal.Run(name, cancellation);
        session.Out.Line($"{clone} and {git} were deleted. Its identity is kept in {workspace.State.Identity(name)}, for a client of the same name.");
        return code;
    }
}
