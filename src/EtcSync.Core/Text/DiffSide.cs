namespace EtcSync.Core.Text;

/// <summary>One file of a pair that is being compared: its lines by number, and which of them have no partner in the other file.</summary>
internal sealed class DiffSide(int[] lines)
{
    public int[] Lines { get; } = lines;

    /// <summary>One longer than <see cref="Lines"/>: the last is never set, so that a run of changes ends without asking for the length.</summary>
    public bool[] Changed { get; } = new bool[lines.Length + 1];

    public int Count => Lines.Length;

    public void MarkChanged(int start, int end) => Changed.AsSpan(start, end - start).Fill(true);
}

/// <summary>
/// How much work one comparison may cost. Comparing lines is quadratic on files made for it. When the budget is spent,
/// what is left counts as changed, which is a coarser but valid answer; counting steps instead of time keeps the answer
/// the same on every machine. Ordinary files stay far below.
/// </summary>
internal sealed class WorkBudget
{
    private long _left = 200_000_000;

    public bool IsSpent => _left < 0;

    public void Spend(long steps) => _left -= steps;
}
