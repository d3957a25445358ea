using System.Collections.Immutable;
using EtcSync.Core.Server;

namespace EtcSync.Core.Exports;

/// <summary>Reads the lines of a file in the syntax of exports(5).</summary>
internal sealed class ExportsParser(ForeignFile file)
{
    /// <summary>The longest client with its options that exportfs has room for; a longer word ends its reading of the file.</summary>
    public const int LongestClient = 511;

    private const int LongestPath = 1024;

    private readonly ExportsWords _words = new(file.Text);

    /// <summary>All lines.</summary>
    public ImmutableArray<ExportLine> Lines()
    {
        var lines = ImmutableArray.CreateBuilder<ExportLine>();
        while (!_words.IsAtEnd) lines.Add(Line());
        return lines.ToImmutable();
    }

    private ExportLine Line()
    {
        var (start, number) = (_words.Position, _words.Line);
        var clients = ImmutableArray.CreateBuilder<ExportLineClient>();
        string? problem = null;
        if (_words.Next() is { } path)
        {
            problem = Problem(path, "path", LongestPath);
            Clients(path, start, clients, ref problem);
        }

        _words.SkipNewline();
        return new(number, file.Text[start.._words.Position], clients.ToImmutable(), problem);
    }

    private void Clients(ExportsWord path, int lineStart, ImmutableArray<ExportLineClient>.Builder clients, ref string? problem)
    {
        var defaults = ImmutableArray<string>.Empty;
        ExportsWord? pending = null;
        while (_words.Next() is { } word)
        {
            problem ??= Problem(word, "client and its options", LongestClient);

            // Options for the clients after them. Two such words in a row make a client of the second.
            if (pending is null && word.Text.StartsWith('-'))
            {
                if (word.Text.AsSpan().ContainsAny('(', ')')) problem ??= "Default options stand after '-' without brackets.";
                defaults = defaults.AddRange(Options(word.Text[1..]));
                pending = word;
                continue;
            }

            Add(word, Named(word.Text, path, word.Line, defaults, ref problem));
            pending = null;
        }

        // Without a client, and after default options at the end of the line, it is exported to everybody.
        if (pending is not null || clients.Count == 0) Add(pending ?? path, new(path.Text, "", defaults, file.Path, path.Line));

        void Add(ExportsWord word, ExportEntry entry) => clients.Add(new(entry, (pending ?? word).BlankStart - lineStart, word.BlankStart - lineStart, word.End - lineStart));
    }

    private ExportEntry Named(string word, ExportsWord path, int line, ImmutableArray<string> defaults, ref string? problem)
    {
        var open = word.IndexOf('(', StringComparison.Ordinal);
        if (open < 0) return new(path.Text, Client(word), defaults, file.Path, line);
        var close = word.IndexOf(')', open);
        if (close != word.Length - 1) problem ??= "The options of a client have to end with ')', and nothing may follow it but a blank.";
        return new(path.Text, Client(word[..open]), defaults.AddRange(Options(word[(open + 1)..(close < 0 ? word.Length : close)])), file.Path, line);
    }

    private static string? Problem(ExportsWord word, string what, int longest) =>
        word.IsUnclosed ? "A quote is not closed."
        : word.Text.Length == 0 ? $"The {what} cannot be empty."
        : word.Text.Length > longest ? $"The {what} cannot be longer than {longest} characters."
        : null;

    private static string Client(string name) => name == "*" ? "" : name;

    private static IEnumerable<string> Options(string list) => list.Split(',').Select(option => option.TrimStart(' ', '\t')).Where(option => option.Length > 0);
}
