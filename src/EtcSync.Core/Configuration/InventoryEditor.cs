using EtcSync.Core.Clients;

namespace EtcSync.Core.Configuration;

/// <summary>
/// Adds clients to the text of an inventory and removes them, and leaves comments, order and formatting of everything else as people
/// wrote them. The new text is read again and compared before it is given out.
/// </summary>
public static class InventoryEditor
{
    /// <summary>
    /// The text with one more client, behind the others and in the style of the last of them. Problems: the text is not valid, the name,
    /// a MAC address or the address is taken, or the text is laid out in a way that cannot be edited safely.
    /// </summary>
    public static Loaded<string> Add(string fileName, string text, Client client)
    {
        var before = Inventory.Load(fileName, text);
        if (before.Value is not { } inventory) return Loaded.Failed<string>(before.Problems);
        if (inventory.Find(client.Name) is not null)
            return Refuse(fileName, inventory.LineOf(client.Name), client.Name, $"The client '{client.Name}' is in the inventory already. Remove it first, or give the new one another name.");
        var byHand = $"The file is laid out in a way that cannot be edited safely. Add this by hand:{string.Concat(ListItem(client, "  ").Select(l => "\n" + l))}";
        return Checked(fileName, text, edited => Insert(edited, Root(fileName, text), client), inventory.Clients.Add(client), client.Name, byHand);
    }

    /// <summary>
    /// The text without a client; the comments above it stay. Problems: the text is not valid, there is no such client, or the text is
    /// laid out in a way that cannot be edited safely.
    /// </summary>
    public static Loaded<string> Remove(string fileName, string text, ClientName name)
    {
        var before = Inventory.Load(fileName, text);
        if (before.Value is not { } inventory) return Loaded.Failed<string>(before.Problems);
        if (inventory.Find(name) is not { } client)
        {
            var near = Suggestion.For(name.Value, [.. inventory.Clients.Select(c => c.Name.Value)]) is { } word ? $" Did you mean '{word}'?" : "";
            return Refuse(fileName, 0, name, $"There is no client '{name}' in the inventory.{near}");
        }

        var byHand = $"The file is laid out in a way that cannot be edited safely. Remove the client on line {inventory.LineOf(name)} by hand.";
        return Checked(fileName, text, edited => Delete(edited, Root(fileName, text), name), inventory.Clients.Remove(client), name, byHand);
    }

    private static Loaded<string> Checked(string fileName, string text, Func<EditableText, string?> edit, IEnumerable<Client> expected, ClientName name, string byHand)
    {
        // The mark of byte order is no character of the first line.
        var mark = text.StartsWith('\uFEFF') ? "\uFEFF" : "";
        if (edit(new(text[mark.Length..])) is not { } result) return Refuse(fileName, 0, name, byHand);
        var after = Inventory.Load(fileName, mark + result);
        // What is wrong now is the client that was to be added; its line is in a text that nobody will see.
        if (after.Value is not { } inventory)
            return Loaded.Failed<string>(after.Problems.Select(p => p.Key.StartsWith($"clients.{name}", StringComparison.Ordinal) ? p with { Line = 0 } : new(fileName, 0, "", byHand)));
        return inventory.Clients.Select(Bare).SequenceEqual(expected.Select(Bare).OrderBy(c => c.Name)) ? Loaded.From(mark + result) : Refuse(fileName, 0, name, byHand);
    }

    private static string? Insert(EditableText text, YamlMap? root, Client client)
    {
        if (root is { IsFlow: true }) return null;
        if (root?.Find("clients") is not { } clients)
        {
            IEnumerable<string> opening = root is null ? ["version: 1", "clients:"] : ["clients:"];
            return text.InsertAfter(text.LineCount, opening.Concat(ListItem(client, "  ")));
        }

        return clients.Value switch
        {
            YamlList { Items: [.., var last] } list => list.IsFlow
                ? text.Replace(text.Offset(last.End), text.Offset(last.End), $", {{name: {client.Name}, {ClientText.Flow(client)}}}")
                : DashOf(text, last) is { } dash ? text.InsertAfter(LastLine(text, last, dash.Column), LikeItem(last, client, Spaces(dash.Column))) : null,
            YamlMap { Entries: [.., var last] } map => map.IsFlow
                ? text.Replace(text.Offset(last.Value.End), text.Offset(last.Value.End), $", {client.Name}: {{{ClientText.Flow(client)}}}")
                : text.InsertAfter(LastLine(text, last.Value, last.Key.Start.Column), LikeEntry(last, client, Spaces(last.Key.Start.Column))),
            var empty => InsertFirst(text, clients, empty, client),
        };
    }

    // 'clients:', 'clients: []' and 'clients: ~' become 'clients:' with a list below.
    private static string InsertFirst(EditableText text, YamlEntry clients, YamlNode empty, Client client)
    {
        var written = empty is YamlList or YamlMap || empty is YamlScalar { Text.Length: > 0 };
        if (!written) return text.InsertAfter(clients.Key.Start.Line, ListItem(client, "  "));
        var behindKey = text.Offset(clients.Key.End) + 1;
        var cleared = new EditableText(text.Replace(behindKey, text.Offset(empty.End), ""));
        return cleared.InsertAfter(clients.Key.Start.Line, ListItem(client, "  "));
    }

    private static string? Delete(EditableText text, YamlMap? root, ClientName name)
    {
        switch (root?.Find("clients")?.Value)
        {
            case YamlList list when list.Items.FirstOrDefault(item => IsNamed(item, name)) is { } item:
                if (list.IsFlow) return DeleteFlow(text, item.Start, item.End);
                return DashOf(text, item) is { } dash ? DeleteLines(text, dash.Line, LastLine(text, item, dash.Column)) : null;
            case YamlMap map when map.Find(name.Value) is { } entry:
                return map.IsFlow
                    ? DeleteFlow(text, entry.Key.Start, entry.Value.End)
                    : DeleteLines(text, entry.Key.Start.Line, LastLine(text, entry.Value, entry.Key.Start.Column));
            default:
                return null;
        }
    }

    private static string DeleteLines(EditableText text, int first, int last)
    {
        var blankAbove = first > 1 && string.IsNullOrWhiteSpace(text.Line(first - 1));
        var blankBelow = last >= text.LineCount || string.IsNullOrWhiteSpace(text.Line(last + 1));
        return text.Without(blankAbove && blankBelow ? first - 1 : first, last);
    }

    private static string DeleteFlow(EditableText text, YamlMark start, YamlMark end)
    {
        var whole = text.Replace(0, 0, "");
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

    // The parser does not say where the '-' of an item stands: it is what precedes the item, on its line or alone on one above.
    private static YamlMark? DashOf(EditableText text, YamlNode item)
    {
        for (var line = item.Start.Line; line > 0; line--)
        {
            var before = line == item.Start.Line ? text.Line(line)[..(item.Start.Column - 1)] : text.Line(line);
            if (before.Trim() == "-") return new(line, before.IndexOf('-', StringComparison.Ordinal) + 1);
            if (before.Trim().Length > 0 && before.TrimStart()[0] != '#') return null;
        }

        return null;
    }

    // Comments that are indented deeper than the item itself belong to it.
    private static int LastLine(EditableText text, YamlNode node, int column)
    {
        var line = node.End is { Column: 1, Line: > 1 } ? node.End.Line - 1 : node.End.Line;
        while (line < text.LineCount && text.Line(line + 1) is var next && next.TrimStart().StartsWith('#') && next.Length - next.TrimStart().Length >= column) line++;
        return line;
    }

    private static IEnumerable<string> LikeItem(YamlNode last, Client client, string indent) =>
        last is YamlMap { IsFlow: true } ? [$"{indent}- {{name: {client.Name}, {ClientText.Flow(client)}}}"] : ListItem(client, indent);

    private static IEnumerable<string> LikeEntry(YamlEntry last, Client client, string indent) => last.Value is YamlMap { IsFlow: true }
        ? [$"{indent}{client.Name}: {{{ClientText.Flow(client)}}}"]
        : ClientText.Block(client).Select(l => $"{indent}  {l}").Prepend($"{indent}{client.Name}:");

    private static IEnumerable<string> ListItem(Client client, string indent) =>
        ClientText.Block(client).Select(l => $"{indent}  {l}").Prepend($"{indent}- name: {client.Name}");

    private static bool IsNamed(YamlNode item, ClientName name) =>
        (item as YamlMap)?.Find("name")?.Value is YamlScalar scalar && string.Equals(scalar.Text, name.Value, StringComparison.Ordinal);

    private static string Spaces(int column) => new(' ', column - 1);

    private static YamlMap? Root(string fileName, string text) => YamlText.Parse(text, new(fileName)) as YamlMap;

    // Where a client's rollout stands in the file changes with every edit above it.
    private static Client Bare(Client client) => client with { Rollout = client.Rollout is { } rollout ? rollout with { Source = null } : null };

    private static Loaded<string> Refuse(string fileName, int line, ClientName name, string message) => Loaded.Failed<string>([new(fileName, line, $"clients.{name}", message)]);
}
