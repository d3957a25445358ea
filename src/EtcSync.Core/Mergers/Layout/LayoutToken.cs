using System.Buffers;

namespace EtcSync.Core.Mergers.Layout;

/// <summary>What a piece of a file is for its layout.</summary>
internal enum TokenKind
{
    /// <summary>A record.</summary>
    Record,

    /// <summary>A line that is no record and says something.</summary>
    Comment,

    /// <summary>A line without a letter or a digit. There are many that are equal, so that one says little about the place.</summary>
    Separator,

    /// <summary>The beginning or the end of the file.</summary>
    Edge,
}

/// <summary>A piece of a file, as its layout sees it: records are the same if they have the same key, whatever they say.</summary>
/// <param name="Number">Equal exactly for the same pieces.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Key">The key of a record.</param>
/// <param name="Occurrence">Which of the records with the key, counted from 0.</param>
/// <param name="Text">The text of a line that is no record.</param>
internal readonly record struct LayoutToken(int Number, TokenKind Kind, string Key, int Occurrence, string Text)
{
    /// <summary>Whether it is in a version at most once.</summary>
    public bool IsUnique => Kind is TokenKind.Record or TokenKind.Edge;
}

/// <summary>Numbers the pieces of all versions of a file.</summary>
internal sealed class TokenNumbers
{
    private const int Beginning = 0;
    private const int End = 1;

    // Letters, digits, and all that is not ASCII.
    private static readonly SearchValues<char> Telling = SearchValues.Create([.. Enumerable.Range(0, 256).Select(c => (char)c).Where(c => c >= 0x80 || char.IsAsciiLetterOrDigit(c))]);

    private readonly Dictionary<string, int> _records = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Key, int Occurrence), int> _repeated = [];
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    /// <summary>Above every number.</summary>
    public int Count => End + 1 + _records.Count + _repeated.Count + _lines.Count;

    /// <summary>The pieces of a version, between its beginning and its end.</summary>
    public LayoutToken[] Read(RecordFile file)
    {
        var tokens = new LayoutToken[file.Items.Count + 2];
        // How often each record was there so far, by the number of the first one of its key.
        var seen = new int[Count + file.Items.Count];
        tokens[0] = new(Beginning, TokenKind.Edge, "", 0, "");
        tokens[^1] = new(End, TokenKind.Edge, "", 0, "");
        for (var i = 0; i < file.Items.Count; i++)
        {
            var (key, text) = file.Items[i];
            if (key is null)
            {
                if (!_lines.TryGetValue(text, out var line)) _lines.Add(text, line = Count);
                tokens[i + 1] = new(line, text.AsSpan().ContainsAny(Telling) ? TokenKind.Comment : TokenKind.Separator, "", 0, text);
                continue;
            }

            if (!_records.TryGetValue(key, out var record)) _records.Add(key, record = Count);
            var occurrence = seen[record]++;
            if (occurrence > 0 && !_repeated.TryGetValue((key, occurrence), out record)) _repeated.Add((key, occurrence), record = Count);
            tokens[i + 1] = new(record, TokenKind.Record, key, occurrence, "");
        }

        return tokens;
    }
}
