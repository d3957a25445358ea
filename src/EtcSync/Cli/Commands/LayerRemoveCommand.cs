using System.CommandLine;
using EtcSync.Core.Clients;
using EtcSync.FileSystem;
using EtcSync.Hub;
using EtcSync.Layers;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync layer remove': a layer goes; its commits stay, and can be made a layer again.</summary>
internal static class LayerRemoveCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var group = LayerCommand.Group();
        var force = new Option<bool>("--force") { Description = "Also if clients are in the group: what the layer changed is taken back from them." };
        var command = new Command("remove", "Remove a layer. Its commits are kept, and it can be brought back.") { group, force };
        host.Handle(command, (session, parse, cancellation) => Run(session, LayerCommand.Parse(parse.GetRequiredValue(group)), parse.GetValue(force), cancellation));
        return command;
    }

    private static int Run(Session session, GroupName group, bool force, CancellationToken cancellation)
    {
        var workspace = session.Workspace;
        workspace.State.Prepare();
        var editor = new LayerEditor(workspace, group);
        using var edit = editor.Lock() is LockOutcome.Acquired { Lock: var taken } ? taken : throw new UserErrorException($"group/{group} is being edited at this moment. Try again when that is done.");
        if (Directory.Exists(editor.Tree))
        {
            throw new UserErrorException($"An edit of group/{group} was not finished. Go on with it ('{session.Next($"layer edit {group} --continue")}') or drop it ('{session.Next($"layer edit {group} --discard")}') first.");
        }

        using var hub = HubLock.Take(workspace, cancellation);
        if (!workspace.Hub.Layers().TryGetValue(group.Value, out var tip)) throw new UserErrorException($"There is no layer group/{group}. '{session.Next("layer list")}' shows them all.");
        var clients = LayerCommand.ClientsOf(workspace, group);
        if (clients.Count > 0 && !force)
        {
            throw new UserErrorException(
                $"{Words.Some([.. clients], 5)} {(clients.Count == 1 ? "is" : "are")} in the group {group}. Take the group from {(clients.Count == 1 ? "its" : "their")} entry in {session.Locations.InventoryFile} first ('{session.Next("plan")}' then shows what is taken back), or say --force.");
        }

        if (workspace.Hub.ArchiveLayer(group.Value, tip) is not { } archived) throw new UserErrorException($"group/{group} was changed at this moment, and stays. Look at it, and try again.");
        session.Out.Line($"group/{group} was removed.", Tint.Good);
        if (clients.Count > 0) session.Out.Line($"The next sync takes back what it changed on {Words.Some([.. clients], 5)}; '{session.Next($"plan {string.Join(' ', clients)}")}' shows that.", Tint.Notice);
        session.Out.Line($"Its commits are kept as {archived}. This brings it back:");
        session.Out.Line($"  git --git-dir={State.SuggestedCommand.Quote(workspace.Hub.GitDirectory)} branch group/{group} {archived}");
        return ExitCode.InOrder;
    }
}
