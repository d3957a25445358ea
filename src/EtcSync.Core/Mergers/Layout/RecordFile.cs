using System.Collections.Immutable;

namespace EtcSync.Core.Mergers.Layout;

/// <summary>One version of a file, taken apart.</summary>
internal sealed class RecordFile
{
    private readonly Dictionary<string, ImmutableArray<string>> _records;

    private RecordFile(FileLines lines, List<LayoutItem> items)
    {
        (Lines, Items) = (lines, items);
        _records = new(items.Count, StringComparer.Ordinal);
        var repeated = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (key, text) in items)
        {
            if (key is null || _records.TryAdd(key, [text])) continue;
            if (!repeated.TryGetValue(key, out var texts)) repeated[key] = texts = [_records[key][0]];
            texts.Add(text);
        }

        foreach (var (key, texts) in repeated) _records[key] = [.. texts];
    }

    /// <summary>A version that is not there.</summary>
    public static RecordFile Empty { get; } = new(FileLines.Empty, []);

    /// <summary>Its lines.</summary>
    public FileLines Lines { get; }

    /// <summary>Its records and all between them, in order.</summary>
    public IReadOnlyList<LayoutItem> Items { get; }

    /// <summary>All keys.</summary>
    public IReadOnlyCollection<string> Keys => _records.Keys;

    /// <summary>All that it says under a key.</summary>
    public ImmutableArray<string> this[string key] => _records.TryGetValue(key, out var texts) ? texts : [];

    /// <summary>Takes a version apart; null, with the problem, if it is not of the kind.</summary>
    public static RecordFile? Read(FileLines lines, RecordFormat format, out FormatProblem? problem) => Read(lines, format.Read, out problem);

    /// <summary>Takes the lines apart with which a person settled a dispute about the record of this key; null if they are not of the kind.</summary>
    public static RecordFile? ReadAnswer(FileLines lines, RecordFormat format, string key) => Read(lines, (answer, items) => format.ReadAnswer(key, answer, items), out _);

    private static RecordFile? Read(FileLines lines, Func<IReadOnlyList<string>, List<LayoutItem>, FormatProblem?> read, out FormatProblem? problem)
    {
        var items = new List<LayoutItem>(lines.Lines.Length);
        problem = FindNul(lines) ?? read(lines.Lines, items);
        return problem is null ? new(lines, items) : null;
    }

    // No program that reads such files sees what comes after one.
    private static FormatProblem? FindNul(FileLines lines)
    {
        for (var i = 0; i < lines.Lines.Length; i++)
        {
            if (lines.Lines[i].Contains('\0', StringComparison.Ordinal)) return new(i + 1, "has a NUL byte");
        }

        return null;
    }
}

/// <summary>The three versions of a file, taken apart.</summary>
/// <param name="Base">What both sides started from; empty where both added the file.</param>
/// <param name="Client">The client's.</param>
/// <param name="Upstream">Upstream's.</param>
internal sealed record ThreeFiles(RecordFile Base, RecordFile Client, RecordFile Upstream)
{
    // Each line costs a few hundred bytes while it is merged, and a file of nothing but line feeds can have many.
    private const int MostLines = 1_000_000;

    /// <summary>One of the three.</summary>
    public RecordFile this[DisputeSide side] => side switch { DisputeSide.Base => Base, DisputeSide.Client => Client, _ => Upstream };

    /// <summary>All keys: in the client's order first, then in upstream's, then in the base's.</summary>
    public IEnumerable<string> Keys() => new[] { Client, Upstream, Base }.SelectMany(file => file.Items).Select(item => item.Key).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>All versions of a record.</summary>
    public RecordVersions Versions(string key) => new(key, Base[key], Client[key], Upstream[key]);

    /// <summary>Takes the versions apart; null, with a sentence, if one is not of the kind.</summary>
    public static ThreeFiles? Read(ContentVersions versions, RecordFormat format, out string? reason)
    {
        byte[][] contents = [versions.Base ?? [], versions.Client, versions.Upstream];
        if (contents.Any(content => content.AsSpan().Count((byte)'\n') > MostLines))
        {
            reason = $"One of the versions has more than {MostLines.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} lines.";
            return null;
        }

        var lines = contents.Select(FileLines.Of).ToArray();
        // Where a version has both endings, no ending is the file's; each line has its own.
        if (lines.Any(version => version.Ending == LineEnding.Mixed)) lines = [.. lines.Select(version => version.WithCarriageReturns())];
        var files = new RecordFile[lines.Length];
        ReadOnlySpan<string> names = ["the version that both sides started from", "the client's version", "upstream's version"];
        for (var i = 0; i < lines.Length; i++)
        {
            if (RecordFile.Read(lines[i], format, out var problem) is not { } file)
            {
                reason = $"Line {problem!.Line} of {names[i]} {problem.Problem}.";
                return null;
            }

            files[i] = file;
        }

        reason = null;
        return new(files[0], files[1], files[2]);
    }
}
