using System.Collections.Immutable;
using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;
using EtcSync.Git;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync diff': what a client's branch has that its composite has not.</summary>
internal static class DiffCommand
{
    // Far below what the kernel takes as arguments.
    private const int PathsAtOnce = 500;
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var client = host.ClientName();
        var paths = new Argument<string[]>("PATH") { Description = "Files and directories, relative to /etc; all where none is named.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("diff", "Show a client's overrides: what its branch has that upstream and its layers have not.") { client, paths, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetRequiredValue(client), parse.GetValue(paths) ?? [], cancellation));
        return command;
    }

    private static int Run(Session session, string name, string[] arguments, CancellationToken cancellation)
    {
        var wanted = arguments.Select(EtcPath.Parse).ToList();
        using var clone = ClientClone.Open(session, name);
        var objects = clone.Repository.Objects;
        var composite = clone.Merged().Composite;
        var head = clone.Repository.Head();
        var (before, after) = (objects.ReadCommit(composite).Tree, objects.ReadCommit(head).Tree);
        ImmutableArray<PathChange> changes = [.. TreeDiff.Compute(objects, before, after).Where(change => change.Path != Metadata && IsWanted(change.Path, wanted))];
        ImmutableArray<AttributeChange> attributes = [.. AttributeDifference.Of(EtckeeperFiles.Of(objects, before), EtckeeperFiles.Of(objects, after)).Where(change => IsWanted(change, wanted))];
        if (session.IsJson)
        {
            session.Out.Json(new(CliJson.Version, name, composite.ToString(), head.ToString(), [.. changes.Select(change => Json(clone, change))], [.. attributes.Select(ToJson.Of)]), CliJson.Shapes.DiffJson);
            return ExitCode.InOrder;
        }

        foreach (var change in changes.Where(change => clone.IsSecret(change.Path.Value))) session.Out.Line($"{change.Path}: ", Tint.Strong, $"{Words.Change(change)}; it differs (secret)");
        foreach (var change in attributes) session.Out.Line($"{change.Path}: ", Tint.Strong, change.What);
        var shown = changes.Where(change => !clone.IsSecret(change.Path.Value)).ToLookup(change => IsText(objects, change.Before) && IsText(objects, change.After));
        foreach (var change in shown[false]) session.Out.Line($"{change.Path}: ", Tint.Strong, $"{Words.Change(change)}; binary, {Size(objects, change.Before)}{(change is { Before.Exists: true, After.Exists: true } ? " became " : "")}{Size(objects, change.After)}");
        foreach (var some in shown[true].Chunk(PathsAtOnce)) Print(session, clone, composite, head, some, cancellation);
        if (changes.IsEmpty && attributes.IsEmpty) session.Error.Line($"{name} has no overrides{(wanted.Count > 0 ? " there" : "")}.", Tint.Faint);
        return ExitCode.InOrder;
    }

    private static void Print(Session session, ClientClone clone, ObjectId composite, ObjectId head, PathChange[] changes, CancellationToken cancellation)
    {
        var text = GitProgram.Check(clone.Repository.GitDirectory,
            ["--literal-pathspecs", "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--src-prefix=upstream/", "--dst-prefix=client/",
                composite.ToString(), head.ToString(), "--", .. changes.Select(change => change.Path.Value)], cancellation);
        if (!session.Terminal.OutIsTerminal)
        {
            session.Out.Raw(text);
            return;
        }

        // Coloured here and not by git: what colours in a file would do must not reach the terminal.
        foreach (var line in text.TrimEnd('\n').Split('\n')) session.Out.FileLine(line, TintOf(line));
    }

    private static Tint TintOf(string line) => line switch
    {
        _ when line.StartsWith("diff --git ", StringComparison.Ordinal) || line.StartsWith("--- ", StringComparison.Ordinal) || line.StartsWith("+++ ", StringComparison.Ordinal) => Tint.Strong,
        ['+', ..] => Tint.Good,
        ['-', ..] => Tint.Bad,
        ['@', '@', ..] => Tint.Notice,
        [' ', ..] => Tint.None,
        _ => Tint.Faint,
    };

    private static bool IsText(ObjectStore objects, FileVersion version) => !version.Mode.IsRegular() || FileText.Of(objects.ReadBlob(version.Id)) is not null;

    private static string Size(ObjectStore objects, FileVersion version) => version.Mode.IsRegular() ? Words.Count(objects.ReadBlob(version.Id).Length, "byte") : "";

    private static bool IsWanted(AttributeChange change, List<RepoPath> wanted) =>
        wanted.Count == 0 || wanted.Contains(Metadata) || (RepoPath.TryParse(change.Path, out var path) && IsWanted(path, wanted));

    private static bool IsWanted(RepoPath path, List<RepoPath> wanted) => wanted.Count == 0 || wanted.Any(one => path == one || path.IsBelow(one));

    private static DiffPathJson Json(ClientClone clone, PathChange change) => new(
        change.Path.Value, Words.Change(change), ToJson.Id(change.Before), ToJson.Id(change.After), clone.IsSecret(change.Path.Value));
}
