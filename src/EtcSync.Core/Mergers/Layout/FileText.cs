using System.Buffers;
using System.Globalization;
using System.Text;

namespace EtcSync.Core.Mergers.Layout;

/// <summary>
/// The content of a file as characters U+0000 to U+00FF, one for each byte (Latin-1), so that a file in any encoding, or in none,
/// can be taken apart as text and put together again without a byte lost.
/// </summary>
internal static class FileText
{
    /// <summary>What separates words.</summary>
    public static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\v\f");

    /// <summary>The characters of these bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> content) => Encoding.Latin1.GetString(content);

    /// <summary>The bytes of these characters.</summary>
    public static byte[] Encode(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>The text for people to read and to type: as UTF-8, and what is not UTF-8 or cannot be printed as <c>\xNN</c>.</summary>
    public static string Printable(string text)
    {
        var bytes = Encode(text);
        var printable = new StringBuilder(bytes.Length);
        for (var at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes.AsSpan(at), out var rune, out var length) == OperationStatus.Done && !Rune.IsControl(rune)) printable.Append(rune.ToString());
            else for (var i = 0; i < length; i++) printable.Append(CultureInfo.InvariantCulture, $"\\x{bytes[at + i]:x2}");
            at += length;
        }

        return printable.ToString();
    }

    /// <summary>Whether this separates words: a space, a tab, or the carriage return of a line that ends in two characters.</summary>
    public static bool IsBlank(char c) => c is ' ' or '\t' or '\r' or '\v' or '\f';

    /// <summary>Whether the line has nothing but blanks.</summary>
    public static bool IsBlank(ReadOnlySpan<char> line) => line.IndexOfAnyExcept(Blanks) < 0;

    /// <summary>Whether the line begins with this character, blanks before it aside.</summary>
    public static bool StartsWith(ReadOnlySpan<char> line, char first) => line.IndexOfAnyExcept(Blanks) is var start and >= 0 && line[start] == first;

    /// <summary>Whether the line is blank or a comment that begins with <c>#</c>.</summary>
    public static bool IsBlankOrComment(string line) => IsBlank(line) || StartsWith(line, '#');

    /// <summary>ASCII letters in lower case; bytes above are no letters that we know.</summary>
    public static string Lower(string text) => text.AsSpan().IndexOfAnyInRange('A', 'Z') < 0 ? text : string.Create(text.Length, text, static (target, from) =>
    {
        for (var i = 0; i < target.Length; i++) target[i] = from[i] is >= 'A' and <= 'Z' ? (char)(from[i] | 0x20) : from[i];
    });

    /// <summary>The words of a text, which blanks separate.</summary>
    public static string[] Words(string text) => text.Split([' ', '\t', '\r', '\v', '\f'], StringSplitOptions.RemoveEmptyEntries);
}
