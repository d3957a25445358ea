using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Core.Configuration;
using EtcSync.Core.Text;
using EtcSync.Inventories;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync inventory': what the inventory was, and how it becomes that again.</summary>
internal static class InventoryCommand
{
    private const int ShortId = 10;
    private const int MostListed = 3;
    private static readonly string[] Renaming = ["client", "rename"];

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var log = new Command("log", "List the changes of the inventory, newest first.") { host.Options.Json };
        host.Handle(log, (session, _, _) => Log(session));
        var revision = new Argument<string>("REVISION") { Description = "A change that 'inventory log' lists; its first digits are enough." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask before it is done." };
        var revert = new Command("revert", "Make the inventory what it was after a change, and show the difference first.") { revision, yes };
        host.Handle(revert, (session, parse, cancellation) => Revert(session, parse.GetRequiredValue(revision), parse.GetValue(yes), cancellation));
        return new Command("inventory", "What the inventory was before, and how it becomes that again.") { log, revert };
    }

    private static int Log(Session session)
    {
        var revisions = new InventoryHistory(session.WorkspaceDespiteInventory).Log();
        if (session.IsJson)
        {
            session.Out.Json(new(CliJson.Version, [.. revisions.Select(one => new InventoryRevisionJson(one.Id.ToString(), one.By, one.When.ToString("yyyy-MM-ddTHH:mm:sszzz"), one.What, one.Changes))]), CliJson.Shapes.InventoryLogJson);
            return ExitCode.InOrder;
        }

        if (revisions.IsEmpty) session.Out.Line($"Nothing is recorded yet: that begins with the first 'etcsync client' that changes something, or with a controller.");
        else session.Out.Table(["REVISION", "WHEN", "WHO", "WHAT", "CHANGES"], [.. revisions.Select(one => new Cell[] { one.Id.ToString()[..ShortId], one.When.ToString("yyyy-MM-dd HH:mm"), one.By, one.What, Changes(one) })]);
        return ExitCode.InOrder;
    }

    // A list of a whole room would hide everything else; --json has all of it.
    private static string Changes(InventoryRevision revision) =>
        string.Join(". ", revision.Changes.Length <= MostListed ? revision.Changes : [.. revision.Changes.Take(MostListed), $"And {revision.Changes.Length - MostListed} more"]);

    private static int Revert(Session session, string wanted, bool yes, CancellationToken cancellation)
    {
        var workspace = session.WorkspaceDespiteInventory;
        var history = new InventoryHistory(workspace);
        var file = new InventoryFile(workspace);
        file.KeepFound();
        var revision = history.Find(wanted) ?? throw new UserErrorException($"{Quoted.Text(wanted)} is no revision of the inventory, or the beginning of several. 'etcsync inventory log' lists them.");
        var text = history.TextOf(revision);
        RefuseUnmoved(workspace.Configuration.Inventory, text, history, revision);
        var now = File.Exists(session.Locations.InventoryFile) ? File.ReadAllText(session.Locations.InventoryFile) : "";
        var lines = UnifiedDiff.Of(now, text);
        if (lines.IsEmpty)
        {
            session.Out.Line($"The inventory is as it was after {revision.Id.Short} ({revision.What}).");
            return ExitCode.InOrder;
        }

        session.Out.Difference(lines);
        if (!yes && !Confirmation.Ask(session, "Change the inventory like this?"))
        {
            session.Error.Line("Nothing was done.");
            return ExitCode.Failed;
        }

        var edited = file.Edit(session.Author(), $"inventory revert {revision.Id.ToString()[..ShortId]}", (name, current) => current == now ? Loaded.From(text) : Loaded.Failed<string>([new(name, 0, "", "Somebody changed it in the meantime. Nothing was done; look again.")]), cancellation);
        if (edited.Value is not { } configuration) throw new UserErrorException($"The inventory was not changed.\n{string.Join('\n', edited.Problems)}");
        if (file.HistoryProblem is { } problem) session.Error.Line("warning: ", Tint.Notice, problem);
        session.Out.Line($"The inventory is as it was after {revision.Id.Short} ({revision.What}).", Tint.Good);
        return new Arrival(session.With(configuration)).Run([.. configuration.Inventory.Clients.Where(client => workspace.Configuration.Inventory.Find(client.Name) is null)], cancellation);
    }

    // A client's clone moved with its name, and does not move back with the text.
    private static void RefuseUnmoved(Inventory now, string text, InventoryHistory history, InventoryRevision revision)
    {
        if (Inventory.Load("", text).Value is not { } then) return;
        foreach (var later in history.Log().TakeWhile(one => one.Id != revision.Id))
        {
            if (later.What.Split(' ') is not [var first, var second, var old, var name] || first != Renaming[0] || second != Renaming[1]) continue;
            if (now.Clients.Any(client => client.Name.Value == name) && then.Clients.Any(client => client.Name.Value == old) && then.Clients.All(client => client.Name.Value != name))
                throw new UserErrorException($"{old} was renamed to {name} after that, with its clone. Rename it back first: 'etcsync client rename {name} {old}'.");
        }
    }
}
