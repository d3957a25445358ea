using System.Collections.Concurrent;
using EtcSync.Core.Git;

namespace EtcSync.Git;

/// <summary>Remembers the paths of indexes that were read, so that the next index with the same ones shares them.</summary>
internal sealed class IndexPathsCache
{
    private const int Capacity = 64;

    // Indexes with as many entries as each other nearly always have the same ones.
    private readonly ConcurrentDictionary<int, IndexPaths> _byCount = new();

    /// <summary>The paths that an index of so many entries had last; null where there was none.</summary>
    public IndexPaths? Find(int count) => _byCount.GetValueOrDefault(count);

    /// <summary>Remembers the paths of an index.</summary>
    public void Add(IndexPaths paths)
    {
        if (_byCount.Count >= Capacity) _byCount.Clear();
        _byCount[paths.Count] = paths;
    }
}
