using EtcSync.Core.Text;

namespace EtcSync.Benchmarks.Replay;

/// <summary>
/// Makes in one text the change that was made in another version of it, where anybody would make it in the same place: the lines
/// that it replaces are there, side by side; and where it only adds lines, what stands above and below them there, as far as both
/// versions have it, stands side by side here (the beginning and the end count as well). This is no merge, and shares no rule
/// with one: where it is not certain, there is no right answer to measure a merge by.
/// </summary>
internal static class LinePatch
{
    private const int Nowhere = -1;

    /// <summary>The patched text, or null where it is not certain.</summary>
    /// <param name="before">The version before the change.</param>
    /// <param name="after">The version after the change.</param>
    /// <param name="onto">The version to be changed.</param>
    public static byte[]? Apply(byte[] before, byte[] after, byte[] onto)
    {
        if (TextMerge.IsBinary(before) || TextMerge.IsBinary(after) || TextMerge.IsBinary(onto)) return null;
        var interner = new LineInterner();
        var (from, to, target) = (interner.Read(before), interner.Read(after), interner.Read(onto));
        var places = Places(from, target, interner.Distinct);
        var patched = new List<byte>();
        var done = 0;
        foreach (var change in LineDiff.Compute(from, to, interner.Distinct))
        {
            if (StartOf(change, places) is not { } start || start < done) return null;
            patched.AddRange(target.Between(done, start));
            patched.AddRange(to.Between(change.AfterStart, change.AfterEnd));
            done = start + change.BeforeCount;
        }

        patched.AddRange(target.Between(done, target.Count));
        return [.. patched];
    }

    // The first line of the target that the change replaces, or before which it adds.
    private static int? StartOf(LineChange change, int[] places)
    {
        if (change.BeforeCount > 0)
        {
            var first = places[change.BeforeStart + 1];
            for (var i = 0; i < change.BeforeCount; i++)
            {
                if (first == Nowhere || places[change.BeforeStart + 1 + i] != first + i) return null;
            }

            return first - 1;
        }

        var (above, below) = (change.BeforeStart, change.BeforeStart + 1);
        while (places[above] == Nowhere) above--;
        while (places[below] == Nowhere) below++;
        return places[below] == places[above] + 1 ? places[above] : null;
    }

    // For every line, counted from 1, the line of the target that it is. The beginning is line 0 of both, the end is the line after the last.
    private static int[] Places(TextLines from, TextLines target, int distinct)
    {
        var places = new int[from.Count + 2];
        Array.Fill(places, Nowhere);
        var (line, shift) = (0, 0);
        foreach (var change in LineDiff.Compute(from, target, distinct))
        {
            for (; line < change.BeforeStart; line++) places[line + 1] = line + 1 + shift;
            line = change.BeforeEnd;
            shift = change.AfterEnd - change.BeforeEnd;
        }

        for (; line < from.Count; line++) places[line + 1] = line + 1 + shift;
        places[0] = 0;
        places[^1] = target.Count + 1;
        return places;
    }
}
