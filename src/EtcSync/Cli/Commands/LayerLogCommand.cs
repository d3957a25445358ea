using System.Collections.Immutable;
using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Core.Git;
using EtcSync.Fleet;
using EtcSync.Git;
using EtcSync.Layers;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync layer log': the commits of a layer that upstream does not have.</summary>
internal static class LayerLogCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var group = LayerCommand.Group();
        var command = new Command("log", "List the commits of a layer that upstream does not have, newest first.") { group, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetRequiredValue(group), cancellation));
        return command;
    }

    /// <summary>The commits of a layer, newest first.</summary>
    public static ImmutableArray<LayerCommitJson> Commits(Workspace workspace, LayerView layer, ObjectId upstream, CancellationToken cancellation)
    {
        string[] known = layer.Base is { } start ? [upstream.ToString(), start.ToString()] : [upstream.ToString()];
        var text = GitProgram.Check(
            workspace.Hub.GitDirectory,
            ["log", "-z", "--first-parent", "--no-show-signature", "--encoding=UTF-8", "--format=%H%n%an%n%aI%n%(trailers:key=EtcSync-Upstream,valueonly,separator=%x20)%n%s", layer.Tip.ToString(), "--not", .. known],
            cancellation);
        return
        [
            .. text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(commit => commit.TrimEnd('\n').Split('\n', 5))
                .Select(lines => new LayerCommitJson(lines[0], lines[1], lines[2], lines[4], lines[3].Length == 0 ? null : lines[3])),
        ];
    }

    private static int Run(Session session, string name, CancellationToken cancellation)
    {
        var group = LayerCommand.Parse(name);
        var workspace = session.Workspace;
        var upstream = LayerCommand.Upstream(session, cancellation);
        using var objects = workspace.Hub.OpenObjects();
        var commits = Commits(workspace, LayerCommand.Read(session, objects, group, upstream), upstream, cancellation);
        if (session.IsJson) session.Out.Json(new(CliJson.Version, group.Value, commits), CliJson.Shapes.LayerLogJson);
        else if (commits.IsEmpty) session.Out.Line($"group/{group} has no commit that upstream does not have.");
        else session.Out.Table(["COMMIT", "WHEN", "WHO", "WHAT", "ON UPSTREAM"], [.. commits.Select(Row)]);
        return ExitCode.InOrder;
    }

    private static Cell[] Row(LayerCommitJson commit) =>
        [commit.Id[..10], DateTimeOffset.Parse(commit.When).ToString("yyyy-MM-dd HH:mm"), commit.Author, commit.Subject, commit.Upstream?[..10] ?? ""];
}
