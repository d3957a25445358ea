using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace EtcSync.Core.Configuration;

/// <summary>
/// Reads the keys of one map. Unknown keys are reported when it is made; each Try method reports what is wrong with its key
/// and returns false then, as it does for a key that is absent.
/// </summary>
internal sealed class MapReader
{
    private readonly YamlMap? _map;

    private MapReader(ProblemList problems, string path, int line, YamlMap? map, IReadOnlyCollection<string> known)
    {
        (Problems, Path, Line, _map) = (problems, path, line, map);
        foreach (var entry in map?.Entries ?? [])
        {
            if (known.Contains(entry.Key.Text, StringComparer.Ordinal)) continue;
            IsUnderstood = false;
            var where = path.Length == 0 ? "at the top level" : $"of '{path}'";
            problems.Add(entry.Key.Start.Line, KeyPath(Quoted.Text(entry.Key.Text)[1..^1]), $"{Quoted.Text(entry.Key.Text)} is not a key {where}.{Suggestion.Sentence(entry.Key.Text, known, "The keys are")}");
        }
    }

    public ProblemList Problems { get; }

    public string Path { get; }

    public int Line { get; }

    /// <summary>Reads a node that must be a map; a missing or empty one reads as a map without keys.</summary>
    public static MapReader Of(YamlNode? node, ProblemList problems, string path, int line, params IReadOnlyCollection<string> known)
    {
        var reader = new MapReader(problems, path, node?.Start.Line ?? line, node as YamlMap, known);
        if (node is null or YamlMap || node.IsNull) return reader;
        reader.IsUnderstood = false;
        if (node is not YamlUnreadable)
            problems.Add(node.Start.Line, path, $"{(path.Length == 0 ? "The file" : $"'{path}'")} holds {node.Kind}, and a map of keys is needed: {string.Join(", ", known)}.");
        return reader;
    }

    /// <summary>Reads a file whose first key is <c>version: 1</c>; a file without any key needs none.</summary>
    public static MapReader File(YamlNode? root, ProblemList problems, params IReadOnlyCollection<string> known)
    {
        var reader = Of(root, problems, "", 1, known);
        if (root is YamlMap map && map.Find("version") is null)
            problems.Add(map.Start.Line, "version", "The version is missing. Write 'version: 1' as the first line, so that later versions know how to read the file.");
        reader.TryRead("version", OneVersion, out int _);
        return reader;
    }

    /// <summary>False where the map is none, or has unknown keys: what seems to be missing then may only be misspelt.</summary>
    public bool IsUnderstood { get; private set; } = true;

    public string KeyPath(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    public bool Has(string key) => _map?.Find(key) is not null;

    /// <summary>The line of a key, or of the map where the key is absent.</summary>
    public int LineOf(string key) => _map?.Find(key)?.Key.Start.Line ?? Line;

    public YamlNode? Node(string key) => _map?.Find(key)?.Value;

    public void Report(string key, string message) => Problems.Add(LineOf(key), KeyPath(key), message);

    public MapReader Section(string key, params IReadOnlyCollection<string> known) => Of(Node(key), Problems, KeyPath(key), LineOf(key), known);

    /// <summary>Reads a single value, which may not be empty.</summary>
    public bool TryRead<T>(string key, ScalarParser<T> parse, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (Node(key) is not { } node) return false;
        if (node.IsNull)
        {
            Report(key, $"'{key}' has no value. Write one, or remove the line.");
            return false;
        }

        return TryParse(node, KeyPath(key), parse, out value);
    }

    /// <summary>Reads a single value; an empty one counts as absent.</summary>
    public bool TryReadOptional<T>(string key, ScalarParser<T> parse, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return Node(key) is { IsNull: false } && TryRead(key, parse, out value);
    }

    /// <summary>The value, or the fallback where it is absent or wrong (the file is refused as a whole then).</summary>
    public T Read<T>(string key, T fallback, ScalarParser<T> parse) => TryRead(key, parse, out var value) ? value : fallback;

    /// <summary>Reads one value or a list of values, each with its line. Wrong ones are reported and left out.</summary>
    public ImmutableArray<(T Value, int Line)> ReadMany<T>(string key, ScalarParser<T> parse)
    {
        var values = ImmutableArray.CreateBuilder<(T, int)>();
        var node = Node(key);
        IEnumerable<YamlNode> items = node switch
        {
            null => [],
            YamlList list => list.Items,
            { IsNull: true } => [],
            _ => [node],
        };
        foreach (var item in items)
        {
            if (TryParse(item, KeyPath(key), parse, out var value)) values.Add((value, item.Start.Line));
        }

        return values.ToImmutable();
    }

    private bool TryParse<T>(YamlNode node, string path, ScalarParser<T> parse, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is YamlUnreadable) return false;
        if (node is not YamlScalar scalar)
        {
            Problems.Add(node.Start.Line, path, $"'{path}' holds {node.Kind} here, and a single value is needed.");
            return false;
        }

        if (parse(scalar.Text, out value, out var reason)) return true;
        Problems.Add(node.Start.Line, path, reason);
        return false;
    }

    private static bool OneVersion(string text, out int version, out string reason)
    {
        version = 1;
        reason = text == "1" ? "" : $"The version is {Quoted.Text(text)}, and this program reads version 1. Write 'version: 1'.";
        return reason.Length == 0;
    }
}
