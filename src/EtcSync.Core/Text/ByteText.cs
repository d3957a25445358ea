using System.Text;

namespace EtcSync.Core.Text;

/// <summary>
/// Texts in which each character is one byte (Latin-1): files of other people's, of which every byte stays what it was. People read
/// them as UTF-8.
/// </summary>
public static class ByteText
{
    /// <summary>The bytes of a text in UTF-8, one character each.</summary>
    public static string Of(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>The text that people read in these bytes.</summary>
    public static string Readable(string bytes) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));
}
