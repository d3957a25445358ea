using System.Globalization;
using EtcSync.Cli.Json;

namespace EtcSync.Cli.Conflicts;

/// <summary>The report as JSON, in the shape of docs/cli.md.</summary>
internal static class JsonReport
{
    /// <summary>Makes it.</summary>
    public static ConflictsJson Of(UpstreamReport upstream, ConflictReport report) => new(
        CliJson.Version,
        upstream.LayerConflicts(),
        [.. report.Clients.Select(Of)],
        [.. report.Unseen.Select(preview => new UnseenClientJson(preview.Client.Name.Value, preview.Problem!))]);

    private static DisputeJson Of(ConflictEntry entry) => new(
        entry.Key.Id,
        entry.Key.Path.Value,
        entry.Key.Record,
        entry.Clients,
        ToJson.Of(entry.Conflict),
        entry.IsSecret,
        new(entry.Versions[0].Description, entry.Versions[1].Description, entry.Versions[2].Description),
        entry.Lines is { } lines ? [.. lines.Places.Select(place => place.Select(row => new RowJson(Of(row.Base), Of(row.Client), Of(row.Upstream))).ToList())] : null,
        entry.Difference,
        [.. entry.Changes.Select(Of)],
        [.. entry.Asked.Select(rule => new AskedJson(rule.Property, rule.Value, rule.By))],
        [.. entry.Holds.Select(path => path.Value)],
        [.. entry.Remedy.Commands.Select(Of)],
        entry.Remedy.Drop is { } drop ? Of(drop) : null,
        entry.Remedy.ToString(),
        entry.Remedy.Files,
        entry.Remedy.Look,
        entry.Remedy.Rule,
        entry.Remedy.RuleFile);

    private static CommandJson Of(RemedyCommand command) => new(command.Command, command.Meaning);

    private static LineJson? Of(VersionLine? line) => line is null ? null : new(line.Number, line.Text, line.IsOwn);

    private static ChangeJson Of(SideChange change) => new(
        change.Side, change.Client, change.Commit?.Id.ToString(), change.Commit?.Author.Name, change.Commit?.Author.Email, change.Commit?.Author.When.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture), change.Commit?.Subject);
}
