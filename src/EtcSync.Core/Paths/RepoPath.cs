using System.Diagnostics.CodeAnalysis;
using System.Text;
using EtcSync.Core.Git;

namespace EtcSync.Core.Paths;

/// <summary>
/// A path below the top of a repository: components joined by slashes, none of them empty, ".", ".." or ".git", none
/// longer than 255 bytes, no NUL. Compared byte by byte, as git's index is sorted. The top itself has no path.
/// </summary>
public readonly struct RepoPath : IEquatable<RepoPath>, IComparable<RepoPath>
{
    private readonly string? _value;

    private RepoPath(string value) => _value = value;

    /// <summary>The path with slashes, without one at either end.</summary>
    public string Value => _value ?? "";

    /// <summary>The last component.</summary>
    public string Name => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>The directory that holds it, or null at the top.</summary>
    public RepoPath? Parent => Value.LastIndexOf('/') is var slash and >= 0 ? new RepoPath(Value[..slash]) : null;

    /// <summary>Whether the path is valid UTF-8 (see <see cref="GitName"/>).</summary>
    public bool IsUtf8 => GitName.IsUtf8(Value);

    /// <summary>Reads a path; false where it breaks a rule of this type.</summary>
    public static bool TryParse(string? text, out RepoPath path)
    {
        path = default;
        if (string.IsNullOrEmpty(text)) return false;
        foreach (var range in text.AsSpan().Split('/'))
        {
            if (!IsComponent(text.AsSpan()[range])) return false;
        }

        path = new(text);
        return true;
    }

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">The text breaks a rule of this type.</exception>
    public static RepoPath Parse(string text) => TryParse(text, out var path)
        ? path
        : throw new FormatException($"'{text}' is not a path inside a repository: components may not be empty, '.', '..' or '.git'.");

    /// <summary>Whether a file of this name may stand in a tree.</summary>
    public static bool IsComponent(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= 255 && name is not "." and not ".." && !name.Equals(".git", StringComparison.OrdinalIgnoreCase)
        && name.IndexOfAny('/', '\0') < 0 && (name.Length <= 63 || Encoding.UTF8.GetByteCount(name) <= 255);

    /// <summary>A path from parts that are known to be valid (tree entries that were checked).</summary>
    public static RepoPath Join(RepoPath? directory, string name) => new(directory is { } d ? $"{d.Value}/{name}" : name);

    /// <summary>Whether this path lies below that directory.</summary>
    public bool IsBelow(RepoPath directory) =>
        Value.Length > directory.Value.Length && Value[directory.Value.Length] == '/' && Value.StartsWith(directory.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <inheritdoc/>
    public bool Equals(RepoPath other) => string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is RepoPath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public int CompareTo(RepoPath other) => GitName.Compare(Value, other.Value);

    /// <summary>Same path.</summary>
    public static bool operator ==(RepoPath left, RepoPath right) => left.Equals(right);

    /// <summary>Another path.</summary>
    public static bool operator !=(RepoPath left, RepoPath right) => !left.Equals(right);

    /// <summary>Byte order.</summary>
    public static bool operator <(RepoPath left, RepoPath right) => left.CompareTo(right) < 0;

    /// <summary>Byte order.</summary>
    public static bool operator >(RepoPath left, RepoPath right) => left.CompareTo(right) > 0;

    /// <summary>Byte order.</summary>
    public static bool operator <=(RepoPath left, RepoPath right) => left.CompareTo(right) <= 0;

    /// <summary>Byte order.</summary>
    public static bool operator >=(RepoPath left, RepoPath right) => left.CompareTo(right) >= 0;
}
