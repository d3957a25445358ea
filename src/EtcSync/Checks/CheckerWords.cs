using System.Text;

namespace EtcSync.Checks;

/// <summary>What a checker said, for reports: its first lines as one, nothing in them that a terminal would obey. It may repeat lines of files that a client wrote.</summary>
internal static class CheckerWords
{
    private const int MaximumLines = 5;
    private const int MaximumLength = 400;

    /// <summary>The words, without a full stop; null where there are none.</summary>
    /// <param name="errors">What came through standard error, which is told if there is any.</param>
    /// <param name="output">What came through standard output.</param>
    public static string? Of(ReadOnlySpan<byte> errors, ReadOnlySpan<byte> output) => Of(errors) ?? Of(output);

    private static string? Of(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.UTF8.GetString(bytes).Split('\n').Select(line => Printable.OfIndented(line.TrimEnd('\r')).Replace('\t', ' ').Trim()).Where(line => line.Length > 0).Take(MaximumLines);
        var text = string.Join("; ", lines).TrimEnd('.');
        if (text.Length == 0) return null;
        return text.Length <= MaximumLength ? text : text[..(char.IsHighSurrogate(text[MaximumLength - 1]) ? MaximumLength - 1 : MaximumLength)] + "…";
    }
}
