namespace EtcSync.Core.Ignore;

/// <summary>Turns the text of a pattern into the tokens of a <see cref="Wildmatch"/>.</summary>
internal ref struct WildmatchCompiler(ReadOnlySpan<byte> pattern)
{
    private readonly ReadOnlySpan<byte> _pattern = pattern;
    private readonly List<Wildmatch.Token> _tokens = [];
    private readonly List<ByteSet> _sets = [];
    private int _at;

    /// <summary>The byte at hand, 0 at the end (a pattern holds no NUL).</summary>
    private readonly byte Current => Ahead(0);

    /// <summary>False for a pattern that can match nothing: an open bracket, an unknown class, an escape of nothing.</summary>
    public bool TryCompile(out Wildmatch.Token[] tokens, out ByteSet[] sets)
    {
        (tokens, sets) = ([], []);
        for (; Current != 0; _at++)
        {
            switch (Current)
            {
                case (byte)'*':
                    Stars();
                    continue;
                case (byte)'?':
                    _tokens.Add(new(Wildmatch.Kind.AnyByte));
                    continue;
                case (byte)'[':
                    if (!TryBracket(out var set)) return false;
                    _tokens.Add(new(Wildmatch.Kind.Set, Set: _sets.Count));
                    _sets.Add(set);
                    continue;
                case (byte)'\\':
                    _at++;
                    if (Current == 0) return false;
                    break;
            }

            _tokens.Add(new(Wildmatch.Kind.Literal, Current));
        }

        (tokens, sets) = ([.. _tokens], [.. _sets]);
        return true;
    }

    private readonly byte Ahead(int distance) => _at + distance < _pattern.Length ? _pattern[_at + distance] : (byte)0;

    /// <summary>A run of stars; leaves the last byte that belongs to it at hand.</summary>
    private void Stars()
    {
        var startsComponent = _at == 0 || _pattern[_at - 1] == '/';
        var run = 1;
        while (Ahead(run) == '*') run++;
        _at += run - 1;

        var kind = Wildmatch.Kind.Star;
        if (run > 1 && startsComponent)
        {
            if (Ahead(1) == '/')
            {
                kind = Wildmatch.Kind.Directories;
                _at++;
            }
            else if (Ahead(1) == 0 || (Ahead(1) == '\\' && Ahead(2) == '/'))
            {
                // Before an escaped slash git lets it match anything, but not nothing.
                kind = Wildmatch.Kind.StarStar;
            }
        }

        // "**/**/" says no more than "**/": folded, or a pattern of many would be longer than any text.
        if (kind != Wildmatch.Kind.Directories || _tokens is not [.., { Kind: Wildmatch.Kind.Directories }]) _tokens.Add(new(kind));
    }

    /// <summary>A bracket expression; leaves its closing bracket at hand.</summary>
    private bool TryBracket(out ByteSet set)
    {
        set = default;
        _at++;
        var isInverted = Current is (byte)'!' or (byte)'^';
        if (isInverted) _at++;

        // The last single byte, from which a range may start; 0 where none can.
        byte previous = 0;
        // A closing bracket that comes first is a member.
        for (var isFirst = true; isFirst || Current != ']'; isFirst = false, _at++)
        {
            if (Current == '[' && Ahead(1) == ':')
            {
                var close = _pattern[(_at + 2)..].IndexOf((byte)']');
                if (close < 0) return false;
                var word = _pattern.Slice(_at + 2, close);
                if (word is [.. var name, (byte)':'])
                {
                    if (!set.AddClass(name)) return false;
                    _at += 2 + close;
                    previous = 0;
                    continue;
                }
            }

            if (Current == '-' && previous != 0 && Ahead(1) != 0 && Ahead(1) != ']')
            {
                _at++;
                if (!TryMember(out var last)) return false;
                set.AddRange(previous, last);
                previous = 0;
                continue;
            }

            if (!TryMember(out previous)) return false;
            set.Add(previous);
        }

        if (isInverted) set.Invert();
        set.Remove((byte)'/');
        return true;
    }

    /// <summary>One byte, perhaps escaped; false at the end of the pattern.</summary>
    private bool TryMember(out byte member)
    {
        if (Current == '\\') _at++;
        member = Current;
        return member != 0;
    }
}
