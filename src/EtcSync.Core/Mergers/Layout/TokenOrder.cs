namespace EtcSync.Core.Mergers.Layout;

/// <summary>Compares the order of what two versions have in common. Only records are looked at: they are unique.</summary>
internal static class TokenOrder
{
    /// <summary>The numbers of those that would have to move for both to have the same order: as few as possible.</summary>
    public static HashSet<int> Moved(LayoutToken[] one, LayoutToken[] other)
    {
        var places = Places(other);
        var moved = new HashSet<int>();
        if (Ascends(one, places)) return moved;
        var common = Common(one, places);
        moved.UnionWith(common);
        foreach (var index in LongestAscending([.. common.Select(number => places[number])])) moved.Remove(common[index]);
        return moved;
    }

    /// <summary>The numbers of those that both versions have, and the base has not, and that do not stand in the same order to all the others.</summary>
    public static HashSet<int> MovedNew(LayoutToken[] one, LayoutToken[] other, LayoutToken[] ancestor)
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

        moved.RemoveWhere(number => IsIn(known, number));
        return moved;
    }

    // Where each record is, by its number; -1 where it is not. There are about as many numbers as pieces.
    private static int[] Places(LayoutToken[] tokens)
    {
        var highest = -1;
        foreach (ref readonly var token in tokens.AsSpan()) highest = Math.Max(highest, token.Number);
        var places = new int[highest + 1];
        Array.Fill(places, -1);
        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].Kind == TokenKind.Record) places[tokens[i].Number] = i;
        }

        return places;
    }

    private static bool IsIn(int[] places, int number) => number < places.Length && places[number] >= 0;

    private static int[] Common(LayoutToken[] tokens, int[] places) =>
        [.. tokens.Where(token => token.Kind == TokenKind.Record && IsIn(places, token.Number)).Select(token => token.Number)];

    private static bool Ascends(LayoutToken[] tokens, int[] places)
    {
        var last = -1;
        foreach (ref readonly var token in tokens.AsSpan())
        {
            if (token.Kind != TokenKind.Record || !IsIn(places, token.Number)) continue;
            if (places[token.Number] < last) return false;
            last = places[token.Number];
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
