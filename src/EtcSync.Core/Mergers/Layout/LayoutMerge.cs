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
    private readonly HashSet<int> _inLead = [];
    private bool _clientLeads;

    /// <summary>The texts of the merged file, in order.</summary>
    public IReadOnlyList<string> Run()
    {
        var (ancestor, client, upstream) = (_numbers.Read(files.Base), _numbers.Read(files.Client), _numbers.Read(files.Upstream));
        _clientLeads = TokenOrder.Moved(upstream, ancestor).Count == 0 && TokenOrder.Moved(client, ancestor).Count > 0;
        var lead = Lead(ancestor, client, upstream);
        var other = _clientLeads ? upstream : client;

        // What the lead moved stands where the lead has it; elsewhere it is not looked for.
        var moved = TokenOrder.Moved(lead, ancestor);
        moved.UnionWith(TokenOrder.Moved(lead, Without(other, moved)));
        other = Without(other, moved);
        ancestor = Without(ancestor, moved);
        ancestor = Without(ancestor, TokenOrder.Moved(other, ancestor));

        foreach (var token in lead) _inLead.Add(token.Number);
        Arrange(ancestor, lead, other);
        return _texts;
    }

    private LayoutToken[] Lead(LayoutToken[] ancestor, LayoutToken[] client, LayoutToken[] upstream)
    {
        var (lead, other) = _clientLeads ? (client, upstream) : (upstream, client);
        if (!format.OrderMatters || TokenOrder.Moved(lead, Without(other, TokenOrder.Moved(lead, ancestor))).Count == 0) return lead;

        var common = client.Select(token => token.Number).Intersect(upstream.Select(token => token.Number)).ToHashSet();
        var dispute = new RecordDispute(OrderName, "Both sides put records in another order.", Names(ancestor, common), Names(client, common), Names(upstream, common));
        var answer = disputes.Ask(dispute);
        if (answer is DisputeAnswer.Replace) disputes.Refuse(dispute, "It can be settled as one of the versions has it, and not with lines.");
        _clientLeads = answer is DisputeAnswer.Take { Side: DisputeSide.Client };
        return answer switch
        {
            DisputeAnswer.Take { Side: DisputeSide.Client } => client,
            DisputeAnswer.Take { Side: DisputeSide.Base } => InOrderOf(ancestor, upstream),
            _ => upstream,
        };
    }

    private void Arrange(LayoutToken[] ancestor, LayoutToken[] lead, LayoutToken[] other)
    {
        var inLead = TokenAlignment.Of(ancestor, lead, _numbers.Count);
        var inOther = TokenAlignment.Of(ancestor, other, _numbers.Count);
        var (leadHas, otherHas) = (Partnered(inLead, lead.Length), Partnered(inOther, other.Length));
        // The edges are in all versions, so that there is a first piece and a last.
        var (i, j) = (1, 1);
        for (var k = 1; k < ancestor.Length; k++)
        {
            if (inLead[k] < 0 || inOther[k] < 0) continue;
            Fill(Kept(lead, i, inLead[k], leadHas), Kept(other, j, inOther[k], otherHas));
            Add(ancestor[k]);
            (i, j) = (inLead[k] + 1, inOther[k] + 1);
        }
    }

    // What each side has in a gap and the base has not, and the records whose fate is decided already.
    private static List<LayoutToken> Kept(LayoutToken[] tokens, int start, int end, bool[] inBase)
    {
        var kept = new List<LayoutToken>();
        for (var i = start; i < end; i++)
        {
            if (tokens[i].Kind == TokenKind.Record || !inBase[i]) kept.Add(tokens[i]);
        }

        return kept;
    }

    private void Fill(List<LayoutToken> lead, List<LayoutToken> other)
    {
        if (lead.Count == 0 && other.Count == 0) return;
        var partners = TokenAlignment.Of(lead, other, _numbers.Count);
        var (i, j) = (0, 0);
        for (var k = 0; k <= lead.Count; k++)
        {
            var partner = k == lead.Count ? other.Count : partners[k];
            if (partner < 0) continue;
            AddBoth(lead, i, k, other, j, partner);
            if (k < lead.Count) Add(lead[k]);
            (i, j) = (k + 1, partner + 1);
        }
    }

    private void AddBoth(List<LayoutToken> lead, int start, int end, List<LayoutToken> other, int otherStart, int otherEnd)
    {
        if (_clientLeads) AddOthers(other, otherStart, otherEnd);
        for (var i = start; i < end; i++) Add(lead[i]);
        if (!_clientLeads) AddOthers(other, otherStart, otherEnd);
    }

    private void AddOthers(List<LayoutToken> other, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            // A record that the lead has as well, in another gap, stands there.
            if (other[i].Kind != TokenKind.Record || !_inLead.Contains(other[i].Number)) Add(other[i]);
        }
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
        // The last place that there is for the key takes what has no place of its own.
        var last = Math.Max(files.Client[token.Key].Length, files.Upstream[token.Key].Length) - 1;
        var end = token.Occurrence == last ? texts.Length : Math.Min(token.Occurrence + 1, texts.Length);
        for (var i = token.Occurrence; i < end; i++)
        {
            if (texts[i].Length > 0) _texts.Add(texts[i]);
        }
    }

    private static bool[] Partnered(int[] partners, int count)
    {
        var partnered = new bool[count];
        foreach (var partner in partners)
        {
            if (partner >= 0) partnered[partner] = true;
        }

        return partnered;
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
    private byte[] Names(LayoutToken[] tokens, HashSet<int> common) =>
        FileText.Encode(string.Concat(tokens.Where(token => common.Contains(token.Number) && IsNamed(token)).Select(token => $"{format.NameOf(token.Key)}\n")));

    private bool IsNamed(LayoutToken token) => token.Kind == TokenKind.Record && records[token.Key].Any(text => text.Length > 0);
}
