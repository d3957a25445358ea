using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary>The <c>aliases</c> of the mail system (aliases(5)): a name and where its mail goes; a line that begins with a blank continues the one above.</summary>
internal sealed class MailAliasesFormat : RecordFormat
{
    /// <inheritdoc/>
    public override FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (FileText.IsBlankOrComment(lines[i]))
            {
                items.Add(new(null, lines[i]));
                continue;
            }

            if (FileText.IsBlank(lines[i][0])) return new(i + 1, "continues a line that is not there, or not right above it");
            if (KeyOf(lines[i]) is not { } key) return new(i + 1, "has no name before a colon");
            var start = i;
            while (i + 1 < lines.Count && Continues(lines[i + 1])) i++;
            items.Add(new(key, string.Join('\n', lines.Skip(start).Take(i + 1 - start))));
        }

        return null;
    }

    /// <inheritdoc/>
    protected override string MeaningOf(string text) => string.Join(' ', FileText.Words(text.Replace('\n', ' ')[NameEnd(text)..]));

    private static bool Continues(string line) => !FileText.IsBlankOrComment(line) && FileText.IsBlank(line[0]);

    // Names are the same in capitals and in small letters. One in quotes may have a colon.
    private static string? KeyOf(string line) => NameEnd(line) is var end and > 0 ? FileText.Lower(line[..end].Trim(' ', '\t')) : null;

    private static int NameEnd(string line)
    {
        var start = line[0] == '"' ? line.IndexOf('"', 1) : 0;
        return start < 0 ? -1 : line.IndexOf(':', start);
    }
}
