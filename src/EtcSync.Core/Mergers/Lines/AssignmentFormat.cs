using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary>
/// Lines of the form <c>NAME=value</c>: <c>environment</c>, <c>locale.conf</c>, <c>vconsole.conf</c>, and files below <c>default</c> that
/// hold nothing else. Such a file can be a shell's, and anything that is more than one assignment on one line is not of this kind.
/// </summary>
internal sealed class AssignmentFormat : RecordFormat
{
    /// <summary>A value can be made from one above it.</summary>
    public override bool OrderMatters => true;

    /// <inheritdoc/>
    public override FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (FileText.IsBlankOrComment(lines[i])) items.Add(new(null, lines[i]));
            else if (Assignment.Read(lines[i], out var problem) is { } assignment) items.Add(new(assignment.Name, lines[i]));
            else return new(i + 1, problem);
        }

        return null;
    }

    /// <inheritdoc/>
    protected override RecordOutcome MergeOne(string? ancestor, string client, string upstream)
    {
        var (ours, theirs) = (Assignment.Read(client, out _)!, Assignment.Read(upstream, out _)!);
        var was = ancestor is null ? new("", "", "", "") : Assignment.Read(ancestor, out _)!;
        var disputed = new List<string>();
        var merged = Merge(DisputeSide.Client);
        if (disputed.Count == 0) return new RecordOutcome.Merged(merged);
        return new RecordOutcome.Disputed(ancestor is null ? FieldLineMerge.DescribeNew([.. disputed]) : FieldLineMerge.Describe([.. disputed])) { Settle = Merge };

        string Merge(DisputeSide settled)
        {
            disputed.Clear();
            return ThreeWay.Spacing(was.Head, ours.Head, theirs.Head) + Part("value", settled, part => part.Value) + Part("comment", settled, part => part.Rest);
        }

        string Part(string name, DisputeSide settled, Func<Assignment, string> part)
        {
            var side = ThreeWay.Side(part(was), part(ours), part(theirs));
            if (side is null) disputed.Add(name);
            return part((side ?? settled) switch { DisputeSide.Base => was, DisputeSide.Client => ours, _ => theirs });
        }
    }

    /// <summary>An assignment, taken apart.</summary>
    /// <param name="Name">The variable.</param>
    /// <param name="Head">All of the line up to the value.</param>
    /// <param name="Value">The value as it is written, quotes included.</param>
    /// <param name="Rest">What comes after it: blanks, a comment.</param>
    private sealed record Assignment(string Name, string Head, string Value, string Rest)
    {
        private const string Export = "export ";

        public static Assignment? Read(string line, out string problem)
        {
            problem = "is not an assignment";
            var start = 0;
            while (start < line.Length && FileText.IsBlank(line[start])) start++;
            if (line.AsSpan(start).StartsWith(Export, StringComparison.Ordinal)) start += Export.Length;
            var end = start;
            while (end < line.Length && (char.IsAsciiLetterOrDigit(line[end]) || line[end] == '_')) end++;
            if (end == start || char.IsAsciiDigit(line[start]) || end == line.Length || line[end] != '=') return null;
            problem = "has more than a value after the name";
            if (ShellValue.End(line, end + 1) is not { } stop || !(FileText.IsBlank(line.AsSpan(stop)) || IsComment(line, stop))) return null;
            return new(line[start..end], line[..(end + 1)], line[(end + 1)..stop], line[stop..]);
        }

        private static bool IsComment(string line, int start) => FileText.IsBlank(line[start]) && FileText.StartsWith(line.AsSpan(start), '#');
    }
}
