using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace EtcSync.Core.Git;

/// <summary>The name of a git object: the SHA-1 of its type, length and content (gitformat-pack, "git hash-object").</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly struct ObjectId : IEquatable<ObjectId>, IComparable<ObjectId>
{
    /// <summary>Bytes in an id.</summary>
    public const int Size = 20;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly uint _c;

    private ObjectId(ulong a, ulong b, uint c) => (_a, _b, _c) = (a, b, c);

    /// <summary>The all-zero id, git's "no object".</summary>
    public static ObjectId Zero => default;

    /// <summary>The id of the tree without entries.</summary>
    public static ObjectId EmptyTree { get; } = Hash(ObjectType.Tree, []);

    /// <summary>The id of the blob without content.</summary>
    public static ObjectId EmptyBlob { get; } = Hash(ObjectType.Blob, []);

    /// <summary>Whether this is <see cref="Zero"/>.</summary>
    public bool IsZero => (_a | _b | _c) == 0;

    /// <summary>Reads an id from its 20 raw bytes.</summary>
    public static ObjectId FromBytes(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]));

    /// <summary>Computes the id that git gives an object of this type and content.</summary>
    public static ObjectId Hash(ObjectType type, ReadOnlySpan<byte> content)
    {
        Span<byte> header = stackalloc byte[32];
        var length = Encoding.ASCII.GetBytes($"{type.Keyword()} {content.Length}\0", header);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        sha.AppendData(header[..length]);
        sha.AppendData(content);
        Span<byte> digest = stackalloc byte[Size];
        sha.GetHashAndReset(digest);
        return FromBytes(digest);
    }

    /// <summary>Reads 40 hexadecimal digits; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ObjectId id)
    {
        id = default;
        if (text is not { Length: 2 * Size }) return false;
        Span<byte> bytes = stackalloc byte[Size];
        if (Convert.FromHexString(text, bytes, out _, out var written) != System.Buffers.OperationStatus.Done || written != Size) return false;
        id = FromBytes(bytes);
        return true;
    }

    /// <summary>Reads 40 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is not an object id.</exception>
    public static ObjectId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a git object id of 40 hexadecimal digits.");

    /// <summary>Writes the 20 raw bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _c);
    }

    /// <summary>The first ten digits, for people.</summary>
    public string Short => ToString()[..10];

    /// <inheritdoc/>
    public override string ToString() => $"{_a:x16}{_b:x16}{_c:x8}";

    /// <inheritdoc/>
    public bool Equals(ObjectId other) => _a == other._a && _b == other._b && _c == other._c;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ObjectId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)(_a >> 32);

    /// <inheritdoc/>
    public int CompareTo(ObjectId other)
    {
        var order = _a.CompareTo(other._a);
        if (order == 0) order = _b.CompareTo(other._b);
        return order != 0 ? order : _c.CompareTo(other._c);
    }

    /// <summary>Same object.</summary>
    public static bool operator ==(ObjectId left, ObjectId right) => left.Equals(right);

    /// <summary>Another object.</summary>
    public static bool operator !=(ObjectId left, ObjectId right) => !left.Equals(right);

    /// <summary>Byte order.</summary>
    public static bool operator <(ObjectId left, ObjectId right) => left.CompareTo(right) < 0;

    /// <summary>Byte order.</summary>
    public static bool operator >(ObjectId left, ObjectId right) => left.CompareTo(right) > 0;

    /// <summary>Byte order.</summary>
    public static bool operator <=(ObjectId left, ObjectId right) => left.CompareTo(right) <= 0;

    /// <summary>Byte order.</summary>
    public static bool operator >=(ObjectId left, ObjectId right) => left.CompareTo(right) >= 0;
}
