using System.Globalization;

namespace EtcSync.Cli.Conflicts;

/// <summary>The report on a terminal. Sentences are broken to its width; names of files and commands, which are pasted, never.</summary>
internal sealed class TerminalReport(Session session)
{
    private const string Indent = "  ";
    private const int LabelWidth = 9;
    private const int NarrowestText = 20;
    private const int MostNames = 8;
    private const int MostFiles = 3;

    // As many are seen at a glance without a list.
    private const int MostWithoutList = 2;

    private readonly Output _output = session.Out;
    private readonly int _room = Math.Max(session.Out.Width - Indent.Length - LabelWidth, NarrowestText);

    /// <summary>Prints it.</summary>
    public void Print(ConflictReport report)
    {
        foreach (var entry in report.Entries) Print(entry);
        if (report.Clients.Length + report.Layers.Length > MostWithoutList) List([.. report.Entries]);
        foreach (var preview in report.Unseen) session.Error.Line($"{preview.Client.Name}: ", Tint.Bad, preview.Problem!);
        if (report.IsEmpty) _output.Line("There are no conflicts.", Tint.Good);
        else if (!report.Clients.IsEmpty) _output.Line($"{report.Summary}.", Tint.Faint);
    }

    // Behind all of them: this is what a terminal still shows of a long report.
    private void List(IReadOnlyCollection<ConflictEntry> entries)
    {
        _output.Table(["ID", "IN DISPUTE", "ON", "WHY"], [.. entries.Select(entry => (Cell[])[entry.Group is null ? entry.Key.Id : "-", entry.Key.Name, Where(entry), entry.Reason])]);
        _output.Line();
    }

    private static string Where(ConflictEntry entry) => entry.Group is { } group ? $"group/{group}" : entry.Clients is [var only] ? only : Words.Count(entry.Clients.Length, "client");

    private void Print(ConflictEntry entry)
    {
        _output.Line(entry.Key.Name, Tint.Strong, entry.Group is null ? $"  {entry.Key.Id}" : "");
        Sentence(Whom(entry), Tint.None);
        Sentence($"{Words.Of(entry.Conflict.Kind)}: {entry.Reason}", Tint.Bad);
        if (entry.Lines is { } lines) new TerminalLines(_output, entry.Side).Print(lines);
        else foreach (var version in entry.Versions) Field(version.Name, version.Description);
        if (entry.Difference is { } difference) Sentence(difference, Tint.None);
        Fields("changed", entry.Changes.Select(Describe));
        Fields("asked", entry.Asked.Select(rule => rule.ToString()));
        if (!entry.Holds.IsEmpty) Field("holds", $"{string.Join(", ", entry.Holds)} (changed only together with it)");
        Print(entry.Remedy);
        _output.Line();
    }

    private void Print(Remedy remedy)
    {
        Whole("file", remedy.Files.Count <= MostFiles ? remedy.Files : [.. remedy.Files.Take(MostFiles), $"and {remedy.Files.Count - MostFiles} more"]);
        Whole("look", remedy.Look);
        // What each of them does its name says.
        Whole("settle", remedy.Commands.Select(command => command.Command));
        Field(remedy.Commands.Count == 0 ? "settle" : "", remedy.Sentence);
        if (remedy.Drop is { } drop)
        {
            Whole("drop", [drop.Command]);
            Field("", drop.Meaning);
        }

        if (remedy.Rule is not { } rule) return;
        Field("keep", $"To keep the client's for good, add this below 'rules:' in {remedy.RuleFile}:");
        _output.Line(Indent + rule);
    }

    private static string Whom(ConflictEntry entry)
    {
        if (entry.Group is { } group) return $"in the layer group/{group}, for all its clients";
        return entry.Clients.Length <= MostNames ? $"on {string.Join(", ", entry.Clients)}" : $"on {Words.Some([.. entry.Clients], MostNames)} ({entry.Clients.Length} clients)";
    }

    private static string Describe(SideChange change) => change.Commit is { } commit
        ? $"{change.Who}: {commit.Author.Name}, {commit.Author.When.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}, {commit.Id.Short} ({commit.Subject})"
        : $"{change.Who}: in its files, not committed yet";

    private void Sentence(string text, Tint tint)
    {
        foreach (var line in WrappedText.Words(Printable.Of(text), _output.Width - Indent.Length)) _output.Line(Indent + line, tint);
    }

    private void Field(string label, string text) => Whole(label, WrappedText.Words(Printable.Of(text), _room));

    private void Fields(string label, IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            Field(label, text);
            label = "";
        }
    }

    private void Whole(string label, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            _output.Line(Indent + label.PadRight(LabelWidth), Tint.Faint, line);
            label = "";
        }
    }
}
