using System.CommandLine;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Setup;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync client remove'.</summary>
internal static class ClientRemoveCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var name = host.ClientName();
        var delete = new Option<bool>("--delete-clone") { Description = "Delete its clone too: work tree, git directory and with it its branch. Its identity is kept." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask before something is deleted." };
        var command = new Command("remove", "Remove a client from the inventory. Its clone stays, unless it is to be deleted.") { name, delete, yes };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetRequiredValue(name), parse.GetValue(delete), parse.GetValue(yes), cancellation));
        return command;
    }

    private static int Run(Session session, string name, bool delete, bool yes, CancellationToken cancellation)
    {
        var workspace = session.Workspace;
        var client = session.Select(name);
        var clone = workspace.CloneOf(client.Name);
        var git = workspace.State.GitDirectory(client.Name);
        var removal = new CloneRemoval(workspace);
        if (delete && removal.Obstacle(client.Name) is { } obstacle) throw new UserErrorException($"{obstacle} Remove the client without --delete-clone.");
        if (delete && !yes && !Confirm(session, client, clone, git))
        {
            session.Error.Line("Nothing was done.");
            return ExitCode.Failed;
        }

        // The inventory first, so that nobody makes the clone again while it is deleted.
        var edited = new InventoryFile(workspace).Edit((file, text) => InventoryEditor.Remove(file, text, client.Name), cancellation);
        if (!edited.IsValid) throw new UserErrorException($"The client was not removed.\n{string.Join('\n', edited.Problems)}");
        session.Out.Line($"{name} was removed from the inventory.", Tint.Good);
        if (delete)
        {
            removal.Run(client.Name, cancellation);
            session.Out.Line($"{clone} and {git} were deleted. Its identity is kept in {workspace.State.Identity(client.Name)}, for a client of the same name.");
        }
        else if (ClientRepository.Exists(git))
        {
            session.Out.Line($"Its clone stays: {clone} and {git}. Adding a client of the same name uses them again.");
        }

        return ExitCode.InOrder;
    }

    private static bool Confirm(Session session, Client client, string clone, string git)
    {
        if (!session.Terminal.InIsTerminal) throw new UserErrorException($"Deleting the clone of {client.Name} deletes its branch with all its overrides. Say --yes if that is meant; nobody is there to be asked.");
        session.Terminal.Error.Write(Printable.Of($"Delete {clone} and {git}, with the branch of {client.Name} and all its overrides? [y/N] "));
        session.Terminal.Error.Flush();
        return session.Terminal.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
