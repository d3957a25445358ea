using System.Collections.Immutable;

namespace EtcSync.Core.Git;

/// <summary>
/// The paths of an index, in git's order, and what is looked up in them. Clients track nearly the same files, so that the
/// indexes of many share one of these.
/// </summary>
public sealed class IndexPaths
{
    private readonly string[] _paths;
    private readonly byte[][] _encoded;
    private readonly Lazy<Dictionary<string, int>> _positions;
    private readonly Lazy<HashSet<string>> _directories;

    private IndexPaths(string[] paths, byte[][] encoded)
    {
        (_paths, _encoded) = (paths, encoded);
        _positions = new(Positions);
        _directories = new(Directories);
    }

    /// <summary>How many there are.</summary>
    public int Count => _paths.Length;

    /// <summary>One path.</summary>
    public string this[int at] => _paths[at];

    /// <summary>The paths of these entries.</summary>
    public static IndexPaths Of(ImmutableArray<IndexEntry> entries)
    {
        var paths = new string[entries.Length];
        for (var i = 0; i < paths.Length; i++) paths[i] = entries[i].Path;
        return new(paths, Array.ConvertAll(paths, GitName.Encode));
    }

    /// <summary>The same from the names as git has them.</summary>
    public static IndexPaths Of(byte[][] encoded) => new(Array.ConvertAll(encoded, name => GitName.Decode(name)), encoded);

    /// <summary>One path as git has it.</summary>
    public ReadOnlySpan<byte> Encoded(int at) => _encoded[at];

    /// <summary>Where a path is.</summary>
    public bool TryFind(ReadOnlySpan<char> path, out int at) => _positions.Value.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out at);

    /// <summary>Whether any path is below a directory.</summary>
    public bool IsDirectory(string path) => _directories.Value.Contains(path);

    private Dictionary<string, int> Positions()
    {
        var positions = new Dictionary<string, int>(_paths.Length, StringComparer.Ordinal);
        for (var i = 0; i < _paths.Length; i++) positions[_paths[i]] = i;
        return positions;
    }

    private HashSet<string> Directories()
    {
        var directories = new HashSet<string>(StringComparer.Ordinal);
        var directory = "";
        foreach (var path in _paths)
        {
            var slash = path.LastIndexOf('/');
            if (slash < 0 || (directory.Length == slash && path.StartsWith(directory, StringComparison.Ordinal))) continue;
            directory = path[..slash];
            for (var at = directory; directories.Add(at) && at.LastIndexOf('/') is var up and > 0;) at = at[..up];
        }

        return directories;
    }
}
