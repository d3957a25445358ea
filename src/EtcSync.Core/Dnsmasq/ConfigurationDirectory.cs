using System.Collections.Immutable;

namespace EtcSync.Core.Dnsmasq;

/// <summary>The value of <c>conf-dir</c>: a directory whose files dnsmasq reads, and the names that count (dnsmasq(8), <c>--conf-dir</c>).</summary>
/// <param name="Path">The directory, without a slash at its end.</param>
/// <param name="Needed">Of these suffixes a name must have one; none for any name.</param>
/// <param name="Excluded">Of these it must have none.</param>
public sealed record ConfigurationDirectory(string Path, ImmutableArray<string> Needed, ImmutableArray<string> Excluded)
{
    /// <summary>What the parts of the value say: the directory, then suffixes, those that a name needs with <c>*</c> in front.</summary>
    public static ConfigurationDirectory Read(IEnumerable<string> fields)
    {
        var parts = fields.ToList();
        var suffixes = parts.Skip(1).Where(suffix => suffix is not ("" or "*")).ToList();
        var path = parts.Count == 0 ? "" : parts[0];
        return new(
            path.Length > 1 ? path.TrimEnd('/') : path,
            [.. suffixes.Where(suffix => suffix[0] == '*').Select(suffix => suffix[1..])],
            [.. suffixes.Where(suffix => suffix[0] != '*')]);
    }

    /// <summary>Whether a file of this name is read. dnsmasq passes over hidden files and what editors leave behind.</summary>
    public bool Reads(string name)
    {
        if (name.Length == 0 || name[0] == '.' || name[^1] == '~' || (name[0] == '#' && name[^1] == '#')) return false;
        return (Needed.IsEmpty || Needed.Any(suffix => EndsWith(name, suffix))) && !Excluded.Any(suffix => EndsWith(name, suffix));
    }

    /// <summary>Whether the file at this path is one of those that are read.</summary>
    public bool ReadsPath(string path) => System.IO.Path.GetDirectoryName(path) == Path && Reads(System.IO.Path.GetFileName(path));

    // A name that is the suffix and nothing else does not have it.
    private static bool EndsWith(string name, string suffix) => name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal);
}
