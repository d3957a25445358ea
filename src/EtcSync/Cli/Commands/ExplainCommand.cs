using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using EtcSync.Cli.Json;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync explain': whose a path is, by which rules, where its lines came from, and how it differs.</summary>
internal static class ExplainCommand
{
    private const int PropertyWidth = 12;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var client = host.ClientName();
        var path = new Argument<string>("PATH") { Description = "A file, relative to /etc." };
        var command = new Command("explain", "Explain a path of a client: who owns it, which rules say so, where each line came from, and how it differs from upstream and its layers.") { client, path, host.Options.Json };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetRequiredValue(client), parse.GetRequiredValue(path), cancellation));
        return command;
    }

    private static int Run(Session session, string name, string argument, CancellationToken cancellation)
    {
        var path = EtcPath.Parse(argument);
        using var clone = ClientClone.Open(session, name);
        var explained = PathExplanation.Of(session, clone, path, cancellation);
        if (explained.IsDirectory) throw new UserErrorException($"{path} is a directory. Name a file in it.");
        var conflicts = FleetView.Of(session, [name], cancellation).Previews.SelectMany(preview => preview.Plan?.Merge?.Conflicts ?? []).Where(conflict => conflict.Path == path).ToImmutableArray();
        if (session.IsJson) session.Out.Json(Json(name, clone, explained, conflicts), CliJson.Shapes.ExplainJson);
        else Print(session, name, clone, explained, conflicts);
        return conflicts.IsEmpty ? ExitCode.InOrder : ExitCode.PersonNeeded;
    }

    private static void Print(Session session, string name, ClientClone clone, PathExplanation explained, ImmutableArray<Conflict> conflicts)
    {
        var output = session.Out;
        output.Line($"{explained.Path} of {name}", Tint.Strong, $"  {clone.WorkTree}/{explained.Path}");
        output.Line($"  {"state".PadRight(PropertyWidth)}", Tint.Faint, Sentence(explained));
        foreach (var (property, value, rule) in Rules(explained.Policy).Where(rule => rule.Value is not null || rule.Rule is not null))
        {
            output.Line($"  {property.PadRight(PropertyWidth)}", Tint.Faint, $"{value ?? "none"}  ({(rule is null ? "the default" : rule.ToString())})");
        }

        foreach (var conflict in conflicts)
        {
            output.Line($"  {"in conflict".PadRight(PropertyWidth)}", Tint.Bad, conflict.Reason);
            output.Line($"  {"".PadRight(PropertyWidth)}", Tint.None, $"'{session.Next($"conflicts {name}")}' shows it{(conflict.IsSettleable ? $" ({string.Join(", ", conflict.Keys.Select(key => key.Id))})" : "")}.");
        }

        foreach (var attribute in explained.Attributes) output.Line($"  {"differs".PadRight(PropertyWidth)}", Tint.Notice, attribute.What);
        PrintLines(output, explained);
        PrintChanges(output, explained);
    }

    private static void PrintLines(Output output, PathExplanation explained)
    {
        if (explained.Lines.IsEmpty) return;
        output.Line();
        output.Table(["LINE", "FROM", "COMMIT", "DATE", "AUTHOR", explained.IsSecret ? "" : "TEXT"], [.. explained.Lines.Select((line, i) => Row(explained, line, i + 1))]);
    }

    private static Cell[] Row(PathExplanation explained, ExplainedLine line, int number)
    {
        var text = explained.IsSecret ? "" : Text(line.Content).Replace("\t", "    ", StringComparison.Ordinal);
        var tint = line.Layer == "upstream" ? Tint.None : Tint.Notice;
        if (line.Commit is not { } id) return [$"{number}", new(line.Layer, Tint.Notice), "", "", "", text];
        var commit = explained.Commit(id);
        return [$"{number}", new(line.Layer, tint), id.Short, commit.Author.When.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), commit.Author.Name, text];
    }

    private static void PrintChanges(Output output, PathExplanation explained)
    {
        if (explained.Changes.IsEmpty) return;
        output.Line();
        output.Line($"differs from upstream {explained.Upstream.Short}{(explained.Groups.IsEmpty ? "" : $" with {string.Join(", ", explained.Groups.Select(group => "group/" + group))}")}:", Tint.Strong);
        if (explained.IsSecret)
        {
            output.Line($"  {Words.Count(explained.Changes.Sum(change => change.Removed.Length), "line")} of upstream's, {Words.Count(explained.Changes.Sum(change => change.Added.Length), "line")} of the client's; the content is secret and not shown.", Tint.Faint);
            return;
        }

        foreach (var change in explained.Changes)
        {
            for (var i = 0; i < change.Removed.Length; i++) output.FileLine($"- {change.RemovedFrom + i,4}  {Text(change.Removed[i])}", Tint.Bad);
            for (var i = 0; i < change.Added.Length; i++) output.FileLine($"+ {change.AddedFrom + i,4}  {Text(change.Added[i])}", Tint.Good);
        }
    }

    private static string Sentence(PathExplanation explained) => State(explained) switch
    {
        "same" => "as upstream and its layers have it",
        "overridden" => "the client's branch has another version than upstream and its layers",
        "added" => "only the client has it",
        "deleted" => "the client deleted it",
        "live" => "the client changed it since the last sync, which the next one takes",
        "untracked" => "not tracked: it is neither committed nor rolled out",
        _ => "neither the client nor upstream has it",
    };

    private static string State(PathExplanation explained)
    {
        var (wanted, committed, present) = (explained.Wanted, explained.Committed, explained.Present);
        if (!wanted.Exists && !committed.Exists) return present.Exists ? explained.Policy.Class is PathClass.Local or PathClass.ShadowOfRoot ? "untracked" : "live" : "missing";
        if (explained.Policy.Class == PathClass.Local) return "untracked";
        if (present != committed) return "live";
        if (committed == wanted) return "same";
        return !wanted.Exists ? "added" : committed.Exists ? "overridden" : "deleted";
    }

    private static IEnumerable<(string Property, string? Value, PolicySource? Rule)> Rules(PathPolicy policy)
    {
        yield return ("class", Words.Of(policy.Class), policy.ClassSource);
        yield return ("merger", policy.Merger, policy.MergerSource);
        yield return ("on-conflict", Words.Of(policy.OnConflict), policy.OnConflictSource);
        yield return ("hold", policy.Hold == HoldScope.Client ? "client" : "path", policy.HoldSource);
        yield return ("together", policy.Together, policy.TogetherSource);
        yield return ("check", policy.Check?.ToString(), policy.CheckSource);
        if (policy.Check is not null) yield return ("unchecked", policy.Unchecked == UncheckedAnswer.Hold ? "hold" : "apply", policy.UncheckedSource);
        yield return ("secret", policy.Secret ? "true" : "false", policy.SecretSource);
    }

    private static ExplainJson Json(string name, ClientClone clone, PathExplanation explained, ImmutableArray<Conflict> conflicts) => new(
        CliJson.Version,
        name,
        explained.Path.Value,
        $"{clone.WorkTree}/{explained.Path}",
        State(explained),
        explained.IsSecret,
        explained.Upstream.ToString(),
        [.. Rules(explained.Policy).Select(rule => new ExplainRuleJson(rule.Property, rule.Value, rule.Rule?.ToString()))],
        [.. explained.Lines.Select((line, i) => Json(explained, line, i + 1))],
        [.. explained.Changes.Select(change => new ExplainChangeJson(
            change.RemovedFrom, change.Removed.Length, explained.IsSecret ? null : [.. change.Removed.Select(Text)], change.AddedFrom, change.Added.Length, explained.IsSecret ? null : [.. change.Added.Select(Text)]))],
        [.. explained.Attributes.Select(change => change.What)],
        [.. conflicts.SelectMany(conflict => conflict.Keys).Select(key => key.Id)]);

    private static ExplainLineJson Json(PathExplanation explained, ExplainedLine line, int number)
    {
        var commit = line.Commit is { } id ? explained.Commit(id) : null;
        return new(number, line.Layer, line.Commit?.ToString(), commit?.Author.Name, commit?.Author.When.ToString("O", CultureInfo.InvariantCulture), commit?.Message.Split('\n')[0], explained.IsSecret ? null : Text(line.Content));
    }

    private static string Text(byte[] line) => System.Text.Encoding.UTF8.GetString(line);
}
