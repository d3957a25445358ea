using System.Diagnostics.CodeAnalysis;

namespace EtcSync.Core.Clients;

/// <summary>The name of a client, which is also its host name and the last part of its branch and clone. One RFC 1123 label in lower case: 1 to 63 of a-z, 0-9 and '-', no hyphen at an end.</summary>
public readonly struct ClientName : IEquatable<ClientName>, IComparable<ClientName>
{
    private readonly string? _value;

    private ClientName(string value) => _value = value;

    /// <summary>The name as text; empty only for the default value, which names nothing.</summary>
    public string Value => _value ?? "";

    /// <summary>Reads a name; where it breaks the rule, says how in a whole sentence.</summary>
    public static bool TryParse(string? text, out ClientName name, out string reason)
    {
        reason = HostLabel.Reason(text, "A client's name") ?? "";
        name = reason.Length == 0 ? new(text!) : default;
        return reason.Length == 0;
    }

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">The text breaks the rule; the message says how.</exception>
    public static ClientName Parse(string text) => TryParse(text, out var name, out var reason) ? name : throw new FormatException(reason);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <inheritdoc/>
    public bool Equals(ClientName other) => string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ClientName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public int CompareTo(ClientName other) => string.CompareOrdinal(Value, other.Value);

    /// <summary>Same name.</summary>
    public static bool operator ==(ClientName left, ClientName right) => left.Equals(right);

    /// <summary>Another name.</summary>
    public static bool operator !=(ClientName left, ClientName right) => !left.Equals(right);

    /// <summary>Ordinal order.</summary>
    public static bool operator <(ClientName left, ClientName right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(ClientName left, ClientName right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(ClientName left, ClientName right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(ClientName left, ClientName right) => left.CompareTo(right) >= 0;
}
