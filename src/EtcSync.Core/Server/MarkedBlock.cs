namespace EtcSync.Core.Server;

/// <summary>A block of ours in somebody else's file: between a line that begins it and one that ends it. All other bytes stay.</summary>
public static class MarkedBlock
{
    /// <summary>The line that begins it.</summary>
    public const string Begin = "# BEGIN EtcSync: written by 'etcsync server apply' from /etc/etcsync; changes between these lines are replaced";

    /// <summary>The line that ends it.</summary>
    public const string End = "# END EtcSync";

    /// <summary>The lines of the block, or null where there is none.</summary>
    public static string? Find(string text) => Locate(text) is var (_, inner, innerEnd, _) ? text[inner..innerEnd] : null;

    /// <summary>The text with the block holding these lines: in its place, or at the end.</summary>
    public static string Put(string text, string lines)
    {
        var block = $"{Begin}\n{lines}{(lines.Length == 0 || lines.EndsWith('\n') ? "" : "\n")}{End}\n";
        if (Locate(text) is var (start, _, _, end)) return text[..start] + block + text[end..];
        return text.Length == 0 || text.EndsWith('\n') ? text + block : text + "\n" + block;
    }

    /// <summary>The text without the block.</summary>
    public static string Remove(string text) => Locate(text) is var (start, _, _, end) ? text[..start] + text[end..] : text;

    /// <summary>The text with the lines of the block empty: what others wrote, each line where it was.</summary>
    public static string Blank(string text) =>
        Locate(text) is var (start, _, _, end) ? text[..start] + new string('\n', text.AsSpan(start, end - start).Count('\n')) + text[end..] : text;

    // Of a block that lost its end only the first line is ours for sure: nobody else's line must go.
    private static (int Start, int Inner, int InnerEnd, int End)? Locate(string text)
    {
        var start = LineStart(text, Begin, 0);
        if (start < 0) return null;
        var inner = Math.Min(text.Length, start + Begin.Length + 1);
        var innerEnd = LineStart(text, End, inner);
        return innerEnd < 0 ? (start, inner, inner, inner) : (start, inner, innerEnd, Math.Min(text.Length, innerEnd + End.Length + 1));
    }

    private static int LineStart(string text, string line, int from)
    {
        for (var at = text.IndexOf(line, from, StringComparison.Ordinal); at >= 0; at = text.IndexOf(line, at + 1, StringComparison.Ordinal))
        {
            var end = at + line.Length;
            if ((at == 0 || text[at - 1] == '\n') && (end == text.Length || text[end] == '\n')) return at;
        }

        return -1;
    }
}
