using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Ini;

/// <summary>Takes a file of sections apart.</summary>
internal sealed class IniReader(IniFormat format, IReadOnlyList<string> lines, List<LayoutItem> items)
{
    private readonly Dictionary<string, int> _occurrences = new(StringComparer.Ordinal);
    private string _section = IniKeys.NoSection;
    private int _line;

    /// <summary>Reads a whole file.</summary>
    public FormatProblem? Read()
    {
        if (ReadLines(AddHeader) is { } problem) return problem;
        End(RecordPlaces.EndOfLast(items));
        return null;
    }

    /// <summary>Reads lines that stand in a section, and nothing but values.</summary>
    public FormatProblem? ReadWithin(string section)
    {
        _section = section;
        return ReadLines(_ => new(_line + 1, "begins a section"));
    }

    private FormatProblem? ReadLines(Func<string, FormatProblem?> header)
    {
        // Programs differ in what they take for the end of a line.
        var broken = lines.TakeWhile(line => !line.AsSpan().TrimEnd('\r').Contains('\r')).Count();
        if (broken < lines.Count) return new(broken + 1, "has a carriage return in it");
        while (_line < lines.Count)
        {
            var line = lines[_line];
            if (IniFormat.IsBlankOrComment(line))
            {
                items.Add(new(null, line));
                _line++;
                continue;
            }

            var problem = FileText.StartsWith(line, '[') ? header(line) : AddValue(line);
            if (problem is not null) return problem;
        }

        return null;
    }

    private FormatProblem? AddHeader(string line)
    {
        var text = line.AsSpan().Trim(" \t\r");
        var name = text[^1] == ']' ? text[1..^1].ToString() : "";
        if (name.Length == 0 || name.AsSpan().ContainsAny('[', ']')) return new(_line + 1, "is not the name of a section in brackets");
        var occurrence = _occurrences.GetValueOrDefault(name) + 1;
        if (occurrence > 1 && !format.MayRepeat(name)) return new(_line + 1, "begins a section that is there already");
        End(RecordPlaces.EndBeforeNext(items));
        items.Add(new(IniKeys.Header(name, occurrence), line));
        (_section, _occurrences[name]) = (name, occurrence);
        _line++;
        return null;
    }

    private void End(int place) => items.Insert(place, new(IniKeys.End(_section, _occurrences.GetValueOrDefault(_section)), ""));

    private FormatProblem? AddValue(string line)
    {
        var separator = line.IndexOf('=', StringComparison.Ordinal);
        var name = (separator < 0 ? line : line[..separator]).Trim(' ', '\t', '\r');
        if (format.FindProblem(_section, line, name) is { } problem) return new(_line + 1, problem);
        // What were put after it would become a part of it.
        if (format.EndOfValue(lines, _line) is not { } end) return new(_line + 1, "goes on, and the file ends");
        items.Add(new(IniKeys.Value(_section, name), string.Join('\n', lines.Skip(_line).Take(end - _line))));
        _line = end;
        return null;
    }
}
