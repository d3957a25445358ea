using System.Collections.Immutable;
using System.Text;

namespace EtcSync.Core.Policies;

/// <summary>
/// A pattern for one name without slashes: <c>*</c> any characters, <c>?</c> one, <c>[a-z]</c> one of these, <c>[!a-z]</c> one of
/// the others; all else is itself, the backslash too (systemd's unit names are full of it). Compared by code point, case and all.
/// </summary>
internal sealed class NamePattern
{
    private readonly ImmutableArray<Token> _tokens;
    private readonly string? _literal;
    private readonly string? _suffix;

    private NamePattern(string text, ImmutableArray<Token> tokens)
    {
        (Text, _tokens) = (text, tokens);
        if (tokens.All(t => t.Kind == TokenKind.One)) _literal = text;
        // '*~' and '*.swp' are most of the patterns that are tried on every path.
        else if (tokens[0].Kind == TokenKind.Any && tokens.Skip(1).All(t => t.Kind == TokenKind.One)) _suffix = text[1..];
    }

    private enum TokenKind
    {
        One,
        AnyOne,
        Any,
        Set,
    }

    public string Text { get; }

    /// <summary>The only name that matches, or null where the pattern has wildcards.</summary>
    public string? Literal => _literal;

    /// <summary>Reads a pattern; where it is none, says why in whole sentences.</summary>
    public static bool TryParse(string text, out NamePattern pattern, out string reason)
    {
        var tokens = ImmutableArray.CreateBuilder<Token>();
        reason = "";
        for (var i = 0; i < text.Length;)
        {
            var c = CodePoint(text, i, out var length);
            if (c == '[')
            {
                var close = text.IndexOf(']', Math.Min(text.Length, i + (text.AsSpan(i + 1).StartsWith("!") || text.AsSpan(i + 1).StartsWith("^") ? 3 : 2)));
                if (close < 0 || !TrySet(text[(i + 1)..close], out var set))
                {
                    pattern = new("", []);
                    reason = close < 0
                        ? $"'[' in {Configuration.Quoted.Text(text)} is not closed. Write ']' behind the characters, or '[[]' for the bracket itself."
                        : $"{Configuration.Quoted.Text(text[i..(close + 1)])} has a range that runs backwards. Write the lower character first.";
                    return false;
                }

                tokens.Add(set);
                i = close + 1;
                continue;
            }

            // Two stars in a row match no more than one.
            if (c != '*' || tokens.Count == 0 || tokens[^1].Kind != TokenKind.Any)
                tokens.Add(c switch { '*' => new(TokenKind.Any, 0, []), '?' => new(TokenKind.AnyOne, 0, []), _ => new(TokenKind.One, c, []) });
            i += length;
        }

        pattern = new(text, tokens.ToImmutable());
        return true;
    }

    public bool IsMatch(ReadOnlySpan<char> name)
    {
        if (_literal is not null) return name.SequenceEqual(_literal);
        if (_suffix is not null) return name.EndsWith(_suffix);
        // Only the last star needs to be tried again, so the time is bounded by pattern times name.
        int token = 0, at = 0, starToken = -1, starAt = 0;
        while (at < name.Length)
        {
            var c = CodePoint(name, at, out var length);
            if (token < _tokens.Length && _tokens[token].Kind == TokenKind.Any)
            {
                (starToken, starAt) = (token++, at);
            }
            else if (token < _tokens.Length && _tokens[token].IsMatch(c))
            {
                token++;
                at += length;
            }
            else if (starToken >= 0)
            {
                CodePoint(name, starAt, out var skipped);
                starAt += skipped;
                (token, at) = (starToken + 1, starAt);
            }
            else
            {
                return false;
            }
        }

        while (token < _tokens.Length && _tokens[token].Kind == TokenKind.Any) token++;
        return token == _tokens.Length;
    }

    private static bool TrySet(string text, out Token set)
    {
        var negated = text[0] is '!' or '^';
        var ranges = ImmutableArray.CreateBuilder<(int, int)>();
        var good = true;
        for (var i = negated ? 1 : 0; i < text.Length;)
        {
            var from = CodePoint(text, i, out var length);
            i += length;
            var to = from;
            if (i + 1 < text.Length && text[i] == '-')
            {
                to = CodePoint(text, i + 1, out length);
                i += 1 + length;
            }

            good &= from <= to;
            ranges.Add((from, to));
        }

        set = new(TokenKind.Set, negated ? 1 : 0, ranges.ToImmutable());
        return good;
    }

    // Names that are not UTF-8 hold lone surrogates (see GitName); each of them counts as one character.
    private static int CodePoint(ReadOnlySpan<char> text, int index, out int length)
    {
        var good = Rune.DecodeFromUtf16(text[index..], out var rune, out length) == System.Buffers.OperationStatus.Done;
        if (!good) length = 1;
        return good ? rune.Value : text[index];
    }

    private readonly record struct Token(TokenKind Kind, int Value, ImmutableArray<(int From, int To)> Ranges)
    {
        public bool IsMatch(int c)
        {
            if (Kind != TokenKind.Set) return Kind == TokenKind.AnyOne || Value == c;
            foreach (var (from, to) in Ranges)
            {
                if (c >= from && c <= to) return Value == 0;
            }

            return Value == 1;
        }
    }
}
