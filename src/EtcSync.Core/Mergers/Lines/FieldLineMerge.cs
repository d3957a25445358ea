using System.Collections.Immutable;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary>
/// Merges a line word by word. The first words are fields, each with a value; those after them are a set of names, in order. Blanks
/// are kept as they are on the side that changed them.
/// </summary>
internal sealed class FieldLineMerge
{
    private const string CommentName = "comment";

    private readonly FieldLine _ancestor;
    private readonly FieldLine _client;
    private readonly FieldLine _upstream;
    private readonly SortedSet<string> _disputed = new(StringComparer.Ordinal);

    /// <summary>A merge of a line; the ancestor is null where both sides added it.</summary>
    public FieldLineMerge(FieldLine? ancestor, FieldLine client, FieldLine upstream) => (_ancestor, _client, _upstream) = (ancestor ?? FieldLine.None, client, upstream);

    /// <summary>Merges lines whose first words are these fields.</summary>
    /// <param name="fields">What the fields are called. A field without a name has the key: it says the same on both sides, if not in the same spelling.</param>
    public RecordOutcome Run(params IReadOnlyList<string?> fields)
    {
        var merged = Merge(fields, DisputeSide.Client);
        if (_disputed.Count == 0) return new RecordOutcome.Merged(merged);
        return new RecordOutcome.Disputed(_ancestor == FieldLine.None ? DescribeNew(_disputed) : Describe(_disputed)) { Settle = side => Merge(fields, side) };
    }

    /// <summary>The sentence for fields that are in dispute.</summary>
    public static string Describe(IReadOnlyCollection<string> fields) => $"Both sides changed its {string.Join(" and its ", fields)}, each in another way.";

    /// <summary>The sentence for fields that are in dispute in a record that both sides added.</summary>
    public static string DescribeNew(IReadOnlyCollection<string> fields) => $"Both sides added it, each with another {string.Join(" and another ", fields)}.";

    private string Merge(IReadOnlyList<string?> fields, DisputeSide settled)
    {
        var words = new List<FieldWord>();
        for (var i = 0; i < fields.Count; i++) words.Add(Field(i, fields[i], settled));
        var known = words.Skip(1).Select(word => word.Text).ToHashSet(StringComparer.Ordinal);
        words.AddRange(Names(fields.Count).Where(name => known.Add(name.Text)));
        return new FieldLine([.. words], Rest(settled)).Text;
    }

    private FieldWord Field(int index, string? name, DisputeSide settled)
    {
        var (ancestor, client, upstream) = (Word(_ancestor, index), Word(_client, index), Word(_upstream, index));
        var side = ThreeWay.Side(ancestor.Text, client.Text, upstream.Text) ?? (name is null ? DisputeSide.Upstream : Dispute(name, settled));
        var text = Of(side, ancestor, client, upstream).Text;
        return new(ThreeWay.Spacing(ancestor.Gap, client.Gap, upstream.Gap), text);
    }

    private static FieldWord Word(FieldLine line, int index) => index < line.Words.Length ? line.Words[index] : default;

    // What a side removed goes, what a side added comes: upstream's first.
    private IEnumerable<FieldWord> Names(int start)
    {
        var (ancestor, client, upstream) = (Tail(_ancestor, start), Tail(_client, start), Tail(_upstream, start));
        var (was, ours, theirs) = (Texts(ancestor), Texts(client), Texts(upstream));
        if (was.SequenceEqual(theirs, StringComparer.Ordinal)) return client;
        if (was.SequenceEqual(ours, StringComparer.Ordinal)) return upstream;
        var removed = was.Except(ours, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        var known = was.Concat(theirs).ToHashSet(StringComparer.Ordinal);
        return upstream.Where(word => !removed.Contains(word.Text)).Concat(client.Where(word => !known.Contains(word.Text)));
    }

    private string Rest(DisputeSide settled)
    {
        var side = ThreeWay.Side(_ancestor.Comment, _client.Comment, _upstream.Comment);
        if (side is null) return Of(Dispute(CommentName, settled), _ancestor, _client, _upstream).Rest;
        return _client.Comment == _upstream.Comment ? ThreeWay.Spacing(_ancestor.Rest, _client.Rest, _upstream.Rest) : Of(side.Value, _ancestor, _client, _upstream).Rest;
    }

    private DisputeSide Dispute(string name, DisputeSide settled)
    {
        _disputed.Add(name);
        return settled;
    }

    private static T Of<T>(DisputeSide side, T ancestor, T client, T upstream) => side switch { DisputeSide.Base => ancestor, DisputeSide.Client => client, _ => upstream };

    private static ImmutableArray<FieldWord> Tail(FieldLine line, int start) => [.. line.Words.Skip(start)];

    private static List<string> Texts(ImmutableArray<FieldWord> words) => [.. words.Select(word => word.Text)];
}
