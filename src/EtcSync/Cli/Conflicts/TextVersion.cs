using EtcSync.Core.Git;
using EtcSync.Core.Text;

namespace EtcSync.Cli.Conflicts;

/// <summary>One version of a text, cut into lines as the merge cuts it.</summary>
internal sealed class TextVersion
{
    private const string NoBreak = "\\ no line break at the end";

    private readonly string[] _lines;
    private readonly bool _hasBreak;

    private TextVersion(string[] lines, bool hasBreak) => (_lines, _hasBreak) = (lines, hasBreak);

    /// <summary>How many lines it has.</summary>
    public int Count => _lines.Length;

    /// <summary>The text, bytes that are not UTF-8 as escapes; null where there is no content, or it is not text.</summary>
    public static TextVersion? Of(byte[]? content)
    {
        if (content is null || TextMerge.IsBinary(content)) return null;
        var text = GitName.Decode(content);
        if (text.Length == 0) return new([], hasBreak: true);
        return text.EndsWith('\n') ? new(text[..^1].Split('\n'), hasBreak: true) : new(text.Split('\n'), hasBreak: false);
    }

    /// <summary>The line, or null where there is none.</summary>
    public string? Find(int line) => line >= 0 && line < _lines.Length ? _lines[line] : null;

    /// <summary>These lines with their numbers; where the last one has no break, a line that says so.</summary>
    public List<(int? Number, string Text)> Between(LineRange range)
    {
        List<(int? Number, string Text)> lines = [.. Enumerable.Range(range.Start, range.Count).Select(line => ((int?)line + 1, _lines[line]))];
        if (!_hasBreak && range.End == _lines.Length) lines.Add((null, NoBreak));
        return lines;
    }

    /// <summary>All lines.</summary>
    public LineRange All => new(0, Count);
}
