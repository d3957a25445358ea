using System.Collections.Immutable;

namespace EtcSync.Core.Mergers.Layout;

/// <summary>How the lines of a file end.</summary>
internal enum LineEnding
{
    /// <summary>With a line feed.</summary>
    Unix,

    /// <summary>With a carriage return and a line feed.</summary>
    Dos,

    /// <summary>Some so, some so.</summary>
    Mixed,
}

/// <summary>A file cut into lines.</summary>
/// <param name="Lines">The lines without what ends them.</param>
/// <param name="Ending">What ends them; null where nothing does, because there is no line, or one that has no end.</param>
/// <param name="IsComplete">Whether the last line has an end; null for an empty file.</param>
internal sealed record FileLines(ImmutableArray<string> Lines, LineEnding? Ending, bool? IsComplete)
{
    /// <summary>No lines.</summary>
    public static FileLines Empty { get; } = new([], null, null);

    /// <summary>Cuts a file into lines.</summary>
    public static FileLines Of(byte[] content)
    {
        if (content.Length == 0) return Empty;
        var lines = FileText.Decode(content).Split('\n');
        var complete = lines[^1].Length == 0;
        var ended = lines.AsSpan(0, lines.Length - 1);
        var dos = 0;
        foreach (var line in ended)
        {
            if (line.EndsWith('\r')) dos++;
        }

        LineEnding? ending = ended.IsEmpty ? null : dos == 0 ? LineEnding.Unix : dos == ended.Length ? LineEnding.Dos : LineEnding.Mixed;
        if (ending == LineEnding.Dos)
        {
            foreach (ref var line in ended) line = line[..^1];
        }

        return new([.. complete ? ended : lines], ending, complete);
    }

    /// <summary>The same lines, the carriage returns at their ends part of them, so that they can be compared with those of a file that has both endings.</summary>
    public FileLines WithCarriageReturns()
    {
        if (Ending != LineEnding.Dos) return this;
        var last = IsComplete == true ? Lines.Length : Lines.Length - 1;
        return this with { Lines = [.. Lines.Select((line, index) => index < last ? line + '\r' : line)], Ending = LineEnding.Mixed };
    }
}
