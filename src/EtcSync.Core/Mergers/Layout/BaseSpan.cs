namespace EtcSync.Core.Mergers.Layout;

/// <summary>What of the base a piece of a version stands in place of: what lies between the nearest pieces before and after it that are in the base.</summary>
/// <param name="Start">The first piece of the base, by its index.</param>
/// <param name="End">The one after the last; the same as <paramref name="Start"/> where nothing is missing.</param>
/// <param name="IsInBase">Whether the piece itself is in the base.</param>
internal readonly record struct BaseSpan(int Start, int End, bool IsInBase)
{
    /// <summary>The span of each piece of a version.</summary>
    /// <param name="partners">For each piece of the base where it is in the version, -1 if it is not there; ascending. The first and the last are.</param>
    /// <param name="count">The number of pieces of the version.</param>
    public static BaseSpan[] Of(int[] partners, int count)
    {
        var spans = new BaseSpan[count];
        var (previous, piece) = (-1, 0);
        for (var k = 0; k < partners.Length; k++)
        {
            if (partners[k] < 0) continue;
            for (; piece < partners[k]; piece++) spans[piece] = new(previous + 1, k, IsInBase: false);
            spans[piece++] = new(k, k + 1, IsInBase: true);
            previous = k;
        }

        return spans;
    }

    /// <summary>Whether it comes before the other in the base. Neither does if they overlap, or stand at the same place.</summary>
    public bool IsBefore(BaseSpan other) => End <= other.Start && (Start < other.Start || End < other.End);
}
