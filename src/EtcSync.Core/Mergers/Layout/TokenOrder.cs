namespace EtcSync.Core.Mergers.Layout;

/// <summary>Compares the order of what two versions have in common. Only records are looked at: they are unique.</summary>
internal static class TokenOrder
{
    /// <summary>The numbers of those that would have to move for both to have the same order: as few as possible.</summary>
    public static HashSet<int> Moved(IReadOnlyList<LayoutToken> one, IReadOnlyList<LayoutToken> other)
    {
        var places = new Dictionary<int, int>(other.Count);
        for (var i = 0; i < other.Count; i++)
        {
            if (other[i].Kind == TokenKind.Record) places[other[i].Number] = i;
        }

        var common = one.Where(token => token.Kind == TokenKind.Record && places.ContainsKey(token.Number)).Select(token => token.Number).ToArray();
        var moved = new HashSet<int>();
        if (Ascends(common, places)) return moved;
        moved.UnionWith(common);
        foreach (var index in LongestAscending([.. common.Select(number => places[number])])) moved.Remove(common[index]);
        return moved;
    }

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
