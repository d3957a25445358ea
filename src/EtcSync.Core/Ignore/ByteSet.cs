using System.Runtime.CompilerServices;

namespace EtcSync.Core.Ignore;

/// <summary>A set of bytes: what a bracket expression of a pattern stands for.</summary>
[InlineArray(4)]
internal struct ByteSet
{
    private ulong _first;

    public readonly bool Contains(byte value) => (this[value >> 6] & (1UL << (value & 63))) != 0;

    public void Add(byte value) => this[value >> 6] |= 1UL << (value & 63);

    public void Remove(byte value) => this[value >> 6] &= ~(1UL << (value & 63));

    public void AddRange(byte first, byte last)
    {
        for (int value = first; value <= last; value++) Add((byte)value);
    }

    public void Invert()
    {
        for (var i = 0; i < 4; i++) this[i] = ~this[i];
    }

    /// <summary>Adds a POSIX class by its name, for ASCII only, as git has them; false if there is none of that name.</summary>
    public bool AddClass(ReadOnlySpan<byte> name)
    {
        Func<char, bool>? isMember = name switch
        {
            _ when name.SequenceEqual("alnum"u8) => char.IsAsciiLetterOrDigit,
            _ when name.SequenceEqual("alpha"u8) => char.IsAsciiLetter,
            _ when name.SequenceEqual("blank"u8) => c => c is ' ' or '\t',
            _ when name.SequenceEqual("cntrl"u8) => char.IsControl,
            _ when name.SequenceEqual("digit"u8) => char.IsAsciiDigit,
            _ when name.SequenceEqual("graph"u8) => c => c is > ' ' and < '\x7f',
            _ when name.SequenceEqual("lower"u8) => char.IsAsciiLetterLower,
            _ when name.SequenceEqual("print"u8) => c => c is >= ' ' and < '\x7f',
            _ when name.SequenceEqual("punct"u8) => c => c is > ' ' and < '\x7f' && !char.IsAsciiLetterOrDigit(c),
            // Not the vertical tab and the form feed, which C counts as space.
            _ when name.SequenceEqual("space"u8) => c => c is ' ' or '\t' or '\n' or '\r',
            _ when name.SequenceEqual("upper"u8) => char.IsAsciiLetterUpper,
            _ when name.SequenceEqual("xdigit"u8) => char.IsAsciiHexDigit,
            _ => null,
        };
        if (isMember is null) return false;
        for (var c = '\0'; c < 128; c++)
        {
            if (isMember(c)) Add((byte)c);
        }

        return true;
    }
}
