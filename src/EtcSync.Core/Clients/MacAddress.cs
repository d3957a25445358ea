using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Clients;

/// <summary>The address of one network card (EUI-48, IEEE 802), written aa:bb:cc:dd:ee:ff in lower case.</summary>
public readonly struct MacAddress : IEquatable<MacAddress>, IComparable<MacAddress>
{
    private const int Octets = 6;

    // The lowest bit of the first octet marks a group address (IEEE 802, 8.2); broadcast is one of these.
    private const ulong GroupBit = 1UL << 40;

    private readonly ulong _value;

    private MacAddress(ulong value) => _value = value;

    /// <summary>
    /// Reads six pairs of hexadecimal digits joined by ':' or by '-'. Zero, broadcast and multicast addresses belong to no
    /// single card and are refused; <paramref name="reason"/> then says so in a whole sentence.
    /// </summary>
    public static bool TryParse(string? text, out MacAddress address, out string reason)
    {
        address = default;
        text ??= "";
        var digits = text.Replace(":", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
        if (digits.Length != 2 * Octets || !digits.All(char.IsAsciiHexDigit))
        {
            reason = $"{Quoted.Text(text)} is not a MAC address. Write six pairs of hexadecimal digits, such as 52:54:00:12:34:56.";
            return false;
        }

        var parsed = new MacAddress(ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        var plain = text.Replace('-', ':');
        if ((text.Contains(':', StringComparison.Ordinal) && text.Contains('-', StringComparison.Ordinal))
            || !string.Equals(plain, parsed.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            reason = $"{Quoted.Text(text)} is not written as six pairs. Write it as {parsed}.";
            return false;
        }

        reason = parsed._value switch
        {
            0 => $"{Quoted.Text(text)} is the zero address, which belongs to no network card.",
            0xFFFF_FFFF_FFFF => $"{Quoted.Text(text)} is the broadcast address, which belongs to no network card.",
            var v when (v & GroupBit) != 0 => $"{Quoted.Text(text)} is a multicast address (its second digit is odd), which belongs to no network card.",
            _ => "",
        };
        if (reason.Length == 0) address = parsed;
        return reason.Length == 0;
    }

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">The text is no address of one card; the message says why.</exception>
    public static MacAddress Parse(string text) => TryParse(text, out var address, out var reason) ? address : throw new FormatException(reason);

    /// <summary>The address as aa:bb:cc:dd:ee:ff.</summary>
    public override string ToString() => string.Create(3 * Octets - 1, _value, static (chars, value) =>
    {
        for (var i = 0; i < chars.Length; i++)
        {
            var nibble = 4 * (2 * Octets - 1 - (2 * (i / 3) + i % 3));
            chars[i] = i % 3 == 2 ? ':' : "0123456789abcdef"[(int)(value >> nibble) & 15];
        }
    });

    /// <inheritdoc/>
    public bool Equals(MacAddress other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is MacAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(MacAddress other) => _value.CompareTo(other._value);

    /// <summary>Same card.</summary>
    public static bool operator ==(MacAddress left, MacAddress right) => left.Equals(right);

    /// <summary>Another card.</summary>
    public static bool operator !=(MacAddress left, MacAddress right) => !left.Equals(right);

    /// <summary>Numerical order.</summary>
    public static bool operator <(MacAddress left, MacAddress right) => left.CompareTo(right) < 0;

    /// <summary>Numerical order.</summary>
    public static bool operator >(MacAddress left, MacAddress right) => left.CompareTo(right) > 0;

    /// <summary>Numerical order.</summary>
    public static bool operator <=(MacAddress left, MacAddress right) => left.CompareTo(right) <= 0;

    /// <summary>Numerical order.</summary>
    public static bool operator >=(MacAddress left, MacAddress right) => left.CompareTo(right) >= 0;
}
