namespace EtcSync.Exports;

/// <summary>Paths as exportfs has them in its table: with every link in them followed. What is found is kept.</summary>
internal sealed class RealPaths
{
    private const int MostLinks = 40;

    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal) { ["/"] = "/" };

    /// <summary>The path without links; itself where it leads nowhere.</summary>
    public string Of(string path) => Of(path, MostLinks);

    private string Of(string path, int links)
    {
        if (_known.TryGetValue(path, out var known)) return known;
        var slash = path.LastIndexOf('/');
        var here = Path.Join(Of(slash > 0 ? path[..slash] : "/", links), path[(slash + 1)..]);
        var target = links == 0 ? null : new FileInfo(here).LinkTarget;
        var real = target is null ? here : Of(Path.GetFullPath(target, Path.GetDirectoryName(here)!), links - 1);
        return _known[path] = real;
    }
}
