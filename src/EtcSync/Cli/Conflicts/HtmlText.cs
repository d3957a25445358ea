using System.Net;

namespace EtcSync.Cli.Conflicts;

/// <summary>Text on its way into a page. Names and contents are a client's words: what would be a tag, an attribute, or turn text around is shown and not obeyed.</summary>
internal static class HtmlText
{
    /// <summary>Any text, for an element or a quoted attribute.</summary>
    public static string Of(string text) => WebUtility.HtmlEncode(Printable.Of(text));

    /// <summary>A line of a file, in which tabs stay.</summary>
    public static string OfLine(string text) => WebUtility.HtmlEncode(Printable.OfIndented(text));

    /// <summary>A line of a file with what it does not share with another one, at their beginning and end, marked.</summary>
    public static string OfLine(string text, string? other)
    {
        if (other is null || other == text) return OfLine(text);
        var start = text.AsSpan().CommonPrefixLength(other);
        if (start > 0 && char.IsHighSurrogate(text[start - 1])) start--;
        var most = Math.Min(text.Length, other.Length) - start;
        var shared = 0;
        while (shared < most && text[^(shared + 1)] == other[^(shared + 1)]) shared++;
        if (shared > 0 && char.IsLowSurrogate(text[^shared])) shared--;
        // Lines that have nothing in common are not worth marking.
        if (start + shared == 0 || start + shared == text.Length) return OfLine(text);
        return $"{OfLine(text[..start])}<mark>{OfLine(text[start..^shared])}</mark>{OfLine(text[^shared..])}";
    }
}
