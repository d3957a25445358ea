using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EtcSync.Core.Configuration;

/// <summary>Builds nodes from the parser's events, within bounds.</summary>
internal sealed class YamlDocumentReader(IParser parser, ProblemList problems)
{
    // Configuration nests five deep; the bound keeps a file of brackets from exhausting the stack.
    private const int Deepest = 24;

    private bool _tooDeep;

    private bool IsNode => parser.Current is NodeEvent or AnchorAlias;

    /// <summary>Reads the one document; null where it is empty or unreadable.</summary>
    public YamlNode? Read()
    {
        YamlNode? root = null;
        var documents = 0;
        while (parser.MoveNext())
        {
            if (parser.Current is DocumentStart start)
            {
                if (++documents == 2)
                {
                    problems.Add(Mark(start.Start).Line, "", "A second document begins here ('---'). Write everything in one document.");
                    return null;
                }
            }
            else if (IsNode)
            {
                root = Node(0, "");
                if (_tooDeep) return null;
            }
        }

        return root is { IsNull: true } ? null : root;
    }

    private YamlNode Node(int depth, string path)
    {
        var here = parser.Current!;
        var (start, end) = (Mark(here.Start), Mark(here.End));
        if (depth > Deepest)
        {
            _tooDeep = true;
            problems.Add(start.Line, path, $"This is nested more than {Deepest} levels deep. No setting is.");
            return new YamlUnreadable(start, end);
        }

        if (here is AnchorAlias alias)
        {
            var name = alias.Value.IsEmpty ? "" : alias.Value.Value;
            problems.Add(start.Line, path, $"'*{Plain(name)}' is a YAML alias here, and aliases are not supported. If it is a pattern, put it in quotes: \"*{Plain(name)}\".");
            return new YamlUnreadable(start, end);
        }

        var current = (NodeEvent)here;
        if (!current.Anchor.IsEmpty)
            problems.Add(start.Line, path, $"'&{Plain(current.Anchor.Value)}' is a YAML anchor, and anchors are not supported. Write the value where it is needed.");
        if (!current.Tag.IsEmpty)
            problems.Add(start.Line, path, $"'{(current.Tag.IsNonSpecific ? "!" : Plain(current.Tag.Value.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal)))}' is a YAML tag, and tags are not supported. If it belongs to the value, put the value in quotes.");
        return current switch
        {
            Scalar scalar => new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, start, end),
            SequenceStart list => List(list, depth, path, start),
            _ => Map((MappingStart)current, depth, path, start),
        };
    }

    private YamlList List(SequenceStart list, int depth, string path, YamlMark start)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (!_tooDeep && parser.MoveNext() && parser.Current is not SequenceEnd)
        {
            if (IsNode) items.Add(Node(depth + 1, $"{path}[{items.Count + 1}]"));
        }

        var isFlow = list.Style == SequenceStyle.Flow;
        return new(items.ToImmutable(), isFlow, start, End(isFlow, start, items.Count > 0 ? items[^1] : null));
    }

    private YamlMap Map(MappingStart map, int depth, string path, YamlMark start)
    {
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        YamlNode? last = null;
        while (!_tooDeep && parser.MoveNext() && parser.Current is not MappingEnd)
        {
            if (!IsNode) continue;
            var key = Node(depth + 1, path);
            while (!_tooDeep && parser.MoveNext() && !IsNode)
            {
                // Nothing but nodes stands between a key and its value.
            }

            if (_tooDeep || !IsNode) break;
            var below = key is YamlScalar { Text: var word } ? Key(path, word) : path;
            last = Node(depth + 1, below);
            if (key is not YamlScalar name)
            {
                if (key is not YamlUnreadable) problems.Add(key.Start.Line, path, $"A key must be a single word, and this one is {key.Kind}. If it is a value that begins with '[', '{{' or '?', put it in quotes.");
            }
            else if (lines.TryAdd(name.Text, name.Start.Line)) entries.Add(new(name, last));
            else problems.Add(name.Start.Line, below, $"The key {Quoted.Text(name.Text)} stands twice: it is also on line {lines[name.Text]}. Remove one of them.");
        }

        var isFlow = map.Style == MappingStyle.Flow;
        return new(entries.ToImmutable(), isFlow, start, End(isFlow, start, last));
    }

    // The end of a block is only noticed at the next token, lines later: its last child's end is the true one. The library's mark
    // for the end of '}' and ']' is their beginning.
    private YamlMark End(bool isFlow, YamlMark start, YamlNode? last)
    {
        if (!isFlow || parser.Current is null) return last?.End ?? start;
        var bracket = Mark(parser.Current.Start);
        return bracket with { Column = bracket.Column + 1 };
    }

    private static string Key(string path, string word) => path.Length == 0 ? Plain(word) : $"{path}.{Plain(word)}";

    private static string Plain(string text) => Quoted.Text(text)[1..^1];

    private static YamlMark Mark(Mark mark) => new((int)mark.Line, (int)mark.Column);
}
