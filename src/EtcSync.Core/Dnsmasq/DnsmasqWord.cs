namespace EtcSync.Core.Dnsmasq;

/// <summary>
/// A part of a value. In quotes, characters that mean something to dnsmasq mean only themselves: <c>"12h"</c> is a name where
/// <c>12h</c> is a time. So quoted ones are kept apart: each is moved out of the range of bytes.
/// </summary>
/// <param name="Marked">The text in which a character that was quoted is above <see cref="Quote"/>.</param>
public readonly record struct DnsmasqWord(string Marked)
{
    /// <summary>What is added to a quoted character; texts are bytes, so no other character is as large.</summary>
    internal const char Quote = '\ue000';

    // The characters that quoting changes, as dnsmasq's own table has them; all others are the same in quotes.
    private const string Special = "123456 \b\t\n78\r90abcdefABCDEF\u001b:,.\"\\";

    /// <summary>The text that is meant.</summary>
    public string Text => Marked.AsSpan().ContainsAnyInRange(Quote, '\ue0ff') ? string.Create(Marked.Length, Marked, static (text, marked) =>
    {
        for (var i = 0; i < text.Length; i++) text[i] = marked[i] >= Quote ? (char)(marked[i] - Quote) : marked[i];
    }) : Marked;

    /// <summary>The character as it is in quotes.</summary>
    internal static char Hide(char c) => Special.Contains(c, StringComparison.Ordinal) ? (char)(c + Quote) : c;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
