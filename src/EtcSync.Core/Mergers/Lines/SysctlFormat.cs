using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary>
/// <c>sysctl.conf</c> and <c>sysctl.d</c> (sysctl.d(5)): kernel parameters and their values. A parameter is the same however it is
/// spelled: with dots or slashes, and with a minus before it, which only says that it may be missing. Patterns make the order count.
/// </summary>
internal sealed class SysctlFormat : RecordFormat
{
    /// <inheritdoc/>
    public override bool OrderMatters => true;

    /// <inheritdoc/>
    public override FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (FileText.IsBlankOrComment(lines[i]) || FileText.StartsWith(lines[i], ';'))
            {
                items.Add(new(null, lines[i]));
                continue;
            }

            var (parameter, value) = Parts(lines[i]);
            var words = FileText.Words(parameter);
            // A name alone, after a minus, takes a parameter out of a pattern.
            if (words.Length != 1 || (value is null && words[0][0] != '-') || words[0].TrimStart('-').Length == 0) return new(i + 1, "is not a parameter and its value");
            items.Add(new(KeyOf(words[0]), lines[i]));
        }

        return null;
    }

    /// <inheritdoc/>
    protected override string MeaningOf(string text)
    {
        var (parameter, value) = Parts(text);
        return $"{(FileText.StartsWith(parameter, '-') ? "-" : "")}={(value is null ? "" : string.Join(' ', FileText.Words(value)))}";
    }

    private static (string Parameter, string? Value) Parts(string line) => line.Split('=', 2) is [var parameter, var value] ? (parameter, value) : (line, null);

    // The first of the two separators in the name is the one that separates; the other stands for itself.
    private static string KeyOf(string word)
    {
        var name = word[0] == '-' ? word[1..] : word;
        var first = name.IndexOfAny(['.', '/']);
        if (first < 0 || name[first] == '.') return name;
        return string.Concat(name.Select(c => c switch { '/' => '.', '.' => '/', _ => c }));
    }
}
