using System.Text;

namespace EtcSync.Cli.Conflicts;

/// <summary>The lines in dispute as a table with a column for each version; on a narrow screen the versions of a line stand below each other.</summary>
internal sealed class HtmlLines(StringBuilder page, ConflictEntry entry)
{
    private const int LongestLine = 2_000;
    private const int MostRows = 400;

    private readonly string[] _names = [.. entry.Versions.Select(version => version.Name)];

    /// <summary>Writes the table.</summary>
    public void Write(AlignedText text)
    {
        page.Append($"<table class=\"lines\" aria-label=\"The three versions of {HtmlText.Of(entry.Key.Name)}\">\n<thead><tr>");
        foreach (var version in entry.Versions) page.Append($"<th scope=\"col\">{HtmlText.Of(version.Name)} <span class=\"faint\">{HtmlText.Of(version.Description)}</span></th>");
        page.Append("</tr></thead>\n<tbody>\n");
        var left = MostRows;
        foreach (var (number, place) in text.Places.Index())
        {
            if (number > 0 && left > 0) Skipped("⋮");
            foreach (var row in place.Take(left)) Row(row);
            left = Math.Max(0, left - place.Length);
        }

        if (text.Count > MostRows) Skipped($"and {Words.Count(text.Count - MostRows, "line")} more");
        page.Append("</tbody>\n</table>\n");
    }

    private void Row(AlignedRow whole)
    {
        var row = whole.Cut(LongestLine);
        page.Append(row.IsCommon && row is { Base: not null, Client: not null, Upstream: not null } ? "<tr class=\"same\">" : "<tr>");
        // What is new is marked where it differs from what it replaces; what is replaced, only where one side says how.
        var replaced = row.Client?.Text == row.Upstream?.Text || row.Client is not { IsOwn: true } ? row.Upstream : row.Upstream is not { IsOwn: true } ? row.Client : null;
        Cell(0, row.Base, replaced?.Text, "was");
        Cell(1, row.Client, (row.Base ?? row.Upstream)?.Text, "is");
        Cell(2, row.Upstream, (row.Base ?? row.Client)?.Text, "is");
        page.Append("</tr>\n");
    }

    private void Cell(int side, VersionLine? line, string? other, string own)
    {
        if (line is null)
        {
            page.Append("<td class=\"none\"></td>");
            return;
        }

        var sign = line.IsOwn ? $"<span class=\"sign\">{(own == "was" ? "−" : "+")}</span>" : "";
        page.Append($"<td{(line.IsOwn ? $" class=\"{own}\"" : "")} data-side=\"{HtmlText.Of(_names[side])}\"><span class=\"number\">{line.Number}</span>{sign}{(line.IsOwn ? HtmlText.OfLine(line.Text, other) : HtmlText.OfLine(line.Text))}</td>");
    }

    private void Skipped(string text) => page.Append($"<tr class=\"skipped\"><td colspan=\"3\">{text}</td></tr>\n");
}
