using System.Collections.Concurrent;
using EtcSync.Core.Git;

namespace EtcSync.Git;

/// <summary>
/// Parsed trees and commits of all repositories of the process: they are immutable, and a thousand clients share nearly all of
/// them. Emptied when full, which is cheaper than keeping account of what was used last.
/// </summary>
internal sealed class TreeCache
{
    private const int Capacity = 50_000;
    private readonly ConcurrentDictionary<ObjectId, GitTree> _trees = new();
    private readonly ConcurrentDictionary<ObjectId, GitCommit> _commits = new();

    /// <summary>The same for the paths of indexes.</summary>
    public IndexPathsCache IndexPaths { get; } = new();

    public GitTree GetOrAdd(ObjectId id, Func<ObjectId, GitTree> read) => GetOrAdd(_trees, id, read);

    public GitCommit GetOrAddCommit(ObjectId id, Func<ObjectId, GitCommit> read) => GetOrAdd(_commits, id, read);

    private static T GetOrAdd<T>(ConcurrentDictionary<ObjectId, T> known, ObjectId id, Func<ObjectId, T> read)
    {
        if (known.TryGetValue(id, out var found)) return found;
        // Counting locks all of it, so it is done only where something is added.
        if (known.Count >= Capacity) known.Clear();
        return known.GetOrAdd(id, read);
    }
}
