using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace EtcSync.Core.Text;

/// <summary>The differences of two texts as lines of a unified diff (diffutils, "Detailed Description of Unified Format").</summary>
public static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>The lines, hunk by hunk, without the two lines of file names; none where the texts are equal.</summary>
    public static ImmutableArray<string> Of(string before, string after)
    {
        var (old, now) = (Lines(before), Lines(after));
        var changes = LineDiff.Compute(Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after));
        var lines = ImmutableArray.CreateBuilder<string>();
        for (var first = 0; first < changes.Length;)
        {
            var last = first;
            while (last + 1 < changes.Length && changes[last + 1].BeforeStart - changes[last].BeforeEnd <= 2 * Context) last++;
            Hunk(lines, old, now, changes.AsSpan(first, last - first + 1));
            first = last + 1;
        }

        return lines.ToImmutable();
    }

    private static void Hunk(ImmutableArray<string>.Builder lines, string[] old, string[] now, ReadOnlySpan<LineChange> changes)
    {
        var start = Math.Max(0, changes[0].BeforeStart - Context);
        var end = Math.Min(old.Length, changes[^1].BeforeEnd + Context);
        var nowStart = changes[0].AfterStart - (changes[0].BeforeStart - start);
        var nowEnd = changes[^1].AfterEnd + (end - changes[^1].BeforeEnd);
        lines.Add($"@@ -{Place(start, end - start)} +{Place(nowStart, nowEnd - nowStart)} @@");
        var at = start;
        foreach (var change in changes)
        {
            for (; at < change.BeforeStart; at++) lines.Add(" " + old[at]);
            for (; at < change.BeforeEnd; at++) lines.Add("-" + old[at]);
            for (var added = change.AfterStart; added < change.AfterEnd; added++) lines.Add("+" + now[added]);
        }

        for (; at < end; at++) lines.Add(" " + old[at]);
    }

    private static string Place(int start, int count)
    {
        var first = (count == 0 ? start : start + 1).ToString(CultureInfo.InvariantCulture);
        return count == 1 ? first : $"{first},{count}";
    }

    private static string[] Lines(string text)
    {
        var lines = text.Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
