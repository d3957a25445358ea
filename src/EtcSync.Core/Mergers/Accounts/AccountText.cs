using System.Globalization;
using System.Text;

namespace EtcSync.Core.Mergers.Accounts;

/// <summary>
/// Account files need not be UTF-8 (names of people are older than it). They are handled as text in which each character is
/// one byte, which goes back to the same bytes whatever they are.
/// </summary>
internal static class AccountText
{
    public static string Read(ReadOnlySpan<byte> content) => Encoding.Latin1.GetString(content);

    public static byte[] Write(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>A name as a person can read it: as UTF-8, and what is not UTF-8 or cannot be printed as "\xNN".</summary>
    public static string Printable(string name)
    {
        var bytes = Write(name);
        var text = new StringBuilder(bytes.Length);
        for (var at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes.AsSpan(at), out var rune, out var length) == System.Buffers.OperationStatus.Done && !Rune.IsControl(rune)) text.Append(rune.ToString());
            else for (var i = 0; i < length; i++) text.Append(CultureInfo.InvariantCulture, $"\\x{bytes[at + i]:x2}");
            at += length;
        }

        return text.ToString();
    }
}
