using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Fleet;
using EtcSync.Git;
using EtcSync.Layers;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync layer show': what a layer changes.</summary>
internal static class LayerShowCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var group = LayerCommand.Group();
        var command = new Command("show", "Show what a layer changes, against the upstream commit that it started from.") { group, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetRequiredValue(group), cancellation));
        return command;
    }

    private static int Run(Session session, string name, CancellationToken cancellation)
    {
        var group = LayerCommand.Parse(name);
        var workspace = session.Workspace;
        var upstream = LayerCommand.Upstream(session, cancellation);
        using var objects = workspace.Hub.OpenObjects();
        var layer = LayerCommand.Read(session, objects, group, upstream);
        var policies = workspace.Configuration.Policies.PathsOf(new(null, [group]));
        var paths = layer.Contents.Select(change => new LayerPathJson(change.Path.Value, Words.Change(change), policies.ForPath(change.Path.Value).Secret)).ToList();
        var diff = Diff(workspace, layer, [.. paths.Where(path => !path.Secret).Select(path => path.Path)], cancellation);

        if (session.IsJson)
        {
            session.Out.Json(new(
                CliJson.Version, group.Value, layer.Tip.ToString(), layer.Base?.ToString(), paths, layer.Attributes, [.. layer.Conflicts.Select(conflict => ToJson.Of(conflict.Conflict))], diff), CliJson.Shapes.LayerShowJson);
        }
        else
        {
            Print(session, layer, paths, diff);
        }

        return layer.Conflicts.IsEmpty ? ExitCode.InOrder : ExitCode.PersonNeeded;
    }

    private static void Print(Session session, LayerView layer, List<LayerPathJson> paths, string diff)
    {
        var output = session.Out;
        output.Line($"group/{layer.Group} {layer.Tip.Short}", Tint.Strong, $", on upstream {layer.Base?.Short ?? "(nothing of it)"}: {Words.Count(paths.Count, "path")}");
        foreach (var conflict in layer.Conflicts) output.Line("conflict ", Tint.Bad, $"{conflict.Conflict.Path}: {conflict.Conflict.Reason} The layer's version stands; '{session.Next($"layer edit {layer.Group}")}' settles it.");
        foreach (var attribute in layer.Attributes) output.Line(attribute);
        foreach (var path in paths.Where(path => path.Secret)) output.Line($"{path.Path}: {path.Change}; its content is secret.", Tint.Notice);
        foreach (var line in diff.Split('\n').SkipLast(1)) output.FileLine(line, TintOf(line));
    }

    private static Tint TintOf(string line) => line switch
    {
        ['+', '+', '+', ..] or ['-', '-', '-', ..] or ['d', 'i', 'f', 'f', ' ', ..] => Tint.Strong,
        ['+', ..] => Tint.Good,
        ['-', ..] => Tint.Bad,
        ['@', '@', ..] => Tint.Faint,
        _ => Tint.None,
    };

    private static string Diff(Workspace workspace, LayerView layer, List<string> paths, CancellationToken cancellation) => paths.Count == 0 ? "" : GitProgram.Check(
        workspace.Hub.GitDirectory,
        ["--literal-pathspecs", "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", layer.BaseTree.ToString(), layer.Tree.ToString(), "--", .. paths], cancellation);
}
