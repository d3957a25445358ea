using System.Collections.Immutable;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary>A word of a line, with the blanks before it.</summary>
internal readonly record struct FieldWord(string Gap, string Text);

/// <summary>A line of words that blanks separate.</summary>
/// <param name="Words">The words.</param>
/// <param name="Rest">What stands after the last word: blanks, a comment.</param>
internal sealed record FieldLine(ImmutableArray<FieldWord> Words, string Rest)
{
    /// <summary>A line of which there is none.</summary>
    public static FieldLine None { get; } = new([], "");

    /// <summary>The comment at the end, blanks around it aside; empty for none.</summary>
    public string Comment => Rest.Trim(' ', '\t', '\r', '\v', '\f');

    /// <summary>The line.</summary>
    public string Text => string.Concat(Words.Select(word => word.Gap + word.Text)) + Rest;

    /// <summary>Reads a line in which <c>#</c> begins a comment wherever it stands.</summary>
    public static FieldLine WithComment(string line)
    {
        var end = line.IndexOf('#', StringComparison.Ordinal);
        if (end < 0) return Of(line);
        var fields = Of(line[..end]);
        return fields with { Rest = fields.Rest + line[end..] };
    }

    /// <summary>The first two words of a line in which <c>#</c> begins a comment; false if it has fewer.</summary>
    public static bool TryReadTwo(ReadOnlySpan<char> line, out ReadOnlySpan<char> first, out ReadOnlySpan<char> second)
    {
        var end = line.IndexOf('#');
        if (end >= 0) line = line[..end];
        first = NextWord(ref line);
        second = NextWord(ref line);
        return !second.IsEmpty;
    }

    /// <summary>Reads a line that is all words.</summary>
    public static FieldLine Of(string line)
    {
        var words = ImmutableArray.CreateBuilder<FieldWord>();
        var position = 0;
        while (true)
        {
            var start = position;
            while (start < line.Length && FileText.IsBlank(line[start])) start++;
            if (start == line.Length) return new(words.ToImmutable(), line[position..]);
            var end = start;
            while (end < line.Length && !FileText.IsBlank(line[end])) end++;
            words.Add(new(line[position..start], line[start..end]));
            position = end;
        }
    }

    /// <summary>Takes the next word from the front of a text; empty at its end.</summary>
    public static ReadOnlySpan<char> NextWord(scoped ref ReadOnlySpan<char> text)
    {
        var start = text.IndexOfAnyExcept(FileText.Blanks);
        if (start < 0) return [];
        var rest = text[start..];
        var end = rest.IndexOfAny(FileText.Blanks);
        var word = end < 0 ? rest : rest[..end];
        text = end < 0 ? [] : rest[end..];
        return word;
    }
}
