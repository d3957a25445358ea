using DiffPlex;

namespace EtcSync.Cli.Conflicts;

/// <summary>Which lines of a text belong to which lines of another: those that are equal, and those that a change put in the place of others.</summary>
internal sealed class LineAlignment
{
    private LineAlignment(int count)
    {
        Beside = new (int, bool)?[count];
        Before = [.. Enumerable.Range(0, count + 1).Select(_ => new List<int>())];
    }

    /// <summary>For each line of the first text the line of the second beside it, and whether they are equal; null where the second has none.</summary>
    public (int Line, bool IsEqual)?[] Beside { get; }

    /// <summary>For each line of the first text, and its end, the lines that the second has before it.</summary>
    public List<int>[] Before { get; }

    /// <summary>Aligns two texts.</summary>
    public static LineAlignment Of(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        var found = new LineAlignment(first.Count);
        var (i, j) = (0, 0);
        foreach (var block in new Differ().CreateCustomDiffs(Joined(first), Joined(second), ignoreWhiteSpace: false, Lines).DiffBlocks)
        {
            while (i < block.DeleteStartA) found.Beside[i++] = (j++, true);
            var paired = Math.Min(block.DeleteCountA, block.InsertCountB);
            for (var k = 0; k < paired; k++) found.Beside[i++] = (j++, false);
            i += block.DeleteCountA - paired;
            for (var k = paired; k < block.InsertCountB; k++) found.Before[i].Add(j++);
        }

        while (i < first.Count) found.Beside[i++] = (j++, true);
        return found;
    }

    // DiffPlex takes a text and asks back for its lines; no line at all is not the same as one that is empty.
    private static string Joined(IReadOnlyList<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    private static string[] Lines(string text) => text.Length == 0 ? [] : text[..^1].Split('\n');
}
