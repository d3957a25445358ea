using EtcSync.Core.Clients;

namespace EtcSync.Core.Configuration;

/// <summary>Where clients stand in the text of an inventory, and how what stands there is taken out.</summary>
internal static class InventoryLayout
{
    /// <summary>The top of the file; null where it holds something else than a map.</summary>
    public static YamlMap? Root(string fileName, string text) => YamlText.Parse(text, new(fileName)) as YamlMap;

    /// <summary>What stands in the file about a client; null where that is no map.</summary>
    public static YamlMap? Find(YamlMap? root, ClientName name) => (root?.Find("clients")?.Value switch
    {
        YamlList list => list.Items.FirstOrDefault(item => IsNamed(item, name)),
        YamlMap map => map.Find(name.Value)?.Value,
        _ => null,
    }) as YamlMap;

    /// <summary>Whether an item of a list is the client of this name.</summary>
    public static bool IsNamed(YamlNode item, ClientName name) =>
        (item as YamlMap)?.Find("name")?.Value is YamlScalar scalar && string.Equals(scalar.Text, name.Value, StringComparison.Ordinal);

    /// <summary>The text without some lines, and without the blank one that parted them from what is above.</summary>
    public static string DeleteLines(EditableText text, int first, int last)
    {
        var blankAbove = first > 1 && string.IsNullOrWhiteSpace(text.Line(first - 1));
        var blankBelow = last >= text.LineCount || string.IsNullOrWhiteSpace(text.Line(last + 1));
        return text.Without(blankAbove && blankBelow ? first - 1 : first, last);
    }

    /// <summary>The text without an item between braces or brackets, and without its comma.</summary>
    public static string DeleteFlow(EditableText text, YamlMark start, YamlMark end)
    {
        var whole = text.Whole;
        var (from, to) = (text.Offset(start), text.Offset(end));
        var next = to;
        while (next < whole.Length && char.IsWhiteSpace(whole[next])) next++;
        if (next < whole.Length && whole[next] == ',')
        {
            to = next + 1;
            while (to < whole.Length && whole[to] == ' ') to++;
            return text.Replace(from, to, "");
        }

        var previous = from;
        while (previous > 0 && char.IsWhiteSpace(whole[previous - 1])) previous--;
        return text.Replace(previous > 0 && whole[previous - 1] == ',' ? previous - 1 : from, to, "");
    }

    /// <summary>Where the '-' of an item stands. The parser does not say: it is what precedes the item, on its line or alone on one above.</summary>
    public static YamlMark? DashOf(EditableText text, YamlNode item)
    {
        for (var line = item.Start.Line; line > 0; line--)
        {
            var before = line == item.Start.Line ? text.Line(line)[..(item.Start.Column - 1)] : text.Line(line);
            if (before.Trim() == "-") return new(line, before.IndexOf('-', StringComparison.Ordinal) + 1);
            if (before.Trim().Length > 0 && before.TrimStart()[0] != '#') return null;
        }

        return null;
    }

    /// <summary>The last line of a node. Comments that are indented as deep as this, or deeper, belong to it.</summary>
    public static int LastLine(EditableText text, YamlNode node, int column)
    {
        var line = node.End is { Column: 1, Line: > 1 } ? node.End.Line - 1 : node.End.Line;
        while (line < text.LineCount && text.Line(line + 1) is var next && next.TrimStart().StartsWith('#') && next.Length - next.TrimStart().Length >= column) line++;
        return line;
    }
}
