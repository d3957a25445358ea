using System.Collections.Concurrent;
using EtcSync.Core.Git;

namespace EtcSync.Git;

/// <summary>
/// Contents of small blobs, for a fan-out: every new clone gets nearly the same two thousand files, and reading each of
/// them from a pack again for every client would cost more than writing it.
/// </summary>
internal sealed class ObjectCache
{
    private const int LargestBlob = 256 * 1024;
    private const long Capacity = 128 * 1024 * 1024;
    private readonly ConcurrentDictionary<ObjectId, byte[]> _blobs = new();
    private long _bytes;

    /// <summary>A reader that looks here first.</summary>
    public IObjectReader Over(IObjectReader below) => new Reader(this, below);

    private byte[] Read(ObjectId id, IObjectReader below)
    {
        if (_blobs.TryGetValue(id, out var known)) return known;
        var content = below.ReadBlob(id);
        if (content.Length > LargestBlob) return content;
        if (Interlocked.Add(ref _bytes, content.Length) > Capacity)
        {
            _blobs.Clear();
            Interlocked.Exchange(ref _bytes, content.Length);
        }

        _blobs[id] = content;
        return content;
    }

    private sealed class Reader(ObjectCache cache, IObjectReader below) : IObjectReader
    {
        public GitTree ReadTree(ObjectId id) => below.ReadTree(id);

        public byte[] ReadBlob(ObjectId id) => cache.Read(id, below);
    }
}
