namespace EtcSync.Core.Text;

/// <summary>
/// Three-way merge of text by line. Where it is clean, the result is, byte for byte, what git's own merge (merge-ort)
/// gives, and it is clean exactly where git's is.
/// </summary>
/// <remarks>
/// One exception: comparing files that were made to be slow to compare is cut short (<see cref="LineDiff"/> then finds
/// fewer common lines), where git goes on for minutes. That merge is still right, but may conflict where git's would not.
/// </remarks>
public static class TextMerge
{
    /// <summary>git looks for a NUL this far into a file to tell whether it is text.</summary>
    private const int BinaryProbe = 8000;

    /// <summary>How many characters a conflict marker has.</summary>
    public const int MarkerLength = 7;

    /// <summary>
    /// Merges the changes from <paramref name="ancestor"/> to each of the two sides. A file that both sides added is
    /// merged with an empty ancestor. A side that did not change the file gives way to the other, text or not.
    /// </summary>
    public static TextMergeResult Merge(byte[] ancestor, byte[] ours, byte[] theirs)
    {
        var before = ancestor.AsSpan();
        if (before.SequenceEqual(ours)) return new TextMergeResult.Clean(theirs);
        if (before.SequenceEqual(theirs) || ours.AsSpan().SequenceEqual(theirs)) return new TextMergeResult.Clean(ours);
        if (IsBinary(ancestor) || IsBinary(ours) || IsBinary(theirs)) return new TextMergeResult.Binary();

        var files = new ThreeTexts(ancestor, ours, theirs);
        return MergeWalk.Merge(files.Ours, files.OurChanges, files.Theirs, files.TheirChanges);
    }

    /// <summary>Merges, and takes the lines in dispute as one of the three texts has them.</summary>
    public static byte[] Settle(byte[] ancestor, byte[] ours, byte[] theirs, TextSide side)
    {
        var files = new ThreeTexts(ancestor, ours, theirs);
        return MergeWalk.Settle(files.Ours, files.OurChanges, files.Theirs, files.TheirChanges, (region, content) => content.AddRange(side switch
        {
            TextSide.Ours => files.Ours.Between(region.Ours.Start, region.Ours.End),
            TextSide.Theirs => files.Theirs.Between(region.Theirs.Start, region.Theirs.End),
            _ => files.Ancestor.Between(region.Ancestor.Start, region.Ancestor.End),
        }));
    }

    /// <summary>Merges, and marks the lines in dispute as git's diff3 style does, for a person to edit.</summary>
    /// <param name="ancestor">What both started from.</param>
    /// <param name="ours">One side.</param>
    /// <param name="theirs">The other.</param>
    /// <param name="names">What the markers call the ancestor, our side and theirs.</param>
    public static byte[] Marked(byte[] ancestor, byte[] ours, byte[] theirs, (string Ancestor, string Ours, string Theirs) names)
    {
        var files = new ThreeTexts(ancestor, ours, theirs);
        return MergeWalk.Settle(files.Ours, files.OurChanges, files.Theirs, files.TheirChanges, (region, content) =>
        {
            Mark(content, '<', names.Ours);
            content.AddRange(files.Ours.Between(region.Ours.Start, region.Ours.End));
            Mark(content, '|', names.Ancestor);
            content.AddRange(files.Ancestor.Between(region.Ancestor.Start, region.Ancestor.End));
            Mark(content, '=', "");
            content.AddRange(files.Theirs.Between(region.Theirs.Start, region.Theirs.End));
            Mark(content, '>', names.Theirs);
        });
    }

    private static void Mark(List<byte> content, char mark, string name)
    {
        if (content.Count > 0 && content[^1] != '\n') content.Add((byte)'\n');
        content.AddRange(System.Text.Encoding.UTF8.GetBytes($"{new string(mark, MarkerLength)} {name}".TrimEnd() + "\n"));
    }

    /// <summary>Whether git takes this content for binary: it has a NUL among its first 8,000 bytes.</summary>
    public static bool IsBinary(ReadOnlySpan<byte> content) => content[..Math.Min(content.Length, BinaryProbe)].Contains((byte)0);

    private sealed class ThreeTexts
    {
        public ThreeTexts(byte[] ancestor, byte[] ours, byte[] theirs)
        {
            var interner = new LineInterner();
            Ancestor = interner.Read(ancestor);
            Ours = interner.Read(ours);
            Theirs = interner.Read(theirs);
            OurChanges = LineDiff.Compute(Ancestor, Ours, interner.Distinct);
            TheirChanges = LineDiff.Compute(Ancestor, Theirs, interner.Distinct);
        }

        public TextLines Ancestor { get; }

        public TextLines Ours { get; }

        public TextLines Theirs { get; }

        public List<LineChange> OurChanges { get; }

        public List<LineChange> TheirChanges { get; }
    }
}

/// <summary>One of the three texts of a merge.</summary>
public enum TextSide
{
    /// <summary>What both sides started from.</summary>
    Ancestor,

    /// <summary>Ours.</summary>
    Ours,

    /// <summary>Theirs.</summary>
    Theirs,
}
