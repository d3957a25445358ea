using System.Collections.Immutable;

namespace EtcSync.Core.Text;

/// <summary>Lines of one file that became other lines in the next: counted from 0, either count may be 0 but not both.</summary>
public readonly record struct LineChange(int BeforeStart, int BeforeCount, int AfterStart, int AfterCount)
{
    /// <summary>The line after the last one that was changed, in the file before.</summary>
    public int BeforeEnd => BeforeStart + BeforeCount;

    /// <summary>The line after the last one that is new, in the file after.</summary>
    public int AfterEnd => AfterStart + AfterCount;
}

/// <summary>
/// Compares two files by line, as <c>git diff --diff-algorithm=histogram --no-indent-heuristic</c> does: the same
/// changes, at the same lines.
/// </summary>
public static class LineDiff
{
    /// <summary>Gives the changes that lead from one content to the other, top to bottom; between two of them is at least one common line.</summary>
    public static ImmutableArray<LineChange> Compute(byte[] before, byte[] after)
    {
        var interner = new LineInterner();
        var left = interner.Read(before);
        var right = interner.Read(after);
        return [.. Compute(left, right, interner.Distinct)];
    }

    /// <summary>The same for texts that are cut into lines already. <paramref name="distinct"/> is above every line's number.</summary>
    internal static List<LineChange> Compute(TextLines before, TextLines after, int distinct) => Compute(before.Numbers, after.Numbers, distinct);

    /// <summary>The same for anything that has numbers, equal ones for what is equal.</summary>
    internal static List<LineChange> Compute(int[] before, int[] after, int distinct)
    {
        var left = new DiffSide(before);
        var right = new DiffSide(after);
        var budget = new WorkBudget();
        new HistogramDiff(left, right, distinct, budget).MarkChanges();
        ChangeCompaction.Compact(left, right, budget);
        ChangeCompaction.Compact(right, left, budget);
        return Collect(left, right);
    }

    private static List<LineChange> Collect(DiffSide left, DiffSide right)
    {
        var changes = new List<LineChange>();
        for (int i = 0, j = 0; i < left.Count || j < right.Count; i++, j++)
        {
            var (startLeft, startRight) = (i, j);
            while (left.Changed[i]) i++;
            while (right.Changed[j]) j++;
            if (i > startLeft || j > startRight) changes.Add(new LineChange(startLeft, i - startLeft, startRight, j - startRight));
        }

        return changes;
    }
}
