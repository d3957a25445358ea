using System.Collections.Concurrent;
using EtcSync.Core.Git;

namespace EtcSync.Git;

/// <summary>
/// Parsed trees of all repositories of the process: they are immutable, and a thousand clients share nearly all of
/// them. Emptied when full, which is cheaper than keeping account of what was used last.
/// </summary>
internal sealed class TreeCache
{
    private const int Capacity = 50_000;
    private readonly ConcurrentDictionary<ObjectId, GitTree> _trees = new();

    /// <summary>The same for the paths of indexes.</summary>
    public IndexPathsCache IndexPaths { get; } = new();

    public GitTree GetOrAdd(ObjectId id, Func<ObjectId, GitTree> read)
    {
        if (_trees.TryGetValue(id, out var tree)) return tree;
        if (_trees.Count >= Capacity) _trees.Clear();
        return _trees.GetOrAdd(id, read);
    }
}
