namespace EtcSync.Core.Text;

/// <summary>
/// Marks what differs by E. W. Myers' algorithm ("An O(ND) Difference Algorithm and Its Variations", 1986, the
/// linear-space form) for the boxes in which every common line is too frequent for <see cref="HistogramDiff"/>.
/// </summary>
/// <remarks>
/// Like git, it first leaves out what both boxes begin and end with, and counts as changed, without searching, lines
/// that the other file has not, and very frequent lines that stand among such lines.
/// </remarks>
internal sealed class MyersDiff
{
    /// <summary>How far around a frequent line its surroundings are judged.</summary>
    private const int Window = 100;

    /// <summary>More occurrences than this make a line frequent in any file.</summary>
    private const int FrequentAnywhere = 1024;

    private readonly DiffSide _left;
    private readonly DiffSide _right;
    private readonly WorkBudget _budget;
    private readonly int[] _inLeft;
    private readonly int[] _inRight;

    public MyersDiff(DiffSide left, DiffSide right, int distinct, WorkBudget budget)
    {
        _left = left;
        _right = right;
        _budget = budget;
        _inLeft = new int[distinct];
        _inRight = new int[distinct];
    }

    private enum Worth : byte
    {
        /// <summary>The other file has no such line.</summary>
        Unmatched,
        Useful,
        /// <summary>The other file has very many of it.</summary>
        Frequent,
    }

    /// <summary>Sets <see cref="DiffSide.Changed"/> inside one box.</summary>
    public void MarkChanges(Box box)
    {
        var (a, b) = (_left.Lines, _right.Lines);
        for (var i = box.LeftStart; i < box.LeftEnd; i++) _inLeft[a[i]]++;
        for (var i = box.RightStart; i < box.RightEnd; i++) _inRight[b[i]]++;

        var inner = Trim(box);
        var left = Choose(_left, inner.LeftStart, inner.LeftEnd, _inRight, FrequencyLimit(box.LeftEnd - box.LeftStart));
        var right = Choose(_right, inner.RightStart, inner.RightEnd, _inLeft, FrequencyLimit(box.RightEnd - box.RightStart));

        for (var i = box.LeftStart; i < box.LeftEnd; i++) _inLeft[a[i]] = 0;
        for (var i = box.RightStart; i < box.RightEnd; i++) _inRight[b[i]] = 0;

        Search(left, right);
    }

    /// <summary>A power of two near the square root, which is all the precision that the limits need (and the one git uses).</summary>
    internal static int RoughRoot(int n)
    {
        var root = 1;
        for (; n > 0; n >>= 2) root <<= 1;
        return root;
    }

    private static int FrequencyLimit(int lines) => Math.Min(RoughRoot(lines), FrequentAnywhere);

    private Box Trim(Box box)
    {
        var (leftStart, leftEnd, rightStart, rightEnd) = box;
        while (leftStart < leftEnd && rightStart < rightEnd && _left.Lines[leftStart] == _right.Lines[rightStart])
        {
            leftStart++;
            rightStart++;
        }

        while (leftStart < leftEnd && rightStart < rightEnd && _left.Lines[leftEnd - 1] == _right.Lines[rightEnd - 1])
        {
            leftEnd--;
            rightEnd--;
        }

        return new Box(leftStart, leftEnd, rightStart, rightEnd);
    }

    /// <summary>The lines worth comparing; the others are marked as changed.</summary>
    private static Chosen Choose(DiffSide side, int start, int end, int[] inOther, int limit)
    {
        var worth = new Worth[end - start];
        for (var i = 0; i < worth.Length; i++)
        {
            var partners = inOther[side.Lines[start + i]];
            worth[i] = partners == 0 ? Worth.Unmatched : partners >= limit ? Worth.Frequent : Worth.Useful;
        }

        var kept = new List<int>(worth.Length);
        for (var i = 0; i < worth.Length; i++)
        {
            if (worth[i] == Worth.Useful || (worth[i] == Worth.Frequent && !StandsAmongUnmatched(worth, i))) kept.Add(start + i);
            else side.Changed[start + i] = true;
        }

        var positions = kept.ToArray();
        return new Chosen(side, positions, Array.ConvertAll(positions, p => side.Lines[p]));
    }

    /// <summary>
    /// Whether a frequent line is part of a stretch, up to the nearest useful lines, that has unmatched lines on both
    /// sides of it and more than three of them for each frequent one.
    /// </summary>
    private static bool StandsAmongUnmatched(Worth[] worth, int at)
    {
        var (unmatchedAbove, frequentAbove) = CountStretch(worth, at, -1);
        if (unmatchedAbove == 0) return false;
        var (unmatchedBelow, frequentBelow) = CountStretch(worth, at, 1);
        if (unmatchedBelow == 0) return false;
        // Each direction counts the line itself.
        var frequent = frequentAbove + frequentBelow + 2;
        return frequent * 4 < frequent + unmatchedAbove + unmatchedBelow;
    }

    private static (int Unmatched, int Frequent) CountStretch(Worth[] worth, int at, int step)
    {
        var (unmatched, frequent) = (0, 0);
        for (var distance = 1; distance <= Window; distance++)
        {
            var i = at + (distance * step);
            if (i < 0 || i >= worth.Length || worth[i] == Worth.Useful) break;
            if (worth[i] == Worth.Unmatched) unmatched++;
            else frequent++;
        }

        return (unmatched, frequent);
    }

    private void Search(Chosen left, Chosen right)
    {
        var search = new MiddleSearch(left.Numbers, right.Numbers, _budget);
        var open = new Stack<(Box Box, bool Thorough)>();
        open.Push((new Box(0, left.Numbers.Length, 0, right.Numbers.Length), false));
        while (open.TryPop(out var next))
        {
            var box = search.Shrink(next.Box);
            if (box.LeftStart == box.LeftEnd || box.RightStart == box.RightEnd || _budget.IsSpent)
            {
                left.Mark(box.LeftStart, box.LeftEnd);
                right.Mark(box.RightStart, box.RightEnd);
                continue;
            }

            var middle = search.Find(box, next.Thorough);
            open.Push((box with { LeftEnd = middle.Left, RightEnd = middle.Right }, middle.ThoroughAbove));
            open.Push((box with { LeftStart = middle.Left, RightStart = middle.Right }, middle.ThoroughBelow));
        }
    }

    private sealed record Chosen(DiffSide Side, int[] Positions, int[] Numbers)
    {
        public void Mark(int start, int end)
        {
            for (var i = start; i < end; i++) Side.Changed[Positions[i]] = true;
        }
    }
}
