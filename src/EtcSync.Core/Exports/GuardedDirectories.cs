namespace EtcSync.Core.Exports;

/// <summary>Directories of which only what is meant may be exported: neither they, nor what is below them, nor what they are in.</summary>
public sealed class GuardedDirectories
{
    private readonly HashSet<string> _directories;
    private readonly HashSet<string> _above;

    /// <summary>These directories, in normal form.</summary>
    public GuardedDirectories(IEnumerable<string> directories)
    {
        _directories = directories.ToHashSet(StringComparer.Ordinal);
        _above = _directories.SelectMany(Above).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Whether an export of this directory would open one of them.</summary>
    public bool IsOpenedBy(string directory) => _directories.Contains(directory) || _above.Contains(directory) || Above(directory).Any(_directories.Contains);

    /// <summary>The directories in which one is, the nearest first.</summary>
    public static IEnumerable<string> Above(string directory)
    {
        for (var at = directory; at.Length > 1;)
        {
            at = at[..Math.Max(1, at.LastIndexOf('/'))];
            yield return at;
        }
    }
}
