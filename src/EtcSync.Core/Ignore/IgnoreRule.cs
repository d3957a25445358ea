namespace EtcSync.Core.Ignore;

/// <summary>
/// One pattern of a <c>.gitignore</c>, prepared: most are plain names or endings and need no wildcard matching.
/// </summary>
internal sealed class IgnoreRule
{
    /// <summary>Stands for no certain last byte; no path holds a NUL.</summary>
    public const byte AnyLastByte = 0;

    private readonly Form _form;
    private readonly bool _directoriesOnly;

    /// <summary>The name, the path, the ending, or what a <see cref="_rest"/> comes after.</summary>
    private readonly byte[] _literal;
    private readonly Wildmatch? _rest;

    private IgnoreRule(Form form, byte[] literal, Wildmatch? rest, bool isNegated, bool directoriesOnly, int line)
    {
        _form = form;
        _literal = literal;
        _rest = rest;
        _directoriesOnly = directoriesOnly;
        IsNegated = isNegated;
        Line = line;
        LastByte = rest is not null ? rest.LastByte : literal is [.., var last] ? last : AnyLastByte;
    }

    private enum Form : byte
    {
        Name,
        NameEnding,
        NamePattern,
        Path,
        PathPattern,
    }

    /// <summary>Whether it takes paths out of what earlier rules ignore.</summary>
    public bool IsNegated { get; }

    /// <summary>The line in its file, counted from 1.</summary>
    public int Line { get; }

    /// <summary>The byte that every path it matches ends in, or <see cref="AnyLastByte"/>.</summary>
    public byte LastByte { get; }

    /// <summary>Prepares a pattern; null for one that can match nothing.</summary>
    public static IgnoreRule? Parse(ReadOnlySpan<byte> pattern, int line)
    {
        var isNegated = pattern is [(byte)'!', ..];
        if (isNegated) pattern = pattern[1..];
        var directoriesOnly = pattern is [.., (byte)'/'];
        if (directoriesOnly) pattern = pattern[..^1];
        if (pattern.IsEmpty) return null;

        var isName = !pattern.Contains((byte)'/');
        if (pattern[0] == '/') pattern = pattern[1..];
        var wild = pattern.IndexOfAny("*?[\\"u8);
        if (wild < 0) return pattern.IsEmpty ? null : Rule(isName ? Form.Name : Form.Path, pattern, null);
        if (isName && pattern[0] == '*' && pattern[1..].IndexOfAny("*?[\\"u8) < 0) return Rule(Form.NameEnding, pattern[1..], null);

        // git matches what follows the literal part as a pattern of its own, in which "**" may come first.
        var rest = Wildmatch.Compile(pattern[wild..]);
        return rest is null ? null : Rule(isName ? Form.NamePattern : Form.PathPattern, pattern[..wild], rest);

        IgnoreRule Rule(Form form, ReadOnlySpan<byte> literal, Wildmatch? wildmatch) =>
            new(form, literal.ToArray(), wildmatch, isNegated, directoriesOnly, line);
    }

    /// <summary>Whether it applies to a path, relative to the directory of its file, whose last component is <paramref name="name"/>.</summary>
    public bool Matches(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, bool isDirectory)
    {
        if (_directoriesOnly && !isDirectory) return false;
        return _form switch
        {
            Form.Name => name.SequenceEqual(_literal),
            Form.NameEnding => name.EndsWith(_literal),
            Form.Path => path.SequenceEqual(_literal),
            Form.NamePattern => name.StartsWith(_literal) && _rest!.Matches(name[_literal.Length..]),
            _ => path.StartsWith(_literal) && _rest!.Matches(path[_literal.Length..]),
        };
    }
}
