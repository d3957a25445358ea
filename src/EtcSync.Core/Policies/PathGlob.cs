using System.Collections.Immutable;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Policies;

/// <summary>
/// A pattern for paths below /etc, anchored at the top: in a component <c>*</c>, <c>?</c> and <c>[]</c> as in a shell; <c>**</c> as a
/// whole component stands for any number of directories; a <c>/</c> or <c>/**</c> at the end for everything below a directory,
/// at any depth, but not the directory itself.
/// </summary>
public sealed class PathGlob : IEquatable<PathGlob>
{
    // null is '**'.
    private readonly ImmutableArray<NamePattern?> _components;

    // Set where the pattern is '**/NAME'.
    private readonly NamePattern? _anywhere;

    private PathGlob(string text, ImmutableArray<NamePattern?> components)
    {
        (Text, _components) = (text, components);
        _anywhere = components is [null, { } name] ? name : null;
        IsLiteral = components.All(c => c?.Literal is not null);
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether the pattern is one path and matches nothing else.</summary>
    public bool IsLiteral { get; }

    /// <summary>The first component, where it has no wildcards: only paths that begin with it can match.</summary>
    internal string? FirstComponent => _components[0]?.Literal;

    /// <summary>Reads a pattern; where it is none, says why in whole sentences.</summary>
    public static bool TryParse(string text, out PathGlob glob, out string reason)
    {
        glob = new("", [null]);
        if (Wrong(text) is { } wrong)
        {
            reason = wrong;
            return false;
        }

        var components = ImmutableArray.CreateBuilder<NamePattern?>();
        foreach (var part in (text.EndsWith('/') ? text + "**" : text).Split('/'))
        {
            if (part == "**")
            {
                if (components.Count == 0 || components[^1] is not null) components.Add(null);
                continue;
            }

            if (!NamePattern.TryParse(part, out var pattern, out reason)) return false;
            components.Add(pattern);
        }

        reason = "";
        glob = new(text, components.ToImmutable());
        return true;
    }

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="FormatException">The text is no pattern; the message says why.</exception>
    public static PathGlob Parse(string text) => TryParse(text, out var glob, out var reason) ? glob : throw new FormatException(reason);

    /// <summary>Whether a path, relative to /etc and without a slash at either end, matches.</summary>
    public bool IsMatch(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty) return false;
        if (IsLiteral) return path.SequenceEqual(Text);
        // '**/*.swp' and its like are tried on every path.
        if (_anywhere is not null) return _anywhere.IsMatch(path[(path.LastIndexOf('/') + 1)..]);
        // Only the last '**' needs to be tried again. 'at' is past the end once no component is left.
        int component = 0, at = 0, deepComponent = -1, deepAt = 0;
        while (at <= path.Length)
        {
            var end = path[at..].IndexOf('/') is var slash and >= 0 ? at + slash : path.Length;
            if (component < _components.Length && _components[component] is null)
            {
                if (++component == _components.Length) return true;
                (deepComponent, deepAt) = (component, at);
            }
            else if (component < _components.Length && _components[component]!.IsMatch(path[at..end]))
            {
                component++;
                at = end + 1;
            }
            else if (deepComponent >= 0)
            {
                if (path[deepAt..].IndexOf('/') is var next && next < 0) return false;
                deepAt += next + 1;
                (component, at) = (deepComponent, deepAt);
            }
            else
            {
                return false;
            }
        }

        return component == _components.Length;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <inheritdoc/>
    public bool Equals(PathGlob? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PathGlob);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private static string? Wrong(string text)
    {
        var quoted = Quoted.Text(text);
        if (text.Length == 0) return "The pattern is empty. Write a path relative to /etc, such as 'hostname' or 'ssh/ssh_host_*_key'.";
        if (text.Length > 4096) return "The pattern is longer than 4096 characters, and no path is.";
        if (text is "/etc" or "/etc/" or "/") return $"{quoted} names all of /etc. Write '**' for every path.";
        if (text.StartsWith("/etc/", StringComparison.Ordinal)) return $"{quoted} begins with /etc/. Patterns are relative to /etc: write it without /etc/, as {Quoted.Text(text[5..])}.";
        if (text[0] == '/') return $"{quoted} begins with '/'. Patterns are relative to /etc and always begin at its top: write {Quoted.Text(text.TrimStart('/'))}.";
        if (text[0] == '!') return $"{quoted} begins with '!'. A pattern cannot take paths out again: write a later rule for them.";
        if (text.Any(char.IsControl)) return $"{quoted} contains a control character. Write '?' in its place.";
        foreach (var part in text.TrimEnd('/').Split('/'))
        {
            if (part is "" or "." or ".." || text.EndsWith("//", StringComparison.Ordinal)) return $"{quoted} has an empty component, '.' or '..'. Write the path without them.";
            if (part != "**" && part.Contains("**", StringComparison.Ordinal)) return $"{quoted} has '**' beside other characters. '**' stands alone between slashes; within a name write '*'.";
        }

        return null;
    }
}
