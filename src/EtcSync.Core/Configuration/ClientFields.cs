using EtcSync.Core.Clients;

namespace EtcSync.Core.Configuration;

/// <summary>Changes what stands in an inventory about one client, field by field, so that comments beside the others stay.</summary>
internal static class ClientFields
{
    // In the order in which they are written; the first is in every client.
    private static readonly string[] Order = ["mac", "ip", "groups"];

    /// <summary>The text in which a client is as it is to be; null where that cannot be done.</summary>
    /// <param name="fileName">The file, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <param name="was">The client as it is in the text.</param>
    /// <param name="wanted">The client as it is to be; of the same name.</param>
    public static string? Put(string fileName, EditableText text, Client was, Client wanted)
    {
        foreach (var (key, before, after) in (IEnumerable<(string, IEnumerable<string>, IEnumerable<string>)>)
            [
                ("mac", ClientText.Macs(was), ClientText.Macs(wanted)),
                ("ip", ClientText.Addresses(was), ClientText.Addresses(wanted)),
                ("groups", ClientText.Groups(was), ClientText.Groups(wanted)),
            ])
        {
            List<string> values = [.. after];
            if (values.SequenceEqual(before, StringComparer.Ordinal)) continue;
            if (InventoryLayout.Find(InventoryLayout.Root(fileName, text.Whole), wanted.Name) is not { } map) return null;
            var edited = map.Find(key) is not { } entry ? Insert(text, map, key, values)
                : values.Count == 0 ? Remove(text, map, entry)
                : Replace(text, entry, values);
            if (edited is null) return null;
            text = new(edited);
        }

        return text.Whole;
    }

    /// <summary>The text in which a client has another name; null where that cannot be done.</summary>
    public static string? Rename(EditableText text, YamlMap? root, ClientName name, ClientName newName)
    {
        var stands = root?.Find("clients")?.Value is YamlMap byName ? byName.Find(name.Value)?.Key : InventoryLayout.Find(root, name)?.Find("name")?.Value;
        return stands is null ? null : text.Replace(text.Offset(stands.Start), text.Offset(stands.End), ClientText.Name(newName.Value));
    }

    private static string Remove(EditableText text, YamlMap map, YamlEntry entry) => map.IsFlow
        ? InventoryLayout.DeleteFlow(text, entry.Key.Start, entry.Value.End)
        : text.Without(entry.Key.Start.Line, InventoryLayout.LastLine(text, entry.Value, entry.Key.Start.Column + 1));

    private static string Replace(EditableText text, YamlEntry entry, List<string> values)
    {
        if (entry.Value is YamlList { IsFlow: false, Items.IsEmpty: false } list) return ReplaceInLines(text, entry, list, values);
        // Behind the colon of a value left empty there is nothing to replace.
        var from = entry.Value is YamlScalar { Text.Length: 0, IsPlain: true } ? text.Offset(entry.Key.End) + 1 : text.Offset(entry.Value.Start);
        var to = Math.Max(from, entry.Value is YamlScalar { Text.Length: 0, IsPlain: true } ? from : text.Offset(entry.Value.End));
        return text.Replace(from, to, (text.Whole[from - 1] == ':' ? " " : "") + (entry.Value is YamlList ? $"[{string.Join(", ", values)}]" : ClientText.Values(values)));
    }

    // A list with a line for each: those that stay keep their lines, with what is said behind them.
    private static string ReplaceInLines(EditableText text, YamlEntry entry, YamlList list, List<string> values)
    {
        List<string> kept = [.. list.Items.Select(Text).Where(values.Contains)];
        if (kept.Count == 0 || !kept.SequenceEqual(values.Take(kept.Count), StringComparer.Ordinal) || list.Items.Any(item => InventoryLayout.DashOf(text, item) is null))
        {
            var column = entry.Key.Start.Column;
            var line = $"{text.Line(entry.Key.Start.Line)[..(column - 1)]}{entry.Key.Text}: {ClientText.Values(values)}";
            return new EditableText(text.InsertAfter(InventoryLayout.LastLine(text, list, column + 1), [line])).Without(entry.Key.Start.Line, InventoryLayout.LastLine(text, list, column + 1));
        }

        var dash = InventoryLayout.DashOf(text, list.Items[0])!.Value;
        var longer = text.InsertAfter(InventoryLayout.LastLine(text, list.Items[^1], dash.Column + 1), values.Skip(kept.Count).Select(value => $"{new string(' ', dash.Column - 1)}- {value}"));
        // From the last to the first: lines above keep their numbers.
        foreach (var item in list.Items.Reverse().Where(item => !values.Contains(Text(item))))
        {
            var edited = new EditableText(longer);
            longer = edited.Without(InventoryLayout.DashOf(edited, item)!.Value.Line, InventoryLayout.LastLine(edited, item, dash.Column + 1));
        }

        return longer;
    }

    private static string? Insert(EditableText text, YamlMap map, string key, List<string> values)
    {
        if (Order.TakeWhile(one => one != key).Select(map.Find).LastOrDefault(entry => entry is not null) is not { } above) return null;
        var value = $"{key}: {ClientText.Values(values)}";
        return map.IsFlow
            ? text.Replace(text.Offset(above.Value.End), text.Offset(above.Value.End), $", {value}")
            : text.InsertAfter(InventoryLayout.LastLine(text, above.Value, above.Key.Start.Column + 1), [new string(' ', above.Key.Start.Column - 1) + value]);
    }

    // As ClientText writes it: an IPv6 address stands in quotes, and a MAC address may be written in capitals or with dashes.
    private static string Text(YamlNode item)
    {
        var text = (item as YamlScalar)?.Text ?? "";
        if (MacAddress.TryParse(text, out var mac, out _)) return mac.ToString();
        return HostAddress.TryParse(text, out var address, out _) ? ClientText.Address(address) : ClientText.Name(text);
    }
}
