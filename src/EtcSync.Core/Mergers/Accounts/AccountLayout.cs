namespace EtcSync.Core.Mergers.Accounts;

/// <summary>
/// The order of the lines of a merged file. A record is known by its name, any other line by its text and by how many like it
/// come before. Who moved lines about has its order, upstream where both did; what the other side added comes behind the line
/// that it follows there, upstream's additions before the client's.
/// </summary>
internal sealed class AccountLayout
{
    private readonly Dictionary<LineKey, AccountLine> _base;
    private readonly Dictionary<LineKey, AccountLine> _client;
    private readonly Dictionary<LineKey, AccountLine> _upstream;
    private readonly IReadOnlyDictionary<string, AccountLine> _records;

    private AccountLayout(AccountTable? ancestor, AccountTable client, AccountTable upstream, IReadOnlyDictionary<string, AccountLine> records) =>
        (_base, _client, _upstream, _records) = (Keyed(ancestor), Keyed(client), Keyed(upstream), records);

    private readonly record struct LineKey(bool IsRecord, string Text, int Number);

    /// <summary>The lines.</summary>
    /// <param name="ancestor">What both sides started from.</param>
    /// <param name="client">The client's.</param>
    /// <param name="upstream">Upstream's.</param>
    /// <param name="records">The records of the result.</param>
    public static IEnumerable<AccountLine> Lines(AccountTable? ancestor, AccountTable client, AccountTable upstream, IReadOnlyDictionary<string, AccountLine> records) =>
        new AccountLayout(ancestor, client, upstream, records).Lines();

    private IEnumerable<AccountLine> Lines()
    {
        // Dictionaries that nothing is removed from keep the order in which they were filled.
        var clientsOrder = IsReordered(_client) && !IsReordered(_upstream);
        var (frame, other) = clientsOrder ? (_client, _upstream) : (_upstream, _client);
        var lines = new LinkedList<LineKey>(frame.Keys.Where(Stays));
        var places = new Dictionary<LineKey, LinkedListNode<LineKey>>();
        for (var node = lines.First; node is not null; node = node.Next) places[node.Value] = node;

        // What is in neither is a record that an answer brings back.
        foreach (var source in (Dictionary<LineKey, AccountLine>[])[other, _base])
        {
            LinkedListNode<LineKey>? behind = null;
            foreach (var key in source.Keys.Where(Stays))
            {
                if (!places.TryGetValue(key, out var place))
                {
                    var next = behind is null ? lines.First : behind.Next;
                    while (!clientsOrder && next is not null && IsAddition(next.Value, frame, other)) next = next.Next;
                    places[key] = place = next is null ? lines.AddLast(key) : lines.AddBefore(next, key);
                }

                behind = place;
            }
        }

        return lines.Select(key => key.IsRecord ? _records[key.Text] : LineOf(key));
    }

    private bool IsAddition(LineKey key, Dictionary<LineKey, AccountLine> side, Dictionary<LineKey, AccountLine> other) => side.ContainsKey(key) && !other.ContainsKey(key) && !_base.ContainsKey(key);

    private bool Stays(LineKey key)
    {
        if (key.IsRecord) return _records.ContainsKey(key.Text);
        return !_base.ContainsKey(key) || (_client.ContainsKey(key) && _upstream.ContainsKey(key));
    }

    private bool IsReordered(Dictionary<LineKey, AccountLine> side) => !side.Keys.Where(_base.ContainsKey).SequenceEqual(_base.Keys.Where(side.ContainsKey));

    // Lines that are the same but for how they end.
    private AccountLine LineOf(LineKey key)
    {
        if (!_client.TryGetValue(key, out var client)) return _upstream[key];
        if (!_upstream.TryGetValue(key, out var upstream)) return client;
        return _base.TryGetValue(key, out var before) && before.Ending == upstream.Ending ? client : upstream;
    }

    private static Dictionary<LineKey, AccountLine> Keyed(AccountTable? table)
    {
        var keyed = new Dictionary<LineKey, AccountLine>();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in table?.Lines ?? [])
        {
            var number = 0;
            if (!line.IsRecord) counts[line.Text] = number = counts.GetValueOrDefault(line.Text) + 1;
            keyed[line.IsRecord ? new(true, line.Name, 0) : new(false, line.Text, number)] = line;
        }

        return keyed;
    }
}
