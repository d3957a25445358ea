using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary>Where the value of an assignment ends, as a shell sees it (POSIX, "Token Recognition").</summary>
internal static class ShellValue
{
    // What ends a command, starts another one, or leads its output elsewhere.
    private const string Operators = ";&|()<>";

    /// <summary>The place after the value that begins at <paramref name="start"/>; null if the value does not end on this line, or is more than a value.</summary>
    public static int? End(string line, int start)
    {
        for (var i = start; i < line.Length; i++)
        {
            var c = line[i];
            if (FileText.IsBlank(c)) return i;
            if (Operators.Contains(c, StringComparison.Ordinal)) return null;
            var end = c switch
            {
                '\'' or '`' => line.IndexOf(c, i + 1),
                '"' => Quoted(line, i + 1),
                '$' when i + 1 < line.Length && line[i + 1] == '(' => Substituted(line, i + 2),
                '\\' => i + 1 < line.Length ? i + 1 : -1,
                _ => i,
            };
            if (end < 0) return null;
            i = end;
        }

        return line.Length;
    }

    private static int Quoted(string line, int start)
    {
        for (var i = start; i < line.Length; i++)
        {
            if (line[i] == '\\') i++;
            else if (line[i] == '"') return i;
        }

        return -1;
    }

    // Quotes in it could hold a parenthesis, so that it would take a shell to find its end.
    private static int Substituted(string line, int start)
    {
        var depth = 1;
        for (var i = start; i < line.Length; i++)
        {
            if (line[i] is '"' or '\'' or '\\' or '`') return -1;
            if (line[i] == '(') depth++;
            if (line[i] == ')' && --depth == 0) return i;
        }

        return -1;
    }
}
