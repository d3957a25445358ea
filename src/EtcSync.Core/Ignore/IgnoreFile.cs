using System.Collections.Immutable;

namespace EtcSync.Core.Ignore;

/// <summary>The rules of one <c>.gitignore</c>, in the order of the file.</summary>
internal sealed class IgnoreFile
{
    private readonly ImmutableArray<IgnoreRule> _rules;

    // Per rule the byte that a path must end in. Few rules share it with a path, and a search for one byte in a row of
    // bytes takes no time, so that hardly any rule is looked at.
    private readonly byte[] _lastBytes;
    private readonly int _below;

    private IgnoreFile(ImmutableArray<IgnoreRule> rules, int below)
    {
        _rules = rules;
        _lastBytes = [.. rules.Select(r => r.LastByte)];
        _below = below;
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Reads a file.
    /// </summary>
    /// <param name="content">Its bytes.</param>
    /// <param name="below">How long the paths below its directory begin with the directory: its name in bytes and the slash.</param>
    public static IgnoreFile Parse(ReadOnlySpan<byte> content, int below)
    {
        if (content.StartsWith(ByteOrderMark)) content = content[ByteOrderMark.Length..];
        var rules = ImmutableArray.CreateBuilder<IgnoreRule>();
        for (var number = 1; !content.IsEmpty; number++)
        {
            var end = content.IndexOf((byte)'\n');
            var line = end < 0 ? content : content[..end];
            content = end < 0 ? [] : content[(end + 1)..];
            if (line is [(byte)'#', ..]) continue;
            if (IgnoreRule.Parse(Trim(line), number) is { } rule) rules.Add(rule);
        }

        return new IgnoreFile(rules.ToImmutable(), below);
    }

    /// <summary>The last rule that matches, or null; <paramref name="path"/> is below the directory of this file.</summary>
    public IgnoreRule? DecidingRule(ReadOnlySpan<byte> path, bool isDirectory)
    {
        var relative = path[_below..];
        var name = relative[(relative.LastIndexOf((byte)'/') + 1)..];
        for (var earlier = _lastBytes.AsSpan(); ;)
        {
            var i = earlier.LastIndexOfAny(relative[^1], IgnoreRule.AnyLastByte);
            if (i < 0) return null;
            if (_rules[i].Matches(relative, name, isDirectory)) return _rules[i];
            earlier = earlier[..i];
        }
    }

    /// <summary>The pattern of a line: without the carriage return, all from a NUL on, and spaces at the end that are not escaped.</summary>
    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        if (line is [.., (byte)'\r']) line = line[..^1];
        if (line.IndexOf((byte)0) is >= 0 and var nul) line = line[..nul];
        var end = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == ' ') continue;
            if (line[i] == '\\') i++;
            end = i + 1;
        }

        // A backslash that escapes nothing stands at the very end.
        return line[..Math.Min(end, line.Length)];
    }
}
