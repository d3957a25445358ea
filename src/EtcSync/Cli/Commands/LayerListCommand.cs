using System.Collections.Immutable;
using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Fleet;
using EtcSync.Git;
using EtcSync.Layers;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync layer list': all layers.</summary>
internal static class LayerListCommand
{
    private const int MostNamed = 4;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var command = new Command("list", "List the layers: what they change, for how many clients, and where they disagree with upstream.") { host.Options.Json };
        host.Handle(command, (session, _, cancellation) => Run(session, cancellation));
        return command;
    }

    private static int Run(Session session, CancellationToken cancellation)
    {
        var workspace = session.Workspace;
        var upstream = LayerCommand.Upstream(session, cancellation);
        using var objects = workspace.Hub.OpenObjects();
        var groups = workspace.Hub.Layers().Keys.Where(name => GroupName.TryParse(name, out _, out _)).Select(GroupName.Parse)
            .Concat(workspace.Configuration.Inventory.Clients.SelectMany(client => client.Groups)).Distinct().Order();
        ImmutableArray<Row> rows = [.. groups.Select(group => Read(workspace, objects, group, upstream))];
        if (session.IsJson) session.Out.Json(new(CliJson.Version, [.. rows.Select(row => row.Json())]), CliJson.Shapes.LayerListJson);
        else Print(session, rows);
        return rows.Any(row => row.Layer is { Conflicts.IsEmpty: false } || row.IsEdited) ? ExitCode.PersonNeeded : ExitCode.InOrder;
    }

    private static Row Read(Workspace workspace, ObjectStore objects, GroupName group, ObjectId upstream)
    {
        var layer = LayerView.Read(workspace, objects, group, upstream);
        return new(
            group,
            layer,
            LayerCommand.ClientsOf(workspace, group),
            layer is null ? 0 : LayerLogCommand.Commits(workspace, layer, upstream, CancellationToken.None).Length,
            Directory.Exists(LayerEdit.TreeOf(workspace.State, group)));
    }

    private static void Print(Session session, ImmutableArray<Row> rows)
    {
        var output = session.Out;
        if (rows.IsEmpty)
        {
            output.Line($"There are no layers, and no client is in a group. 'groups: [lab]' in the inventory puts a client into one; '{session.Next("layer edit lab")}' makes its layer.");
            return;
        }

        output.Table(["LAYER", "CHANGES", "CLIENTS", "CONFLICTS", "COMMITS", "NEWEST", "STATE"], [.. rows.Select(row => row.Cells())]);
        foreach (var conflict in rows.Where(row => row.Layer is not null).SelectMany(row => row.Layer!.Conflicts))
        {
            output.Line($"group/{conflict.Group} ", Tint.Bad, $"{conflict.Conflict.Path}: {conflict.Conflict.Reason} The layer's version stands; '{session.Next($"layer edit {conflict.Group}")}' settles it.");
        }
    }

    private sealed record Row(GroupName Group, LayerView? Layer, IReadOnlyList<string> Clients, int Commits, bool IsEdited)
    {
        public Cell[] Cells() => Layer is null
            ? [$"group/{Group}", "-", Named(), "-", "-", "-", new(IsEdited ? "being made" : "no layer yet", Tint.Faint)]
            : [$"group/{Group}", Changes(Layer), Named(), Layer.Conflicts.IsEmpty ? "0" : new Cell($"{Layer.Conflicts.Length}", Tint.Bad), $"{Commits}", Layer.Tip.Short, IsEdited ? new Cell("being edited", Tint.Notice) : Clients.Count == 0 ? new Cell("nobody has it", Tint.Faint) : "in use"];

        private string Named() => Clients.Count == 0 ? "-" : Words.Some([.. Clients], MostNamed);

        private static string Changes(LayerView layer) => layer.Attributes.IsEmpty
            ? Words.Count(layer.Contents.Length, "path")
            : $"{Words.Count(layer.Contents.Length, "path")}, {Words.Count(layer.Attributes.Length, "attribute")}";

        public LayerJson Json() => new(
            Group.Value,
            Layer?.Tip.ToString(),
            Layer?.Base?.ToString(),
            Commits,
            Clients,
            [.. (Layer?.Contents ?? []).Select(change => change.Path.Value)],
            Layer?.Attributes ?? [],
            [.. (Layer?.Conflicts ?? []).Select(conflict => ToJson.Of(conflict.Conflict))],
            IsEdited);
    }
}
