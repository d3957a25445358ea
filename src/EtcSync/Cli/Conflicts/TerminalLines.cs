using System.Collections.Immutable;

namespace EtcSync.Cli.Conflicts;

/// <summary>
/// The lines in dispute on a terminal: the three versions beside each other where they fit, else each side's changes of the
/// base one under the other. Without colour, '-' marks what a side no longer has and '+' what it has instead.
/// </summary>
internal sealed class TerminalLines(Output output, string side)
{
    private const int LongestLine = 300;
    private const int MostRows = 60;
    private const int Gap = 2;
    private const int Indent = 2;
    private const int NumberWidth = 5;

    // From here on lines that do not fit are broken rather than put below each other.
    private const int WideTerminal = 130;
    private const string Tab = "    ";
    private const string Continued = "↳";

    private readonly string[] _names = ["base", side, "upstream"];

    /// <summary>Prints them.</summary>
    public void Print(AlignedText text)
    {
        var hidden = Math.Max(0, text.Count - MostRows);
        var left = MostRows;
        var places = new List<List<AlignedRow>>();
        foreach (var place in text.Places)
        {
            List<AlignedRow> rows = [.. place.Take(left).Select(Shown)];
            left -= rows.Count;
            if (rows.Count > 0) places.Add(rows);
        }

        if (Columns(places) is { } widths) Beside(places, widths);
        else Below(places);
        if (hidden > 0) output.Line($"{new string(' ', Indent)}and {Words.Count(hidden, "line")} more", Tint.Faint);
    }

    private static AlignedRow Shown(AlignedRow row)
    {
        var (ancestor, client, upstream) = row.Cut(LongestLine);
        return new(Shown(ancestor), Shown(client), Shown(upstream));
    }

    private static VersionLine? Shown(VersionLine? line) => line is null ? null : line with { Text = Printable.Of(line.Text.Replace("\t", Tab, StringComparison.Ordinal)) };

    private static VersionLine?[] Cells(AlignedRow row) => [row.Base, row.Client, row.Upstream];

    // The widths of the texts; null where there is no room for three columns.
    private int[]? Columns(List<List<AlignedRow>> places)
    {
        int[] widths = [.. _names.Select((name, i) => places.SelectMany(place => place).Max(row => Cells(row)[i] is { } line ? WrappedText.Width(line.Text) : 0)).Select((width, i) => Math.Max(width, _names[i].Length))];
        var room = output.Width - Indent - 2 * Gap - _names.Length * (NumberWidth + Gap);
        if (widths.Sum() <= room) return widths;
        if (output.Width < WideTerminal) return null;
        // The narrow ones keep what they need, and the others share the rest.
        foreach (var i in Enumerable.Range(0, widths.Length).OrderBy(i => widths[i]).Index().ToList())
        {
            widths[i.Item] = Math.Min(widths[i.Item], room / (widths.Length - i.Index));
            room -= widths[i.Item];
        }

        return widths;
    }

    private void Beside(List<List<AlignedRow>> places, int[] widths)
    {
        output.Line(Row([.. _names.Select((name, i) => new string(' ', NumberWidth + Gap) + name.ToUpperInvariant().PadRight(widths[i]))]), Tint.Strong);
        for (var i = 0; i < places.Count; i++)
        {
            if (i > 0) output.Line($"{new string(' ', Indent + NumberWidth - 1)}⋮", Tint.Faint);
            foreach (var row in places[i]) Beside(row, widths);
        }
    }

    private void Beside(AlignedRow row, int[] widths)
    {
        var cells = Cells(row);
        List<string>[] broken = [.. cells.Select((cell, i) => cell is null ? [] : WrappedText.Characters(cell.Text, widths[i]).ToList())];
        for (var k = 0; k < broken.Max(lines => lines.Count); k++)
        {
            var parts = new string[cells.Length];
            for (var i = 0; i < cells.Length; i++)
            {
                var text = k < broken[i].Count ? broken[i][k] : "";
                var number = k == 0 ? cells[i]?.Number?.ToString() ?? "" : "";
                var mark = Mark(cells[i], isBase: i == 0);
                parts[i] = output.Paint(number.PadLeft(NumberWidth), Tint.Faint) + output.Paint($" {(k == 0 ? mark : text.Length == 0 ? " " : Continued)}{text}", TintOf(mark)) + new string(' ', Math.Max(0, widths[i] - WrappedText.Width(text)));
            }

            output.Painted(Row(parts));
        }
    }

    private static string Row(string[] parts) => (new string(' ', Indent) + string.Join(new string(' ', Gap), parts)).TrimEnd();

    private static string Mark(VersionLine? line, bool isBase) => line is not { IsOwn: true } ? " " : isBase ? "-" : "+";

    private static Tint TintOf(string mark) => mark switch { "+" => Tint.Good, "-" => Tint.Bad, _ => Tint.None };

    private void Below(List<List<AlignedRow>> places)
    {
        for (var i = 1; i < _names.Length; i++)
        {
            output.Line(new string(' ', Indent) + _names[i].ToUpperInvariant(), Tint.Strong);
            var isFirst = true;
            foreach (var place in places)
            {
                if (!isFirst) output.Line($"{new string(' ', Indent + NumberWidth - 1)}⋮", Tint.Faint);
                isFirst = false;
                foreach (var (line, mark) in Changes(place, i)) Below(line, mark);
            }
        }
    }

    private void Below(VersionLine line, string mark)
    {
        var (number, first) = (line.Number?.ToString() ?? "", mark);
        foreach (var part in WrappedText.Characters(line.Text, output.Width - Indent - NumberWidth - Gap))
        {
            output.Painted(new string(' ', Indent) + output.Paint(number.PadLeft(NumberWidth), Tint.Faint) + output.Paint($" {first}{part}", TintOf(mark)));
            (number, first) = ("", Continued);
        }
    }

    // One side as a change of the base: what is gone before what came, as far as they belong together.
    private static ImmutableArray<(VersionLine Line, string Mark)> Changes(List<AlignedRow> place, int side)
    {
        var lines = ImmutableArray.CreateBuilder<(VersionLine Line, string Mark)>();
        var (gone, came) = (new List<VersionLine>(), new List<VersionLine>());
        foreach (var row in place)
        {
            var (ancestor, own) = (row.Base, Cells(row)[side]);
            var isSame = own is not null && (ancestor is null ? !own.IsOwn : ancestor.Text == own.Text);
            if (isSame) Flush();
            if (isSame) lines.Add((own!, " "));
            if (!isSame && ancestor is not null) gone.Add(ancestor);
            if (!isSame && own is not null) came.Add(own);
        }

        Flush();
        return lines.DrainToImmutable();

        void Flush()
        {
            lines.AddRange(gone.Select(line => (line, "-")));
            lines.AddRange(came.Select(line => (line, "+")));
            gone.Clear();
            came.Clear();
        }
    }
}
