using System.Buffers;

namespace EtcSync.Core.Etckeeper;

/// <summary>
/// Reads words of a shell command that mean themselves: single quotes, double quotes and backslashes are undone, and
/// anything that a shell would expand, redirect or chain makes the line unreadable (POSIX.1-2017, XCU 2.2 Quoting).
/// </summary>
internal static class ShellWord
{
    // Unquoted, these mean themselves in every place of a word. "~" does unless it comes first.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [
            .. "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:+@%^~"u8,
            .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b),
        ]);

    private static readonly SearchValues<byte> Blank = SearchValues.Create(" \t"u8);

    /// <summary>
    /// Takes one word and the blanks after it off the line.
    /// </summary>
    /// <returns>False if there is no word, or one that a shell would do something with.</returns>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> word)
    {
        word = default;
        if (line.IsEmpty) return false;
        var end = 0;
        if (line[0] == '\'')
        {
            var close = line[1..].IndexOf((byte)'\'');
            if (close < 0) return false;
            word = line.Slice(1, close);
            end = close + 2;
        }
        else if (line[0] != '~')
        {
            end = line.IndexOfAnyExcept(Plain);
            if (end < 0) end = line.Length;
            word = line[..end];
        }

        if (end == line.Length || (end > 0 && Blank.Contains(line[end])))
        {
            line = SkipBlanks(line[end..]);
            return true;
        }

        return TryTakeMixed(ref line, out word);
    }

    /// <summary>The line without leading blanks.</summary>
    public static ReadOnlySpan<byte> SkipBlanks(ReadOnlySpan<byte> line)
    {
        var start = line.IndexOfAnyExcept(Blank);
        return start < 0 ? [] : line[start..];
    }

    // A word of several parts: 'q'"'"'x'.
    private static bool TryTakeMixed(scoped ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> word)
    {
        word = default;
        var bytes = new ArrayBufferWriter<byte>(64);
        var rest = line;
        var first = true;
        while (!rest.IsEmpty && !Blank.Contains(rest[0]))
        {
            switch (rest[0])
            {
                case (byte)'\'':
                    var close = rest[1..].IndexOf((byte)'\'');
                    if (close < 0) return false;
                    bytes.Write(rest.Slice(1, close));
                    rest = rest[(close + 2)..];
                    break;
                case (byte)'"':
                    if (!TryTakeDoubleQuoted(ref rest, bytes)) return false;
                    break;
                case (byte)'\\':
                    if (rest.Length < 2) return false;
                    bytes.Write(rest.Slice(1, 1));
                    rest = rest[2..];
                    break;
                default:
                    if (!Plain.Contains(rest[0]) || (first && rest[0] == '~')) return false;
                    bytes.Write(rest[..1]);
                    rest = rest[1..];
                    break;
            }

            first = false;
        }

        word = bytes.WrittenSpan;
        line = SkipBlanks(rest);
        return true;
    }

    private static bool TryTakeDoubleQuoted(scoped ref ReadOnlySpan<byte> line, ArrayBufferWriter<byte> bytes)
    {
        for (var i = 1; i < line.Length; i++)
        {
            switch (line[i])
            {
                case (byte)'"':
                    line = line[(i + 1)..];
                    return true;
                case (byte)'$' or (byte)'`':
                    return false;
                case (byte)'\\' when i + 1 < line.Length && line[i + 1] is (byte)'"' or (byte)'\\' or (byte)'$' or (byte)'`':
                    i++;
                    break;
            }

            bytes.Write(line.Slice(i, 1));
        }

        return false;
    }
}
