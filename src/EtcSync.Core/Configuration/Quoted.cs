using System.Text;

namespace EtcSync.Core.Configuration;

/// <summary>Text from a file, made fit for a message on one line of a terminal.</summary>
internal static class Quoted
{
    private const int Longest = 80;

    /// <summary>The text in single quotes; control and format characters as \u1234, what is very long cut.</summary>
    public static string Text(string text)
    {
        var result = new StringBuilder("'");
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            if (c == '\n') result.Append("\\n");
            else if (c == '\t') result.Append("\\t");
            else if (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\uFEFF' || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format)
                result.Append("\\u").Append(((int)c).ToString("x4"));
            else result.Append(c);
        }

        return result.Append(text.Length > Longest ? "…'" : "'").ToString();
    }
}
