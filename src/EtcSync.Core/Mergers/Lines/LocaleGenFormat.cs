using System.Text.RegularExpressions;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary>
/// <c>locale.gen</c> (locale-gen(8)): a list of all locales, of which those without a <c>#</c> are made. An entry is one record in two
/// states, so that taking the <c>#</c> away is a change of it, and not a new line beside a comment.
/// </summary>
internal sealed partial class LocaleGenFormat : RecordFormat
{
    private const int LongestEntry = 200;

    /// <inheritdoc/>
    public override FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            // No entry is longer; so no line is long enough to keep the expression busy.
            var entry = lines[i].Length > LongestEntry ? Match.Empty : Entry().Match(lines[i]);
            if (!entry.Success && !FileText.IsBlankOrComment(lines[i])) return new(i + 1, "is not a locale and its character set");
            items.Add(new(entry.Success ? $"{entry.Groups["locale"].ValueSpan} {entry.Groups["charset"].ValueSpan}" : null, lines[i]));
        }

        return null;
    }

    /// <inheritdoc/>
    protected override string MeaningOf(string text) => FileText.StartsWith(text, '#') ? "off" : "on";

    // Debian writes "# de_DE.UTF-8 UTF-8", Arch "#de_DE.UTF-8 UTF-8  ". Examples in the text above the list are further to the right.
    [GeneratedRegex(@"^(?:# ?)?(?<locale>[A-Za-z][A-Za-z0-9_.@-]*)[ \t]+(?<charset>(?=[A-Z0-9-]*[0-9])[A-Z][A-Z0-9_-]*)[ \t\r]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entry();
}
