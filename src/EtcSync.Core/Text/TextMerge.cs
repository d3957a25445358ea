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

        var interner = new LineInterner();
        var ancestorLines = interner.Read(ancestor);
        var ourLines = interner.Read(ours);
        var theirLines = interner.Read(theirs);
        var ourChanges = LineDiff.Compute(ancestorLines, ourLines, interner.Distinct);
        var theirChanges = LineDiff.Compute(ancestorLines, theirLines, interner.Distinct);
        return MergeWalk.Merge(ourLines, ourChanges, theirLines, theirChanges);
    }

    /// <summary>Whether git takes this content for binary: it has a NUL among its first 8,000 bytes.</summary>
    public static bool IsBinary(ReadOnlySpan<byte> content) => content[..Math.Min(content.Length, BinaryProbe)].Contains((byte)0);
}
