using System.Globalization;
using System.Text;

namespace EtcSync;

/// <summary>
/// Text on its way to a terminal. Paths, commit subjects and file contents come from clients, and a control sequence in
/// one of them must not be obeyed by the administrator's terminal.
/// </summary>
internal static class Printable
{
    /// <summary>The same for lines of a file, in which tabs are harmless.</summary>
    public static string OfIndented(string text) => text.Contains('\t', StringComparison.Ordinal) ? string.Join('\t', text.Split('\t').Select(Of)) : Of(text);

    /// <summary>The text on one line, with control, format and undecodable characters as \x1b, \u202e or the byte \xff.</summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        var result = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) result.Append(c).Append(text[++i]);
            else if (c is >= '\uDC80' and <= '\uDCFF') result.Append($"\\x{c - 0xDC00:x2}");
            else if (char.IsControl(c)) result.Append($"\\x{(int)c:x2}");
            else if (char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) result.Append($"\\u{(int)c:x4}");
            else result.Append(c);
        }

        return result.ToString();
    }
}
