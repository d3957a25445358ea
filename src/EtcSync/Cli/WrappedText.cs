using Spectre.Console.Rendering;

namespace EtcSync.Cli;

/// <summary>Text broken into lines that fit. What it is given has been made printable.</summary>
internal static class WrappedText
{
    /// <summary>How many columns of a terminal the text takes.</summary>
    public static int Width(string text) => Ascii(text) ? text.Length : new Segment(text).CellCount();

    /// <summary>
    /// Sentences, broken between words and never within single quotes, where a command stands that is pasted; what is longer
    /// than a line stands on one of its own.
    /// </summary>
    public static IEnumerable<string> Words(string text, int width)
    {
        var line = "";
        foreach (var word in Pieces(text))
        {
            if (line.Length > 0 && Width(line) + 1 + Width(word) > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    /// <summary>A line of a file, broken where it has to be: blanks are part of it.</summary>
    public static IEnumerable<string> Characters(string text, int width)
    {
        var (start, taken) = (0, 0);
        for (var i = 0; i < text.Length;)
        {
            var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
            var columns = Width(text.Substring(i, length));
            if (taken + columns > width && taken > 0)
            {
                yield return text[start..i];
                (start, taken) = (i, 0);
            }

            taken += columns;
            i += length;
        }

        yield return text[start..];
    }

    private static IEnumerable<string> Pieces(string text)
    {
        var quoted = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var isOpen = quoted.Length > 0 || word[0] == '\'';
            var piece = quoted.Length > 0 ? $"{quoted} {word}" : word;
            quoted = isOpen && !(piece.Length > 1 && piece.TrimEnd('.', ',', ';', ':', ')') is [.., _, '\'']) ? piece : "";
            if (quoted.Length == 0) yield return piece;
        }

        // An apostrophe that nothing closes.
        foreach (var word in quoted.Split(' ', StringSplitOptions.RemoveEmptyEntries)) yield return word;
    }

    private static bool Ascii(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
