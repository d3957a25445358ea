namespace EtcSync.Core.Mergers.Layout;

/// <summary>Compares the order of what two versions have in common. Only records are looked at: they are unique.</summary>
internal static class TokenOrder
{
    /// <summary>The numbers of those that would have to move for both to have the same order: as few as possible.</summary>
    public static HashSet<int> Moved(IReadOnlyList<LayoutToken> one, IReadOnlyList<LayoutToken> other)
    {
        var places = Places(other);
        var common = Common(one, places);
        var moved = new HashSet<int>();
        if (Ascends(common, places)) return moved;
        moved.UnionWith(common);
        foreach (var index in LongestAscending([.. common.Select(number => places[number])])) moved.Remove(common[index]);
        return moved;
    }

    /// <summary>The numbers of those that both versions have, and the base has not, and that do not stand in the same order to all the others.</summary>
    public static HashSet<int> MovedNew(IReadOnlyList<LayoutToken> one, IReadOnlyList<LayoutToken> other, IReadOnlyList<LayoutToken> ancestor)
    {
        var (places, known) = (Places(other), Places(ancestor));
        var common = Common(one, places);
        var moved = new HashSet<int>();
        var highest = -1;
        foreach (var number in common)
        {
            if (places[number] < highest) moved.Add(number);
            highest = Math.Max(highest, places[number]);
        }

        var lowest = int.MaxValue;
        foreach (var number in Enumerable.Reverse(common))
        {
            if (places[number] > lowest) moved.Add(number);
            lowest = Math.Min(lowest, places[number]);
        }

        moved.RemoveWhere(known.ContainsKey);
        return moved;
    }

    private static Dictionary<int, int> Places(IReadOnlyList<LayoutToken> tokens)
    {
        var places = new Dictionary<int, int>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind == TokenKind.Record) places[tokens[i].Number] = i;
        }

        return places;
    }

    private static int[] Common(IReadOnlyList<LayoutToken> tokens, Dictionary<int, int> places) =>
        [.. tokens.Where(token => token.Kind == TokenKind.Record && places.ContainsKey(token.Number)).Select(token => token.Number)];

    private static bool Ascends(int[] numbers, Dictionary<int, int> places)
    {
        for (var i = 1; i < numbers.Length; i++)
        {
            if (places[numbers[i]] < places[numbers[i - 1]]) return false;
        }

        return true;
    }

    // Patience sorting: tops[n] is where the lowest end of an ascending run of length n+1 is.
    private static IEnumerable<int> LongestAscending(int[] values)
    {
        var tops = new List<int>();
        var before = new int[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            int low = 0, high = tops.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (values[tops[middle]] < values[i]) low = middle + 1;
                else high = middle;
            }

            before[i] = low == 0 ? -1 : tops[low - 1];
            if (low == tops.Count) tops.Add(i);
            else tops[low] = i;
        }

        for (var i = tops[^1]; i >= 0; i = before[i]) yield return i;
    }
}
