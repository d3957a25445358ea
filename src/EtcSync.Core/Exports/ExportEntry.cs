using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace EtcSync.Core.Exports;

/// <summary>A directory exported to somebody: one client of one line of an exports file.</summary>
/// <param name="Path">The directory as the file says it, quotes and escapes undone; one character a byte.</param>
/// <param name="Client">To whom: a name, an address, a network, a pattern, <c>@netgroup</c>; empty for everybody.</param>
/// <param name="Options">The options in the order in which they count: the line's defaults before it, then its own.</param>
/// <param name="File">The file.</param>
/// <param name="Line">The line in it, from 1.</param>
public sealed record ExportEntry(string Path, string Client, ImmutableArray<string> Options, string File, int Line)
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._,:=@+-");

    /// <summary>The directory in normal form: no empty component, no '.', no '..', no slash at the end. Links are not resolved.</summary>
    public string Directory { get; } = Normal(Path);

    /// <summary>The line of an exports file that says the same.</summary>
    public override string ToString() => $"{Escaped(Path)}\t{(Client.Length == 0 ? "*" : Escaped(Client))}({Escaped(string.Join(',', Options))})";

    /// <inheritdoc/>
    public bool Equals(ExportEntry? other) =>
        other is not null && Path == other.Path && Client == other.Client && File == other.File && Line == other.Line && Options.AsSpan().SequenceEqual(other.Options.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path, Client, File, Line);

    private static string Escaped(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain)) return text;
        var result = new StringBuilder();
        foreach (var c in text)
        {
            if (c > ' ' && c is not ('"' or '\\' or '#' or '\x7f')) result.Append(c);
            else result.Append('\\').Append((char)('0' + (c >> 6))).Append((char)('0' + ((c >> 3) & 7))).Append((char)('0' + (c & 7)));
        }

        return result.ToString();
    }

    private static string Normal(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..") parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            else if (part != ".") parts.Add(part);
        }

        return "/" + string.Join('/', parts);
    }
}
