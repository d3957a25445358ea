using System.CommandLine;
using System.Collections.Immutable;
using EtcSync.Cli.Json;
using EtcSync.Core.Mergers;
using EtcSync.Core.Resolutions;
using EtcSync.Resolutions;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync resolutions show': one dispute, its versions and its answers.</summary>
internal static class ResolutionsShowCommand
{
    private const int LongestText = 256 * 1024;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var id = ResolutionsCommand.Id();
        var command = new Command("show", "Show what was in dispute and how it was settled.") { id, host.Options.Json };
        host.Handle(command, (session, parse, _) => Run(session, parse.GetRequiredValue(id)));
        return command;
    }

    private static int Run(Session session, string id)
    {
        var found = ResolutionsCommand.Find(session, ResolutionsCommand.Load(session), id);
        var uses = ResolutionUses.Of(session.Workspace, found);
        var key = found[0].Key;
        var isSecret = ResolutionsCommand.IsSecret(session.Workspace, key);
        var contents = isSecret ? ContentsInDispute.Unknown : session.Workspace.Resolutions.Contents(key);
        if (session.IsJson)
        {
            session.Out.Json(new(CliJson.Version, isSecret, Text(contents.Base), Text(contents.Client), Text(contents.Upstream),
                [.. found.Select(resolution => ResolutionsCommand.Json(session.Workspace, resolution, uses))]), CliJson.Shapes.ResolutionShowJson);
        }
        else
        {
            Print(session, found, uses, contents, isSecret);
        }

        return ExitCode.InOrder;
    }

    private static void Print(Session session, ImmutableArray<Resolution> found, ResolutionUses uses, ContentsInDispute contents, bool isSecret)
    {
        var (output, key) = (session.Out, found[0].Key);
        output.Line(key.Name, Tint.Strong, $"  {key.Digest}");
        output.Line($"  base {key.Base}, client {key.Client}, upstream {key.Upstream}", Tint.Faint);
        if (isSecret) output.Line("  The content is secret and not shown.", Tint.Faint);
        else if (Text(contents.Client) is { Length: <= LongestText } client && Text(contents.Upstream) is { Length: <= LongestText } upstream) SideBySide.Print(output, "CLIENT", client, upstream);
        foreach (var resolution in found)
        {
            output.Line();
            output.Line($"  {Settlement.Describe(resolution.Answer)}", Tint.Good, $", for {ResolutionsCommand.Recipients(resolution)}; {resolution.By} settled it on {resolution.When:yyyy-MM-dd HH:mm}.");
            output.Line($"  used by {(uses.Of(resolution) is { Count: > 0 } used ? string.Join(", ", used) : "nobody yet")}");
            if (isSecret || resolution.Answer is not DisputeAnswer.Replace { Content: var content }) continue;
            if (Text(content) is not { } text) output.Line($"  The new content is not text; it has {Words.Count(content.Length, "byte")}.", Tint.Faint);
            else foreach (var line in text.TrimEnd('\n').Split('\n')) output.FileLine($"    {line}", Tint.None);
        }
    }

    private static string? Text(byte[]? content) => content is null ? null : FileText.Of(content);
}
