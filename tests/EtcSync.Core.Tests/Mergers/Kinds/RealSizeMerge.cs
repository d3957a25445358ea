using EtcSync.Core.Mergers;

namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary>A merge of files as long as real ones get: both sides change, add and delete records all over the file.</summary>
public static class RealSizeMerge
{
    /// <summary>The versions for a kind of file.</summary>
    public static ContentVersions Of(FileKind kind) => new(FileKind.Bytes(kind.RealSize), Edited(kind, 0, 17), Edited(kind, 7, 23));

    private static byte[] Edited(FileKind kind, int first, int step)
    {
        var random = new Random(first);
        var lines = FileKind.Lines(kind.RealSize);
        for (var i = first; i < lines.Count; i += step) lines[i] = kind.Changed(lines[i], random);
        lines.Insert(lines.Count / 2, kind.Comments[0]);
        lines.Add(kind.NewRecord(random));
        return FileKind.Bytes(string.Join('\n', lines) + "\n");
    }
}
