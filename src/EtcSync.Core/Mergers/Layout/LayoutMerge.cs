using System.Collections.Immutable;

namespace EtcSync.Core.Mergers.Layout;

/// <summary>
/// Puts the merged records, and the lines between them, in order. What only one side added stands where it stood there; at the same
/// place upstream's additions come first. A line between records goes where one side removed it; where both changed it, both stay.
/// </summary>
/// <remarks>
/// One side leads: its order stands. That is upstream, unless only the client put records in another order. Pieces that are in all
/// three versions, in the same order, divide the files into gaps; in each gap there is what the sides added and removed.
/// </remarks>
internal sealed class LayoutMerge(ThreeFiles files, RecordFormat format, IReadOnlyDictionary<string, ImmutableArray<string>> records, DisputeList disputes)
{
    private const string OrderName = "order";

    private readonly TokenNumbers _numbers = new();
    private readonly List<string> _texts = [];
    private readonly List<LayoutToken> _order = [];
    private readonly HashSet<int> _inLead = [];
    private readonly Dictionary<string, int> _placed = new(StringComparer.Ordinal);
    private bool _clientLeads;
    private bool _clientFirst;

    /// <summary>The merged file; null if there is no order in which every record still says the same.</summary>
    /// <param name="write">Writes texts in an order; null where a record would say something else.</param>
    public byte[]? Run(Func<IReadOnlyList<string>, byte[]?> write)
    {
        var isWritten = false;
        var (ancestor, client, upstream) = (_numbers.Read(files.Base), _numbers.Read(files.Client), _numbers.Read(files.Upstream));
        var (clientMoved, upstreamMoved) = (TokenOrder.Moved(client, ancestor).Count > 0, TokenOrder.Moved(upstream, ancestor).Count > 0);
        foreach (var (clientLeads, clientFirst) in Ways(clientMoved, upstreamMoved))
        {
            (_clientLeads, _clientFirst) = (clientLeads, clientFirst);
            var (lead, other) = _clientLeads ? (client, upstream) : (upstream, client);
            Arrange(ancestor, lead, other);
            if (format.OrderMatters && (clientMoved && upstreamMoved ? TokenOrder.Moved(lead, other).Count > 0 : IsOrderLost(ancestor, lead, other))) continue;
            if (write(_texts) is { } content) return content;
            isWritten = true;
        }

        if (isWritten) return null;
        var settled = SettledOrder(ancestor, client, upstream);
        Arrange(ancestor, settled, _clientLeads ? upstream : client);
        return write(_texts);
    }

    // Who leads, and whose additions come first at the same place. What both added, each beside something of its own, can stand so
    // that it suits neither side's order on one way and both on another, or does not say the same.
    private static (bool ClientLeads, bool ClientFirst)[] Ways(bool clientMoved, bool upstreamMoved) => (clientMoved, upstreamMoved) switch
    {
        (true, false) => [(true, false), (true, true)],
        (false, true) => [(false, false), (false, true)],
        _ => [(false, false), (true, false), (false, true), (true, true)],
    };

    // Whether records stand in another order than on the other side, which the lead did not choose: both added them, at different places.
    private bool IsOrderLost(LayoutToken[] ancestor, LayoutToken[] lead, LayoutToken[] other)
    {
        var moved = TokenOrder.Moved(lead, ancestor);
        return TokenOrder.Moved(Without([.. _order], moved), Without(other, moved)).Count > 0;
    }

    private LayoutToken[] SettledOrder(LayoutToken[] ancestor, LayoutToken[] client, LayoutToken[] upstream)
    {
        var dispute = new RecordDispute(OrderName, "Both sides put records in another order.", Names(ancestor), Names(client), Names(upstream));
        var answer = disputes.Ask(dispute);
        if (answer is DisputeAnswer.Replace) disputes.Refuse(dispute, "It can be settled as one of the versions has it, and not with lines.");
        (_clientLeads, _clientFirst) = (answer is DisputeAnswer.Take { Side: DisputeSide.Client }, false);
        return answer switch
        {
            DisputeAnswer.Take { Side: DisputeSide.Client } => client,
            DisputeAnswer.Take { Side: DisputeSide.Base } => InOrderOf(ancestor, upstream),
            _ => upstream,
        };
    }

    private void Arrange(LayoutToken[] ancestor, LayoutToken[] lead, LayoutToken[] other)
    {
        _texts.Clear();
        _order.Clear();
        _placed.Clear();
        _inLead.Clear();
        _inLead.UnionWith(lead.Select(token => token.Number));

        // What the lead moved stands where the lead has it; elsewhere it is not looked for.
        var moved = TokenOrder.Moved(lead, ancestor);
        if (TokenOrder.Moved(lead, other).Count > 0)
        {
            moved.UnionWith(TokenOrder.MovedNew(lead, Without(other, moved), ancestor));
            moved.UnionWith(TokenOrder.Moved(lead, Without(other, moved)));
            other = Without(other, moved);
        }

        ancestor = Without(ancestor, moved);
        ancestor = Without(ancestor, TokenOrder.Moved(other, ancestor));
        Place(ancestor, lead, other);
    }

    private void Place(LayoutToken[] ancestor, LayoutToken[] lead, LayoutToken[] other)
    {
        var inLead = TokenAlignment.Of(ancestor, lead);
        var inOther = TokenAlignment.Of(ancestor, other);
        var (leadSpans, otherSpans) = (BaseSpan.Of(inLead, lead.Length), BaseSpan.Of(inOther, other.Length));
        // The edges are in all versions, so that there is a first piece and a last.
        var (i, j) = (1, 1);
        for (var k = 1; k < ancestor.Length; k++)
        {
            if (inLead[k] < 0 || inOther[k] < 0) continue;
            if (i < inLead[k] || j < inOther[k]) Fill(Kept(lead, i, inLead[k], leadSpans), Kept(other, j, inOther[k], otherSpans));
            Add(ancestor[k]);
            (i, j) = (inLead[k] + 1, inOther[k] + 1);
        }
    }

    // What each side has in a gap that is to stay: lines that the base has not, and the records that were not dropped.
    private GapContent Kept(LayoutToken[] tokens, int start, int end, BaseSpan[] spans)
    {
        var kept = new GapContent([], []);
        for (var i = start; i < end; i++)
        {
            if (tokens[i].Kind == TokenKind.Record ? tokens[i].Occurrence >= PlacesOf(tokens[i].Key, records[tokens[i].Key].Length) : spans[i].IsInBase) continue;
            kept.Tokens.Add(tokens[i]);
            kept.Spans.Add(spans[i]);
        }

        return kept;
    }

    private void Fill(GapContent lead, GapContent other)
    {
        if (lead.Tokens.Count == 0 && other.Tokens.Count == 0) return;
        var partners = TokenAlignment.Of(lead.Tokens, other.Tokens);
        var (i, j) = (0, 0);
        for (var k = 0; k <= lead.Tokens.Count; k++)
        {
            var partner = k == lead.Tokens.Count ? other.Tokens.Count : partners[k];
            if (partner < 0) continue;
            AddBoth(lead, i, k, other, j, partner);
            if (k < lead.Tokens.Count) Add(lead.Tokens[k]);
            (i, j) = (k + 1, partner + 1);
        }
    }

    // Pieces that the base had between them, and that are gone, still tell which addition comes first; else it is upstream's.
    private void AddBoth(GapContent lead, int i, int end, GapContent other, int j, int otherEnd)
    {
        while (i < end || j < otherEnd)
        {
            var isLeads = j == otherEnd || (i < end && (_clientLeads == _clientFirst ? !other.Spans[j].IsBefore(lead.Spans[i]) : lead.Spans[i].IsBefore(other.Spans[j])));
            if (isLeads) Add(lead.Tokens[i++]);
            else AddOther(other.Tokens[j++]);
        }
    }

    // A record that the lead has as well, in another gap, stands there.
    private void AddOther(LayoutToken token)
    {
        if (token.Kind != TokenKind.Record || !_inLead.Contains(token.Number)) Add(token);
    }

    private void Add(LayoutToken token)
    {
        if (token.Kind == TokenKind.Edge) return;
        if (token.Kind != TokenKind.Record)
        {
            _texts.Add(token.Text);
            return;
        }

        var texts = records[token.Key];
        var places = PlacesOf(token.Key, texts.Length);
        if (token.Occurrence >= places) return;
        // In the order of the record's texts, whichever of its places comes first; the last place takes what has none of its own.
        var first = 0;
        if (places > 1) _placed[token.Key] = (first = _placed.GetValueOrDefault(token.Key)) + 1;
        var end = first + 1 == places ? texts.Length : first + 1;
        for (var i = first; i < end; i++)
        {
            if (texts[i].Length > 0) _texts.Add(texts[i]);
        }

        _order.Add(token);
    }

    // How many of the places that a key has on the two sides its merged record takes.
    private int PlacesOf(string key, int merged)
    {
        var client = files.Client[key].Length;
        return client >= merged ? merged : Math.Min(merged, Math.Max(client, files.Upstream[key].Length));
    }

    private static LayoutToken[] Without(LayoutToken[] tokens, HashSet<int> numbers) => numbers.Count == 0 ? tokens : [.. tokens.Where(token => !numbers.Contains(token.Number))];

    // The version, with the records that the model has as well in the model's order.
    private static LayoutToken[] InOrderOf(LayoutToken[] model, LayoutToken[] version)
    {
        var common = version.Where(token => token.Kind == TokenKind.Record).Select(token => token.Number).ToHashSet();
        common.IntersectWith(model.Select(token => token.Number));
        var ordered = new Queue<LayoutToken>(model.Where(token => common.Contains(token.Number)));
        return [.. version.Select(token => common.Contains(token.Number) ? ordered.Dequeue() : token)];
    }

    // Which record stands where, and not what it says: what its fields are is no part of this dispute.
    private byte[]? Names(LayoutToken[] tokens)
    {
        var named = tokens.Where(token => token.Kind == TokenKind.Record && files.Versions(token.Key) is { } versions && (versions.Client.Any(IsWritten) || versions.Upstream.Any(IsWritten)));
        return RecordVersions.Lines([.. named.Select(token => format.NameOf(token.Key))]);

        static bool IsWritten(string text) => text.Length > 0;
    }

    // What a side has in a gap: the pieces, and where each stands.
    private readonly record struct GapContent(List<LayoutToken> Tokens, List<BaseSpan> Spans);
}
