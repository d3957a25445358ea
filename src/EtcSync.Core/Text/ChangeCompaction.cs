namespace EtcSync.Core.Text;

/// <summary>
/// Moves groups of changed lines to where git puts them. A group whose first line equals the line below it (or whose
/// last equals the line above) can stand in more than one place with the same meaning; where it stands decides what it
/// touches in a merge. git slides each group up, then down, as far as it goes, joining the groups it meets, and leaves
/// it at the lowest place, or at the lowest where it stands beside a change of the other file, if there is one.
/// </summary>
internal static class ChangeCompaction
{
    /// <summary>Moves the groups of <paramref name="side"/>; <paramref name="other"/> is only read.</summary>
    public static void Compact(DiffSide side, DiffSide other, WorkBudget budget)
    {
        // Both files have as many unchanged lines, so walking from one unchanged line to the next keeps the cursors level.
        var group = new Group(side);
        var partner = new Group(other);
        do
        {
            if (group.Length > 0 && !budget.IsSpent) Settle(ref group, ref partner, budget);
        }
        while (group.MoveNext() && partner.MoveNext());
    }

    private static void Settle(ref Group group, ref Group partner, WorkBudget budget)
    {
        int length;
        int highestEnd;
        bool meetsPartner;
        do
        {
            length = group.Length;
            while (group.SlideUp()) partner.MovePrevious();
            highestEnd = group.End;
            meetsPartner = partner.Length > 0;
            while (group.SlideDown())
            {
                partner.MoveNext();
                meetsPartner |= partner.Length > 0;
            }

            budget.Spend(group.End - highestEnd + 1);
        }
        while (group.Length != length);

        if (group.End == highestEnd || !meetsPartner) return;
        while (partner.Length == 0)
        {
            group.SlideUp();
            partner.MovePrevious();
        }
    }

    /// <summary>A cursor on the changed lines, possibly none, between two unchanged lines.</summary>
    private struct Group
    {
        private readonly int[] _lines;
        private readonly bool[] _changed;
        private int _start;

        public Group(DiffSide side)
        {
            (_lines, _changed) = (side.Lines, side.Changed);
            ExtendDown();
        }

        public int End { get; private set; }

        public readonly int Length => End - _start;

        public bool MoveNext()
        {
            if (End == _lines.Length) return false;
            _start = ++End;
            ExtendDown();
            return true;
        }

        public void MovePrevious()
        {
            End = --_start;
            ExtendUp();
        }

        public bool SlideUp()
        {
            if (_start == 0 || _lines[_start - 1] != _lines[End - 1]) return false;
            _changed[--_start] = true;
            _changed[--End] = false;
            ExtendUp();
            return true;
        }

        public bool SlideDown()
        {
            if (End == _lines.Length || _lines[_start] != _lines[End]) return false;
            _changed[_start++] = false;
            _changed[End++] = true;
            ExtendDown();
            return true;
        }

        private void ExtendUp()
        {
            while (_start > 0 && _changed[_start - 1]) _start--;
        }

        private void ExtendDown()
        {
            while (_changed[End]) End++;
        }
    }
}
