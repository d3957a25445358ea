using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace EtcSync.Cli;

/// <summary>Two versions of a text beside each other: the lines that differ, with a few around them.</summary>
internal static class SideBySide
{
    private const int Context = 2;
    private const int Most = 60;

    /// <summary>Prints the lines that differ.</summary>
    public static void Print(Output output, string side, string client, string upstream)
    {
        var model = new SideBySideDiffBuilder(new Differ()).BuildDiffModel(WithoutLastBreak(client), WithoutLastBreak(upstream), ignoreWhitespace: false);
        var rows = new List<Cell[]>();
        var last = -1;
        var hidden = 0;
        foreach (var i in Shown(model))
        {
            if (rows.Count >= Most)
            {
                hidden++;
                continue;
            }

            if (last >= 0 && i > last + 1) rows.Add(["", new("⋮", Tint.Faint), "", new("⋮", Tint.Faint)]);
            rows.Add([.. Half(model.OldText.Lines[i]), .. Half(model.NewText.Lines[i])]);
            last = i;
        }

        if (rows.Count > 0) output.Table(["", side, "", "UPSTREAM"], rows);
        if (hidden > 0) output.Line($"and {Words.Count(hidden, "line")} more", Tint.Faint);
    }

    private static SortedSet<int> Shown(SideBySideDiffModel model)
    {
        var count = Math.Min(model.OldText.Lines.Count, model.NewText.Lines.Count);
        var shown = new SortedSet<int>();
        for (var i = 0; i < count; i++)
        {
            if (model.OldText.Lines[i].Type == ChangeType.Unchanged) continue;
            for (var j = Math.Max(0, i - Context); j <= Math.Min(count - 1, i + Context); j++) shown.Add(j);
        }

        return shown;
    }

    // What follows the last line break would be shown as one more line, an empty one.
    private static string WithoutLastBreak(string text) => text.EndsWith('\n') ? text[..^1] : text + "\n\\ no line break at the end";

    private static Cell[] Half(DiffPiece line) =>
    [
        new(line.Position?.ToString() ?? "", Tint.Faint),
        new((line.Text ?? "").Replace("\t", "    ", StringComparison.Ordinal), line.Type == ChangeType.Unchanged ? Tint.None : Tint.Notice),
    ];
}
