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
            if (FileText.IsBlankOrComment(lines[i])) items.Add(new(null, lines[i]));
            else if (!FileText.IsBlank(lines[i][0]) && KeyOf(lines[i]) is { } key) items.Add(new(key, lines[i]));
            else if (!FileText.IsBlank(lines[i][0])) return new(i + 1, "has no name before a colon");
            else if (items.Count == 0 || items[^1].Key is null) return new(i + 1, "continues a line that is not there, or not right above it");
            else items[^1] = items[^1] with { Text = items[^1].Text + '\n' + lines[i] };
        }

        return null;
    }

    /// <inheritdoc/>
    protected override string MeaningOf(string text) => string.Join(' ', FileText.Words(text.Replace('\n', ' ')[NameEnd(text)..]));

    // Names are the same in capitals and in small letters. One in quotes may have a colon.
    private static string? KeyOf(string line) => NameEnd(line) is var end and > 0 ? FileText.Lower(line[..end].Trim(' ', '\t')) : null;

    private static int NameEnd(string line)
    {
        var start = line[0] == '"' ? line.IndexOf('"', 1) : 0;
        return start < 0 ? -1 : line.IndexOf(':', start);
    }
}
