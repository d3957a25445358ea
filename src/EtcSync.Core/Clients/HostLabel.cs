using System.Buffers;
using System.Text;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Clients;

/// <summary>
/// The rules of RFC 1123 (2.1) for one label of a host name, in lower case only: 1 to 63 of a-z, 0-9 and '-', none of the
/// hyphens at an end. Names end up in paths, branches, exports and dnsmasq's files; this alphabet needs quoting in none of them.
/// </summary>
internal static class HostLabel
{
    private const int MaximumLength = 63;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Says what is wrong with a label, or null.</summary>
    /// <param name="text">The label.</param>
    /// <param name="what">What it names, as the beginning of a sentence: "A client's name".</param>
    public static string? Reason(string? text, string what)
    {
        if (string.IsNullOrEmpty(text)) return $"{what} is empty. Write 1 to 63 of a-z, 0-9 and '-'.";
        var quoted = Quoted.Text(text);
        var strange = text.AsSpan().IndexOfAnyExcept(Allowed);
        if (strange >= 0)
        {
            if (text.All(char.IsAsciiLetterOrDigit) || text.Replace("-", "", StringComparison.Ordinal).All(char.IsAsciiLetterOrDigit))
                return $"{quoted} has capital letters. Write it in lower case: '{text.ToLowerInvariant()}'.";
            if (text[strange] == '.' && strange > 0 && text.All(c => c == '.' || Allowed.Contains(c)))
                return $"{quoted} contains a dot. {what} is a single label (RFC 1123): write it without the domain.";
            return $"{quoted} contains {Character(text, strange)}. {what} may hold only a-z, 0-9 and '-' (RFC 1123).";
        }

        if (text.Length > MaximumLength) return $"{quoted} is {text.Length} characters long. {what} may have at most {MaximumLength} (RFC 1123).";
        if (text[0] == '-') return $"{quoted} begins with '-'. {what} begins with a letter or a digit (RFC 1123).";
        return text[^1] == '-' ? $"{quoted} ends with '-'. {what} ends with a letter or a digit (RFC 1123)." : null;
    }

    // A look-alike (Cyrillic 'а') can only be told by its number.
    private static string Character(string text, int index)
    {
        if (!Rune.TryGetRuneAt(text, index, out var rune)) return $"an invalid character (U+{(int)text[index]:X4})";
        if (rune.Value is > ' ' and < 0x7F) return $"'{rune}'";
        if (rune.Value == ' ') return "a space";
        return Rune.IsLetterOrDigit(rune) ? $"'{rune}' (U+{rune.Value:X4})" : $"the character U+{rune.Value:X4}";
    }
}
