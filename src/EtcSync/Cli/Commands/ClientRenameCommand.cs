using System.CommandLine;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Inventories;
using EtcSync.State;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync client rename' and 'etcsync client booted'.</summary>
internal static class ClientRenameCommand
{
    /// <summary>Builds 'client rename'.</summary>
    public static Command Create(CommandHost host)
    {
        var name = host.ClientName("What the client is called.");
        var newName = new Argument<string>("NAME") { Description = "What it is to be called." };
        var command = new Command("rename", "Rename a client, with its clone, branch, identity and holds. It may be running: its old name stays until it boots.") { name, newName };
        host.Handle(command, (session, parse, cancellation) => Rename(session, parse.GetRequiredValue(name), parse.GetRequiredValue(newName), cancellation));
        return command;
    }

    /// <summary>Builds 'client booted'.</summary>
    public static Command CreateBooted(CommandHost host)
    {
        var name = host.ClientName();
        var command = new Command("booted", "Say that a client has booted since it was renamed or given another address: its former name and address are taken away now.") { name };
        host.Handle(command, (session, parse, cancellation) => Booted(session, session.Select(parse.GetRequiredValue(name)), cancellation));
        return command;
    }

    private static int Rename(Session session, string name, string newName, CancellationToken cancellation)
    {
        var workspace = session.Workspace;
        var words = new ClientWords();
        var (from, to) = (words.Name(name), words.Name(newName));
        words.Check();
        if (from == to) throw new UserErrorException($"{from} is called that already.");
        var isUnfinished = RenameRecord.Read(workspace.State) == new RenameRecord(from, to);
        if (!isUnfinished) session.Select(name);
        if (workspace.Configuration.Inventory.Find(to) is not null && !isUnfinished) throw new UserErrorException($"There is a client {to} already. Take another name.");
        if (!isUnfinished) ClientAddCommand.RefuseFormerName(to, from, new FormerStore(workspace.State));
        var renaming = new ClientRenaming(workspace);
        var edited = renaming.Run(session.Author(), from, to, cancellation);
        if (edited.Value is not { } configuration) throw new UserErrorException($"The client was not renamed.\n{string.Join('\n', edited.Problems)}");
        if (renaming.File.HistoryProblem is { } problem) session.Error.Line("warning: ", Tint.Notice, problem);

        session.Out.Line($"{from} is called {to} now.", Tint.Good);
        if (ClientRepository.Exists(workspace.State.GitDirectory(to))) session.Out.Line($"Its clone is {workspace.CloneOf(to)}, its branch client/{to}.");
        foreach (var warning in configuration.Warnings.Except(workspace.Configuration.Warnings)) session.Error.Line("warning: ", Tint.Notice, session.Locations.Pasteable(warning.ToString()));
        foreach (var place in Mentions(workspace.Settings, from)) session.Error.Line("warning: ", Tint.Notice, $"{session.Locations.SettingsFile} names {from} in '{place}'. Write {to} there.");
        var (_, code) = ServerTurn.Run(session.With(configuration), cancellation);
        session.Out.Line($"If it is running, it goes on with its old name until it boots. '{session.Next($"client booted {to}")}' takes the old name away at once.", Tint.Faint);
        return code;
    }

    private static int Booted(Session session, Client client, CancellationToken cancellation)
    {
        var store = new FormerStore(session.Workspace.State);
        var former = store.Find(client.Name);
        if (!store.Remove(client.Name))
        {
            session.Out.Line($"{client.Name} has no other name and no other address.");
            return ExitCode.InOrder;
        }

        session.Out.Line($"{client.Name} is no longer {string.Join(", ", former.Names.Select(name => name.Value).Concat(former.Addresses.Select(address => address.ToString())))}.", Tint.Good);
        return ServerTurn.Run(session, cancellation).Code;
    }

    private static IEnumerable<string> Mentions(Settings settings, ClientName name)
    {
        if (settings.Exports.BootBuilder == name) yield return "exports.boot-builder";
        if (settings.Boot.Variants.Any(variant => variant.Clients.Contains(name))) yield return "boot.variants";
    }
}
