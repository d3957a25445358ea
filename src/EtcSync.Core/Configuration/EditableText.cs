namespace EtcSync.Core.Configuration;

/// <summary>A text whose lines and marks can be found again in it, for edits that leave every other byte alone.</summary>
internal sealed class EditableText
{
    private readonly string _text;
    private readonly List<int> _starts = [0];

    public EditableText(string text)
    {
        _text = text;
        NewLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' && i + 1 < text.Length) _starts.Add(i + 1);
        }
    }

    /// <summary>How this text ends its lines.</summary>
    public string NewLine { get; }

    /// <summary>All of it.</summary>
    public string Whole => _text;

    public int LineCount => _text.Length == 0 ? 0 : _starts.Count;

    /// <summary>A line, from 1, without its end.</summary>
    public string Line(int number) => _text[Start(number)..Start(number + 1)].TrimEnd('\n', '\r');

    public int Offset(YamlMark mark) => Math.Min(_text.Length, Start(mark.Line) + mark.Column - 1);

    public string Slice(YamlMark from, YamlMark to) => _text[Offset(from)..Math.Max(Offset(from), Offset(to))];

    public string Replace(int from, int to, string with) => string.Concat(_text.AsSpan(0, from), with, _text.AsSpan(to));

    /// <summary>The text with lines added behind a line, or in front of the first where that is 0.</summary>
    public string InsertAfter(int line, IEnumerable<string> lines)
    {
        var at = Start(line + 1);
        var opening = at > 0 && _text[at - 1] != '\n' ? NewLine : "";
        return Replace(at, at, opening + string.Concat(lines.Select(l => l + NewLine)));
    }

    /// <summary>The text without the lines from the first to the last, both included.</summary>
    public string Without(int first, int last) => Replace(Start(first), Start(last + 1), "");

    private int Start(int line) => line - 1 < _starts.Count ? _starts[Math.Max(0, line - 1)] : _text.Length;
}
