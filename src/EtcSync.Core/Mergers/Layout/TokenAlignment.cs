using EtcSync.Core.Text;

namespace EtcSync.Core.Mergers.Layout;

/// <summary>
/// Finds which pieces of two versions are the same piece. Records are by their keys, and must be in the same order; between them
/// comments are by comparing lines; a separator is where it stands beside something that is the same, because a blank line by
/// itself can be any blank line.
/// </summary>
internal sealed class TokenAlignment
{
    private readonly IReadOnlyList<LayoutToken> _one;
    private readonly IReadOnlyList<LayoutToken> _other;
    private readonly int[] _partners;
    private readonly bool[] _taken;

    private TokenAlignment(IReadOnlyList<LayoutToken> one, IReadOnlyList<LayoutToken> other)
    {
        (_one, _other) = (one, other);
        _partners = new int[one.Count];
        _taken = new bool[other.Count];
        Array.Fill(_partners, -1);
    }

    /// <summary>For each piece of <paramref name="one"/> where it is in <paramref name="other"/>, -1 if it is not there; ascending.</summary>
    /// <param name="one">A version, or a part of it.</param>
    /// <param name="other">Another.</param>
    public static int[] Of(IReadOnlyList<LayoutToken> one, IReadOnlyList<LayoutToken> other)
    {
        var alignment = new TokenAlignment(one, other);
        alignment.Align();
        return alignment._partners;
    }

    private void Align()
    {
        PairUnique();
        PairBetween((start, end, otherStart, otherEnd) => Compare(start, end, otherStart, otherEnd, TokenKind.Comment));
        Spread();
        // Where one side has nothing but separators, they can be the other's.
        PairBetween((start, end, otherStart, otherEnd) =>
        {
            if (IsSeparators(_one, start, end) || IsSeparators(_other, otherStart, otherEnd)) Compare(start, end, otherStart, otherEnd, TokenKind.Separator);
        });
    }

    private void PairUnique()
    {
        var places = new Dictionary<int, int>(_other.Count);
        for (var i = 0; i < _other.Count; i++)
        {
            if (_other[i].IsUnique) places[_other[i].Number] = i;
        }

        var next = 0;
        for (var i = 0; i < _one.Count; i++)
        {
            if (!_one[i].IsUnique || !places.TryGetValue(_one[i].Number, out var place) || place < next) continue;
            Pair(i, place);
            next = place + 1;
        }
    }

    // Goes through the stretches without pairs that both sides have something in.
    private void PairBetween(Action<int, int, int, int> pair)
    {
        var (start, otherStart) = (0, 0);
        for (var i = 0; i <= _one.Count; i++)
        {
            var place = i == _one.Count ? _other.Count : _partners[i];
            if (place < 0) continue;
            if (start < i && otherStart < place) pair(start, i, otherStart, place);
            (start, otherStart) = (i + 1, place + 1);
        }
    }

    private void Compare(int start, int end, int otherStart, int otherEnd, TokenKind kind)
    {
        var (left, right) = (Select(_one, start, end, kind), Select(_other, otherStart, otherEnd, kind));
        if (left.Count == 0 || right.Count == 0) return;
        var (i, j) = (0, 0);
        // Numbers of their own: what a comparison costs follows the highest one, and there can be as many comparisons as records.
        var numbers = new Dictionary<int, int>();
        var changes = LineDiff.Compute(Numbers(_one, left, numbers), Numbers(_other, right, numbers), numbers.Count);
        foreach (var change in changes.Append(new(left.Count, 0, right.Count, 0)))
        {
            while (i < change.BeforeStart) Pair(left[i++], right[j++]);
            (i, j) = (change.BeforeEnd, change.AfterEnd);
        }
    }

    // Separators are the same where they stand beside something that is.
    private void Spread()
    {
        for (var i = 0; i < _one.Count; i++)
        {
            if (_partners[i] < 0) continue;
            for (int left = i - 1, right = _partners[i] - 1; IsFreePair(left, right); left--, right--) Pair(left, right);
        }

        for (var i = 0; i < _one.Count; i++)
        {
            if (_partners[i] >= 0 && IsFreePair(i + 1, _partners[i] + 1)) Pair(i + 1, _partners[i] + 1);
        }
    }

    private bool IsFreePair(int left, int right) =>
        left >= 0 && left < _one.Count && right >= 0 && right < _other.Count && _partners[left] < 0 && !_taken[right]
        && _one[left].Kind == TokenKind.Separator && _one[left].Number == _other[right].Number;

    private static bool IsSeparators(IReadOnlyList<LayoutToken> tokens, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (tokens[i].Kind != TokenKind.Separator) return false;
        }

        return true;
    }

    private void Pair(int left, int right)
    {
        _partners[left] = right;
        _taken[right] = true;
    }

    private static int[] Numbers(IReadOnlyList<LayoutToken> tokens, List<int> places, Dictionary<int, int> numbers)
    {
        var result = new int[places.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var token = tokens[places[i]].Number;
            if (!numbers.TryGetValue(token, out result[i])) numbers.Add(token, result[i] = numbers.Count);
        }

        return result;
    }

    private static List<int> Select(IReadOnlyList<LayoutToken> tokens, int start, int end, TokenKind kind)
    {
        var places = new List<int>();
        for (var i = start; i < end; i++)
        {
            if (tokens[i].Kind == kind) places.Add(i);
        }

        return places;
    }
}
