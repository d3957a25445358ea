namespace EtcSync.Core.Text;

/// <summary>
/// Where to cut a box in two.
/// </summary>
/// <param name="Left">The first left line below the cut.</param>
/// <param name="Right">The first right line below the cut.</param>
/// <param name="ThoroughAbove">Whether the part above is to be searched without giving up early.</param>
/// <param name="ThoroughBelow">The same for the part below.</param>
internal readonly record struct Middle(int Left, int Right, bool ThoroughAbove, bool ThoroughBelow);

/// <summary>
/// Finds a point on a shortest path through a box of Myers' edit graph: one search runs from the upper left corner, one
/// from the lower right, a step of cost each in turn, until they meet on a diagonal. Where that takes too long it
/// settles for a promising point, by git's rules for when and which.
/// </summary>
internal sealed class MiddleSearch
{
    /// <summary>A run of equal lines this long is a sign of being on the right path.</summary>
    private const int LongRun = 20;

    /// <summary>Below this cost the search never settles for less than a shortest path.</summary>
    private const int Patience = 256;

    private readonly int[] _a;
    private readonly int[] _b;
    private readonly WorkBudget _budget;
    private readonly int _costLimit;

    // The furthest left line reached on each diagonal (left minus right line), from above and from below. The origin
    // makes every diagonal, and one more on either side, an index.
    private readonly int[] _down;
    private readonly int[] _up;
    private readonly int _origin;
    private Box _box;
    private Span _downSpan;
    private Span _upSpan;

    public MiddleSearch(int[] a, int[] b, WorkBudget budget)
    {
        _a = a;
        _b = b;
        _budget = budget;
        var diagonals = a.Length + b.Length + 3;
        _costLimit = Math.Max(MyersDiff.RoughRoot(diagonals), Patience);
        _down = new int[diagonals];
        _up = new int[diagonals];
        _origin = b.Length + 1;
    }

    /// <summary>The box without the lines that both sides begin and end with.</summary>
    public Box Shrink(Box box)
    {
        var (top, bottom) = (0, 0);
        var room = Math.Min(box.LeftEnd - box.LeftStart, box.RightEnd - box.RightStart);
        while (top < room && _a[box.LeftStart + top] == _b[box.RightStart + top]) top++;
        while (top + bottom < room && _a[box.LeftEnd - bottom - 1] == _b[box.RightEnd - bottom - 1]) bottom++;
        return new Box(box.LeftStart + top, box.LeftEnd - bottom, box.RightStart + top, box.RightEnd - bottom);
    }

    /// <summary>Where to cut a box that has lines on both sides.</summary>
    public Middle Find(Box box, bool thorough)
    {
        _box = box;
        var fromAbove = box.LeftStart - box.RightStart;
        var fromBelow = box.LeftEnd - box.RightEnd;
        // The two searches can only meet in a downward step if their diagonals differ in parity, else in an upward one.
        var meetsGoingDown = ((fromAbove - fromBelow) & 1) != 0;
        _downSpan = new Span(fromAbove, fromAbove);
        _upSpan = new Span(fromBelow, fromBelow);
        _down[_origin + fromAbove] = box.LeftStart;
        _up[_origin + fromBelow] = box.LeftEnd;

        for (var cost = 1; ; cost++)
        {
            var sawLongRun = false;
            if (StepDown(meetsGoingDown, ref sawLongRun) is { } met) return met;
            if (StepUp(!meetsGoingDown, ref sawLongRun) is { } metAbove) return metAbove;
            _budget.Spend(_downSpan.High - _downSpan.Low + _upSpan.High - _upSpan.Low);
            // A spent budget cuts anywhere: the caller marks both parts as changed.
            if (_budget.IsSpent) return new Middle(box.LeftStart, box.RightStart, false, false);
            if (thorough) continue;
            if (sawLongRun && cost > Patience && Promising(cost, fromAbove, fromBelow) is { } promising) return promising;
            if (cost >= _costLimit) return Furthest();
        }
    }

    private Middle? StepDown(bool canMeet, ref bool sawLongRun)
    {
        _downSpan = Widen(_downSpan, _down, -1);
        for (var d = _downSpan.High; d >= _downSpan.Low; d -= 2)
        {
            var (before, after) = (_down[_origin + d - 1], _down[_origin + d + 1]);
            var start = before >= after ? before + 1 : after;
            var left = start;
            while (left < _box.LeftEnd && left - d < _box.RightEnd && _a[left] == _b[left - d]) left++;
            _budget.Spend(left - start);
            sawLongRun |= left - start > LongRun;
            _down[_origin + d] = left;
            if (canMeet && _upSpan.Contains(d) && _up[_origin + d] <= left) return new Middle(left, left - d, true, true);
        }

        return null;
    }

    private Middle? StepUp(bool canMeet, ref bool sawLongRun)
    {
        _upSpan = Widen(_upSpan, _up, int.MaxValue);
        for (var d = _upSpan.High; d >= _upSpan.Low; d -= 2)
        {
            var (before, after) = (_up[_origin + d - 1], _up[_origin + d + 1]);
            var start = before < after ? before : after - 1;
            var left = start;
            while (left > _box.LeftStart && left - d > _box.RightStart && _a[left - 1] == _b[left - d - 1]) left--;
            _budget.Spend(start - left);
            sawLongRun |= start - left > LongRun;
            _up[_origin + d] = left;
            if (canMeet && _downSpan.Contains(d) && left <= _down[_origin + d]) return new Middle(left, left - d, true, true);
        }

        return null;
    }

    /// <summary>
    /// One more diagonal on either side, as far as the box reaches; at its edge one less, which keeps the parity. The
    /// diagonals just outside are given a value that no path comes from.
    /// </summary>
    private Span Widen(Span span, int[] reached, int unreached)
    {
        var (low, high) = (span.Low, span.High);
        if (low > _box.LeftStart - _box.RightEnd) reached[_origin + --low - 1] = unreached;
        else low++;
        if (high < _box.LeftEnd - _box.RightStart) reached[_origin + ++high + 1] = unreached;
        else high--;
        return new Span(low, high);
    }

    /// <summary>A point that is far along for its cost and stands at the end of a long run of equal lines.</summary>
    private Middle? Promising(int cost, int fromAbove, int fromBelow)
    {
        Middle? found = null;
        var best = 4 * cost;
        for (var d = _downSpan.High; d >= _downSpan.Low; d -= 2)
        {
            var left = _down[_origin + d];
            var right = left - d;
            var progress = left - _box.LeftStart + right - _box.RightStart - Math.Abs(d - fromAbove);
            if (progress <= best) continue;
            if (left < _box.LeftStart + LongRun || left >= _box.LeftEnd || right < _box.RightStart + LongRun || right >= _box.RightEnd) continue;
            if (!_a.AsSpan(left - LongRun, LongRun).SequenceEqual(_b.AsSpan(right - LongRun, LongRun))) continue;
            (best, found) = (progress, new Middle(left, right, true, false));
        }

        if (found is not null) return found;
        for (var d = _upSpan.High; d >= _upSpan.Low; d -= 2)
        {
            var left = _up[_origin + d];
            var right = left - d;
            var progress = _box.LeftEnd - left + _box.RightEnd - right - Math.Abs(d - fromBelow);
            if (progress <= best) continue;
            if (left <= _box.LeftStart || left > _box.LeftEnd - LongRun || right <= _box.RightStart || right > _box.RightEnd - LongRun) continue;
            if (!_a.AsSpan(left, LongRun).SequenceEqual(_b.AsSpan(right, LongRun))) continue;
            (best, found) = (progress, new Middle(left, right, false, true));
        }

        return found;
    }

    /// <summary>The point furthest along of either search; only the part that the search has walked is cheap to search thoroughly.</summary>
    private Middle Furthest()
    {
        var (deepest, deepestLeft) = (-1, -1);
        for (var d = _downSpan.High; d >= _downSpan.Low; d -= 2)
        {
            var left = Math.Min(Math.Min(_down[_origin + d], _box.LeftEnd), _box.RightEnd + d);
            if (deepest < left + left - d) (deepest, deepestLeft) = (left + left - d, left);
        }

        var (highest, highestLeft) = (int.MaxValue, int.MaxValue);
        for (var d = _upSpan.High; d >= _upSpan.Low; d -= 2)
        {
            var left = Math.Max(Math.Max(_up[_origin + d], _box.LeftStart), _box.RightStart + d);
            if (left + left - d < highest) (highest, highestLeft) = (left + left - d, left);
        }

        var walkedUp = _box.LeftEnd + _box.RightEnd - highest;
        var walkedDown = deepest - (_box.LeftStart + _box.RightStart);
        return walkedUp < walkedDown
            ? new Middle(deepestLeft, deepest - deepestLeft, true, false)
            : new Middle(highestLeft, highest - highestLeft, false, true);
    }

    /// <summary>A range of diagonals, every other one of which is in use.</summary>
    private readonly record struct Span(int Low, int High)
    {
        public bool Contains(int diagonal) => Low <= diagonal && diagonal <= High;
    }
}
