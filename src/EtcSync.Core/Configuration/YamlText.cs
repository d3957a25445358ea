using System.Globalization;
using YamlDotNet.Core;

namespace EtcSync.Core.Configuration;

/// <summary>
/// Reads the text of a YAML file (YAML 1.2) into nodes with places. Only what configuration needs is understood: one
/// document of maps, lists and single values. Everything else is a problem with its line, and nothing throws.
/// </summary>
internal static class YamlText
{
    // A thousand clients take about 200,000 characters.
    private const int LongestText = 8 * 1024 * 1024;

    /// <summary>
    /// The root node; null where the file holds nothing but comments, and where it could not be read (there is a problem then).
    /// Problems that leave the rest readable (a key that stands twice) are added and do not stop the reading.
    /// </summary>
    public static YamlNode? Parse(string text, ProblemList problems)
    {
        if (text.StartsWith('\uFEFF')) text = text[1..];
        if (text.Length > LongestText)
        {
            problems.Add(0, "", $"The file has {text.Length} characters, more than the {LongestText} that a configuration file may have.");
            return null;
        }

        if (!CheckCharacters(text, problems)) return null;
        var scanner = new Scanner(new StringReader(text));
        try
        {
            return new YamlDocumentReader(new Parser(scanner), problems).Read();
        }
        catch (YamlException e)
        {
            ReportSyntax(text, e, problems);
        }
        // The library's scanner gives up with these two on some malformed input, such as a map in braces that goes on, on
        // the next line, without indentation.
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            problems.Add((int)Math.Max(1, scanner.CurrentPosition.Line), "", "This is not valid YAML: what stands here cannot be read. Indent what goes on inside braces or brackets, and put special characters in quotes.");
        }

        return null;
    }

    // The scanner ends the text at a NUL without a word, and counts U+2028 as a line where editors do not.
    private static bool CheckCharacters(string text, ProblemList problems)
    {
        var line = 1;
        var good = true;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n') line++;
            else if (!IsAllowed(text, i))
            {
                problems.Add(line, "", c == '\r'
                    ? "A carriage return stands here without a line feed. Save the file with the line ends of Unix."
                    : $"The line holds the character U+{(int)c:X4}, which YAML does not allow here. Remove it.");
                good = false;
                // One problem a line is enough.
                i = text.IndexOf('\n', i) is var end and >= 0 ? end - 1 : text.Length;
            }
        }

        return good;
    }

    private static bool IsAllowed(string text, int i) => text[i] switch
    {
        '\t' => true,
        '\r' => i + 1 < text.Length && text[i + 1] == '\n',
        '\u0085' or '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF' => false,
        var c when char.IsControl(c) => false,
        var c when char.IsHighSurrogate(c) => i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]),
        var c when char.IsLowSurrogate(c) => i > 0 && char.IsHighSurrogate(text[i - 1]),
        _ => true,
    };

    private static void ReportSyntax(string text, YamlException e, ProblemList problems)
    {
        var lines = text.Split('\n');
        var from = (int)Math.Clamp(e.Start.Line - 1, 0, lines.Length - 1);
        if (e.Message.Contains("tab", StringComparison.OrdinalIgnoreCase) && Array.FindIndex(lines, from, IsIndentedWithTab) is var tab and >= 0)
        {
            problems.Add(tab + 1, "", "The line is indented with a tab, which YAML does not allow. Use spaces.");
            return;
        }

        var value = lines[from].AsSpan().TrimStart().TrimStart('-').TrimStart();
        if (value.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0) value = value[(colon + 2)..].TrimStart();
        var hint = !value.IsEmpty && "*&!%@`[]{}|>?".Contains(value[0], StringComparison.Ordinal)
            ? $" A value that begins with '{value[0]}' must stand in quotes."
            : "";
        problems.Add(from + 1, "", $"This is not valid YAML: {Sentence(e.Message)}{hint}");
    }

    private static bool IsIndentedWithTab(string line) => line.AsSpan()[..^line.AsSpan().TrimStart().Length].Contains('\t');

    // The library begins in lower or upper case, ends without a full stop, and quotes the input.
    private static string Sentence(string message)
    {
        var text = Quoted.Text(message.Trim().TrimEnd('.'))[1..^1];
        return text.Length == 0 ? "it cannot be read." : string.Concat(text[..1].ToLower(CultureInfo.InvariantCulture), text.AsSpan(1), ".");
    }
}
