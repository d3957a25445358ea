using System.Collections.Concurrent;
using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Trees;

namespace EtcSync.Clients;

/// <summary>Differences between two trees of the hub: in a rollout, nearly all clients go from the same base to the same composite.</summary>
internal sealed class DifferenceCache
{
    private const int Capacity = 256;
    private readonly ConcurrentDictionary<(ObjectId Before, ObjectId After), ImmutableArray<PathChange>> _known = new();

    public ImmutableArray<PathChange> Between(IObjectReader objects, ObjectId before, ObjectId after)
    {
        if (before == after) return [];
        if (_known.TryGetValue((before, after), out var known)) return known;
        if (_known.Count >= Capacity) _known.Clear();
        return _known.GetOrAdd((before, after), static (pair, reader) => TreeDiff.Compute(reader, pair.Before, pair.After), objects);
    }
}
