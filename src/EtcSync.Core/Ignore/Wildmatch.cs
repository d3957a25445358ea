namespace EtcSync.Core.Ignore;

/// <summary>
/// A pattern with wildcards, compiled: <c>*</c>, <c>?</c> and brackets match within a component of a path, <c>**</c> as
/// a whole component matches any number of them (gitignore(5)). It works on bytes, as git does.
/// </summary>
internal sealed class Wildmatch
{
    private readonly Token[] _tokens;
    private readonly ByteSet[] _sets;
    private readonly int _shortest;

    private Wildmatch(Token[] tokens, ByteSet[] sets)
    {
        _tokens = tokens;
        _sets = sets;
        _shortest = tokens.Count(t => t.Kind <= Kind.Set);
    }

    internal enum Kind : byte
    {
        Literal,
        AnyByte,
        Set,

        /// <summary>Any bytes but slashes.</summary>
        Star,

        /// <summary>Any bytes.</summary>
        StarStar,

        /// <summary>Nothing, or any bytes and a slash.</summary>
        Directories,
    }

    /// <summary>The byte that every text it matches ends in, or 0 if that is not certain.</summary>
    public byte LastByte => _tokens[^1].Value;

    /// <summary>Compiles a pattern; null for a malformed one, which matches nothing.</summary>
    public static Wildmatch? Compile(ReadOnlySpan<byte> pattern)
    {
        var compiler = new WildmatchCompiler(pattern);
        return compiler.TryCompile(out var tokens, out var sets) ? new Wildmatch(tokens, sets) : null;
    }

    /// <summary>
    /// Whether the whole text matches. Takes at most (length of text) x (length of pattern) steps: of several stars only
    /// the last needs to be tried again, as whatever an earlier one could gain the last one can gain as well; a single
    /// star gives up at a slash, and then the last double star is tried again.
    /// </summary>
    public bool Matches(ReadOnlySpan<byte> text)
    {
        if (text.Length < _shortest) return false;

        var (at, next) = (0, 0);
        var (star, starAt) = (-1, 0);
        var (doubleStar, doubleStarAt) = (-1, 0);
        while (true)
        {
            if (next < _tokens.Length)
            {
                var token = _tokens[next];
                if (token.Kind == Kind.Star)
                {
                    (star, starAt) = (++next, at);
                    at = starAt += SkipTo(next, text[at..]);
                    continue;
                }

                if (token.Kind is Kind.StarStar or Kind.Directories)
                {
                    (doubleStar, doubleStarAt) = (++next, at);
                    star = -1;
                    continue;
                }

                if (at < text.Length && MatchesByte(token, text[at]))
                {
                    at++;
                    next++;
                    continue;
                }
            }
            else if (at == text.Length)
            {
                return true;
            }

            if (star >= 0 && starAt < text.Length && text[starAt] != '/')
            {
                starAt++;
                starAt += SkipTo(star, text[starAt..]);
                (at, next) = (starAt, star);
                continue;
            }

            if (doubleStar < 0) return false;
            // Where it ends in a slash, only the place after the next slash is worth a try.
            var skip = _tokens[doubleStar - 1].Kind == Kind.StarStar ? 0 : text[doubleStarAt..].IndexOf((byte)'/');
            doubleStarAt += skip + 1;
            if (skip < 0 || doubleStarAt > text.Length) return false;
            (at, next, star) = (doubleStarAt, doubleStar, -1);
        }
    }

    /// <summary>How much more a single star may take at once, because what comes after it is a byte that stands only further on.</summary>
    private int SkipTo(int next, ReadOnlySpan<byte> text)
    {
        if (next == _tokens.Length || _tokens[next] is not { Kind: Kind.Literal, Value: var value }) return 0;
        var found = text.IndexOfAny(value, (byte)'/');
        return found < 0 ? text.Length : found;
    }

    private bool MatchesByte(Token token, byte value) => token.Kind switch
    {
        Kind.Literal => token.Value == value,
        Kind.AnyByte => value != '/',
        _ => _sets[token.Set].Contains(value),
    };

    /// <summary>One step of a pattern: a literal has a value (others 0), a set its place in the list of sets.</summary>
    internal readonly record struct Token(Kind Kind, byte Value = 0, int Set = 0);
}
