using EtcSync.Core.Clients;

namespace EtcSync.Core.Configuration;

/// <summary>
/// Adds clients to the text of an inventory, changes and removes them, and leaves comments, order and formatting of everything else as
/// people wrote them. The new text is read again and compared before it is given out.
/// </summary>
public static class InventoryEditor
{
    /// <summary>
    /// The text with one more client, behind the others and in the style of the last of them. Problems: the text is not valid, the name,
    /// a MAC address or the address is taken, or the text is laid out in a way that cannot be edited safely.
    /// </summary>
    public static Loaded<string> Add(string fileName, string text, Client client) => Add(fileName, text, [client]);

    /// <inheritdoc cref="Add(string, string, Client)"/>
    /// <param name="fileName">The file, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <param name="clients">The clients that come, in the order in which they are to stand; at least one.</param>
    public static Loaded<string> Add(string fileName, string text, IReadOnlyList<Client> clients)
    {
        var before = Inventory.Load(fileName, text);
        if (before.Value is not { } inventory) return Loaded.Failed<string>(before.Problems);
        if (clients.FirstOrDefault(client => inventory.Find(client.Name) is not null) is { } known)
            return Refuse(fileName, inventory.LineOf(known.Name), known.Name, $"The client '{known.Name}' is in the inventory already. Remove it first, or give the new one another name.");
        var byHand = $"The file is laid out in a way that cannot be edited safely. Add this by hand:{string.Concat(clients.SelectMany(client => ListItem(client, "  ")).Select(l => "\n" + l))}";
        return Checked(fileName, text, edited => Insert(edited, InventoryLayout.Root(fileName, text), clients), inventory.Clients.AddRange(clients), clients[0].Name, byHand);
    }

    /// <summary>
    /// The text without a client; the comments above it stay. Problems: the text is not valid, there is no such client, or the text is
    /// laid out in a way that cannot be edited safely.
    /// </summary>
    public static Loaded<string> Remove(string fileName, string text, ClientName name)
    {
        var before = Inventory.Load(fileName, text);
        if (before.Value is not { } inventory) return Loaded.Failed<string>(before.Problems);
        if (inventory.Find(name) is not { } client) return Unknown(fileName, inventory, name);
        var byHand = $"The file is laid out in a way that cannot be edited safely. Remove the client on line {inventory.LineOf(name)} by hand.";
        return Checked(fileName, text, edited => Delete(edited, InventoryLayout.Root(fileName, text), name), inventory.Clients.Remove(client), name, byHand);
    }

    /// <summary>
    /// The text with other network cards, addresses and groups of a client. Problems: the text is not valid, there is no such client, a
    /// MAC address or the address is taken, or the text is laid out in a way that cannot be edited safely.
    /// </summary>
    /// <param name="fileName">The file, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <param name="client">The client, by the name that it has in the text, as it is to be; its rollout and identity stay as they are there.</param>
    public static Loaded<string> Set(string fileName, string text, Client client)
    {
        var before = Inventory.Load(fileName, text);
        if (before.Value is not { } inventory) return Loaded.Failed<string>(before.Problems);
        if (inventory.Find(client.Name) is not { } was) return Unknown(fileName, inventory, client.Name);
        // Said here: read again, the text would have the fault in whichever of the two stands below the other.
        if (inventory.Clients.Where(other => other.Name != client.Name).SelectMany(other => Taken(client, other).Select(what =>
                new Problem(fileName, 0, $"clients.{client.Name}", $"{what} belongs to the client '{other.Name}' already, on line {inventory.LineOf(other.Name)}. Each client needs its own."))).ToList() is { Count: > 0 } taken)
            return Loaded.Failed<string>(taken);
        var expected = was with { Macs = client.Macs, Addresses = client.Addresses, Groups = client.Groups };
        var byHand = $"The file is laid out in a way that cannot be edited safely. Give the client on line {inventory.LineOf(client.Name)} this by hand:{string.Concat(ClientText.Block(expected).Select(l => "\n    " + l))}";
        return Checked(fileName, text, edited => ClientFields.Put(fileName, edited, was, expected), inventory.Clients.Replace(was, expected), client.Name, byHand);
    }

    /// <summary>
    /// The text with another name of a client. Problems: the text is not valid, there is no such client, the name is taken, or the text
    /// is laid out in a way that cannot be edited safely.
    /// </summary>
    public static Loaded<string> Rename(string fileName, string text, ClientName name, ClientName newName)
    {
        var before = Inventory.Load(fileName, text);
        if (before.Value is not { } inventory) return Loaded.Failed<string>(before.Problems);
        if (inventory.Find(name) is not { } client) return Unknown(fileName, inventory, name);
        if (inventory.Find(newName) is not null) return Refuse(fileName, inventory.LineOf(newName), newName, $"The client '{newName}' is in the inventory already. Take another name.");
        var byHand = $"The file is laid out in a way that cannot be edited safely. Change the name of the client on line {inventory.LineOf(name)} by hand.";
        return Checked(fileName, text, edited => ClientFields.Rename(edited, InventoryLayout.Root(fileName, edited.Whole), name, newName), inventory.Clients.Replace(client, client with { Name = newName }), newName, byHand);
    }

    private static IEnumerable<string> Taken(Client client, Client other) =>
        client.Macs.Intersect(other.Macs).Select(mac => $"The MAC address {mac}").Concat(client.Addresses.Intersect(other.Addresses).Select(address => $"The address {address}"));

    private static Loaded<string> Unknown(string fileName, Inventory inventory, ClientName name)
    {
        var near = Suggestion.For(name.Value, [.. inventory.Clients.Select(c => c.Name.Value)]) is { } word ? $" Did you mean '{word}'?" : "";
        return Refuse(fileName, 0, name, $"There is no client '{name}' in the inventory.{near}");
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

    private static string? Insert(EditableText text, YamlMap? root, IReadOnlyList<Client> added)
    {
        var items = added.SelectMany(client => ListItem(client, "  "));
        if (root is { IsFlow: true }) return null;
        if (root?.Find("clients") is not { } clients)
        {
            IEnumerable<string> opening = root is null ? ["version: 1", "clients:"] : ["clients:"];
            return text.InsertAfter(text.LineCount, opening.Concat(items));
        }

        return clients.Value switch
        {
            YamlList { Items: [.., var last] } list => list.IsFlow
                ? text.Replace(text.Offset(last.End), text.Offset(last.End), string.Concat(added.Select(client => $", {{name: {ClientText.Name(client.Name.Value)}, {ClientText.Flow(client)}}}")))
                : InventoryLayout.DashOf(text, last) is { } dash ? text.InsertAfter(InventoryLayout.LastLine(text, last, dash.Column), added.SelectMany(client => LikeItem(last, client, Spaces(dash.Column)))) : null,
            YamlMap { Entries: [.., var last] } map => map.IsFlow
                ? text.Replace(text.Offset(last.Value.End), text.Offset(last.Value.End), string.Concat(added.Select(client => $", {ClientText.Name(client.Name.Value)}: {{{ClientText.Flow(client)}}}")))
                : text.InsertAfter(InventoryLayout.LastLine(text, last.Value, last.Key.Start.Column), added.SelectMany(client => LikeEntry(last, client, Spaces(last.Key.Start.Column)))),
            var empty => InsertFirst(text, clients, empty, items),
        };
    }

    // 'clients:', 'clients: []' and 'clients: ~' become 'clients:' with a list below.
    private static string InsertFirst(EditableText text, YamlEntry clients, YamlNode empty, IEnumerable<string> items)
    {
        var written = empty is YamlList or YamlMap || empty is YamlScalar { Text.Length: > 0 };
        if (!written) return text.InsertAfter(clients.Key.Start.Line, items);
        var behindKey = text.Offset(clients.Key.End) + 1;
        var cleared = new EditableText(text.Replace(behindKey, text.Offset(empty.End), ""));
        return cleared.InsertAfter(clients.Key.Start.Line, items);
    }

    private static string? Delete(EditableText text, YamlMap? root, ClientName name)
    {
        switch (root?.Find("clients")?.Value)
        {
            case YamlList list when list.Items.FirstOrDefault(item => InventoryLayout.IsNamed(item, name)) is { } item:
                if (list.IsFlow) return InventoryLayout.DeleteFlow(text, item.Start, item.End);
                return InventoryLayout.DashOf(text, item) is { } dash ? InventoryLayout.DeleteLines(text, dash.Line, InventoryLayout.LastLine(text, item, dash.Column)) : null;
            case YamlMap map when map.Find(name.Value) is { } entry:
                return map.IsFlow
                    ? InventoryLayout.DeleteFlow(text, entry.Key.Start, entry.Value.End)
                    : InventoryLayout.DeleteLines(text, entry.Key.Start.Line, InventoryLayout.LastLine(text, entry.Value, entry.Key.Start.Column));
            default:
                return null;
        }
    }

    private static IEnumerable<string> LikeItem(YamlNode last, Client client, string indent) =>
        last is YamlMap { IsFlow: true } ? [$"{indent}- {{name: {ClientText.Name(client.Name.Value)}, {ClientText.Flow(client)}}}"] : ListItem(client, indent);

    private static IEnumerable<string> LikeEntry(YamlEntry last, Client client, string indent) => last.Value is YamlMap { IsFlow: true }
        ? [$"{indent}{ClientText.Name(client.Name.Value)}: {{{ClientText.Flow(client)}}}"]
        : ClientText.Block(client).Select(l => $"{indent}  {l}").Prepend($"{indent}{ClientText.Name(client.Name.Value)}:");

    private static IEnumerable<string> ListItem(Client client, string indent) =>
        ClientText.Block(client).Select(l => $"{indent}  {l}").Prepend($"{indent}- name: {ClientText.Name(client.Name.Value)}");

    private static string Spaces(int column) => new(' ', column - 1);

    // Where a client's rollout stands in the file changes with every edit above it.
    private static Client Bare(Client client) => client with { Rollout = client.Rollout is { } rollout ? rollout with { Source = null } : null };

    private static Loaded<string> Refuse(string fileName, int line, ClientName name, string message) => Loaded.Failed<string>([new(fileName, line, $"clients.{name}", message)]);
}
