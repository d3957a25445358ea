using System.Collections.Immutable;

namespace EtcSync.Core.Server;

/// <summary>The lines of somebody else's file, with everything that ends them: put together again they are the file, byte for byte.</summary>
public static class FileLines
{
    /// <summary>The lines, each with its newline; the last may have none.</summary>
    public static ImmutableArray<string> Split(string text)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        for (var start = 0; start < text.Length;)
        {
            var newline = text.IndexOf('\n', start);
            var end = newline < 0 ? text.Length : newline + 1;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines.ToImmutable();
    }

    /// <summary>The text without these lines (the first is 1); every other byte stays.</summary>
    public static string Without(string text, IEnumerable<int> numbers)
    {
        var gone = numbers.ToHashSet();
        return string.Concat(Split(text).Where((_, index) => !gone.Contains(index + 1)));
    }
}
