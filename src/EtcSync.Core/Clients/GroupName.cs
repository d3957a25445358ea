using System.Diagnostics.CodeAnalysis;

namespace EtcSync.Core.Clients;

/// <summary>The name of a group of clients, which is also the last part of its layer's branch. One RFC 1123 label in lower case: 1 to 63 of a-z, 0-9 and '-', no hyphen at an end.</summary>
public readonly struct GroupName : IEquatable<GroupName>, IComparable<GroupName>
{
    private readonly string? _value;

    private GroupName(string value) => _value = value;

    /// <summary>The name as text; empty only for the default value, which names nothing.</summary>
    public string Value => _value ?? "";

    /// <summary>Reads a name; where it breaks the rule, says how in a whole sentence.</summary>
    public static bool TryParse(string? text, out GroupName name, out string reason)
    {
        reason = HostLabel.Reason(text, "A group's name") ?? "";
        name = reason.Length == 0 ? new(text!) : default;
        return reason.Length == 0;
    }

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">The text breaks the rule; the message says how.</exception>
    public static GroupName Parse(string text) => TryParse(text, out var name, out var reason) ? name : throw new FormatException(reason);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <inheritdoc/>
    public bool Equals(GroupName other) => string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is GroupName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public int CompareTo(GroupName other) => string.CompareOrdinal(Value, other.Value);

    /// <summary>Same name.</summary>
    public static bool operator ==(GroupName left, GroupName right) => left.Equals(right);

    /// <summary>Another name.</summary>
    public static bool operator !=(GroupName left, GroupName right) => !left.Equals(right);

    /// <summary>Ordinal order.</summary>
    public static bool operator <(GroupName left, GroupName right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(GroupName left, GroupName right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(GroupName left, GroupName right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(GroupName left, GroupName right) => left.CompareTo(right) >= 0;
}
