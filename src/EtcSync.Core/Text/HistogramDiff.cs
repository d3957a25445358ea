namespace EtcSync.Core.Text;

/// <summary>
/// Marks what differs between two files by the histogram algorithm (an extension of Bram Cohen's patience diff that
/// JGit introduced and git took over; git's merges use it): the run of common lines that holds the rarest line is
/// taken to be common, and what lies above and below it is compared in the same way.
/// </summary>
/// <remarks>
/// The tie-breaks are git's, because a merge that differs from git's by one line is a different merge: lines of the
/// right file are tried in order, each against its occurrences in the left file in order; a run replaces the best one
/// if it is longer or if its rarest line is rarer; the right file is then read on from where the longest run ended.
/// </remarks>
internal sealed class HistogramDiff
{
    /// <summary>Lines that occur more often than this say nothing about what belongs together.</summary>
    private const int MaxOccurrences = 64;

    private readonly DiffSide _left;
    private readonly DiffSide _right;
    private readonly int _distinct;
    private readonly WorkBudget _budget;
    private readonly Stack<Box> _open = new();

    // The index of the box at hand: per line number the first occurrence in the left file (plus one, 0 is none) and how
    // many there are; per left line the next occurrence of the same line, -1 at the end.
    private readonly int[] _first;
    private readonly int[] _occurrences;
    private readonly int[] _next;
    private MyersDiff? _myers;

    public HistogramDiff(DiffSide left, DiffSide right, int distinct, WorkBudget budget)
    {
        _left = left;
        _right = right;
        _distinct = distinct;
        _budget = budget;
        _first = new int[distinct];
        _occurrences = new int[distinct];
        _next = new int[left.Count];
    }

    /// <summary>Sets <see cref="DiffSide.Changed"/> on both sides.</summary>
    public void MarkChanges()
    {
        // A list of open boxes instead of recursion: a file can be made that nests as deep as it has lines.
        _open.Push(new Box(0, _left.Count, 0, _right.Count));
        while (_open.TryPop(out var box))
        {
            if (box.LeftStart == box.LeftEnd || box.RightStart == box.RightEnd || _budget.IsSpent) MarkAll(box);
            else Divide(box);
        }
    }

    private void Divide(Box box)
    {
        _budget.Spend(box.LeftEnd - box.LeftStart + box.RightEnd - box.RightStart);
        Index(box);
        var found = Search(box);
        for (var i = box.LeftStart; i < box.LeftEnd; i++) _first[_left.Lines[i]] = _occurrences[_left.Lines[i]] = 0;

        if (found.OnlyFrequent)
        {
            _myers ??= new MyersDiff(_left, _right, _distinct, _budget);
            _myers.MarkChanges(box);
        }
        else if (found.Run is { } run)
        {
            _open.Push(new Box(box.LeftStart, run.LeftStart, box.RightStart, run.RightStart));
            _open.Push(new Box(run.LeftEnd, box.LeftEnd, run.RightEnd, box.RightEnd));
        }
        else
        {
            MarkAll(box);
        }
    }

    private void MarkAll(Box box)
    {
        _left.MarkChanged(box.LeftStart, box.LeftEnd);
        _right.MarkChanged(box.RightStart, box.RightEnd);
    }

    private void Index(Box box)
    {
        // From the end, so that the occurrences of a line are chained in the order of the file.
        for (var i = box.LeftEnd - 1; i >= box.LeftStart; i--)
        {
            var number = _left.Lines[i];
            _next[i] = _first[number] - 1;
            _first[number] = i + 1;
            _occurrences[number]++;
        }
    }

    private (Box? Run, bool OnlyFrequent) Search(Box box)
    {
        Box? best = null;
        var bestLength = 1;
        var rarest = MaxOccurrences + 1;
        var anyCommon = false;
        for (var right = box.RightStart; right < box.RightEnd;)
        {
            var resume = right + 1;
            var number = _right.Lines[right];
            var occurrences = _occurrences[number];
            anyCommon |= occurrences > 0;
            if (occurrences > 0 && occurrences <= rarest)
            {
                for (var left = _first[number] - 1; left >= 0;)
                {
                    var (run, rarity) = Extend(box, left, right, occurrences);
                    resume = Math.Max(resume, run.RightEnd);
                    var length = run.LeftEnd - run.LeftStart;
                    if (length > bestLength || rarity < rarest) (best, bestLength, rarest) = (run, length, rarity);

                    // Another occurrence inside this run could only give a part of it.
                    do left = _next[left];
                    while (left >= 0 && left < run.LeftEnd);
                }
            }

            right = resume;
        }

        return (best, anyCommon && rarest > MaxOccurrences);
    }

    /// <summary>The longest run of common lines through one pair of equal lines, and how often its rarest line occurs.</summary>
    private (Box Run, int Rarity) Extend(Box box, int left, int right, int rarity)
    {
        var (a, b) = (_left.Lines, _right.Lines);
        var above = 0;
        while (left - above > box.LeftStart && right - above > box.RightStart && a[left - above - 1] == b[right - above - 1])
        {
            above++;
            rarity = Math.Min(rarity, _occurrences[a[left - above]]);
        }

        var below = 1;
        while (left + below < box.LeftEnd && right + below < box.RightEnd && a[left + below] == b[right + below])
        {
            rarity = Math.Min(rarity, _occurrences[a[left + below]]);
            below++;
        }

        _budget.Spend(above + below);
        return (new Box(left - above, left + below, right - above, right + below), rarity);
    }
}

/// <summary>A part of both files: lines from each start up to, not including, each end.</summary>
internal readonly record struct Box(int LeftStart, int LeftEnd, int RightStart, int RightEnd);
