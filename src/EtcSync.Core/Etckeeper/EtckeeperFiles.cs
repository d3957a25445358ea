using System.Collections.Concurrent;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Etckeeper;

/// <summary>
/// The .etckeeper of a tree, parsed. Remembered by the blob's id, which is the content: most clients share a few of
/// them, and parsing one costs more than a client's whole merge.
/// </summary>
public static class EtckeeperFiles
{
    private const int Capacity = 512;
    private static readonly RepoPath File = RepoPath.Parse(EtckeeperFile.FileName);
    private static readonly ConcurrentDictionary<ObjectId, EtckeeperFile> Parsed = new();

    /// <summary>The .etckeeper of a tree; empty where it has none.</summary>
    public static EtckeeperFile Of(IObjectReader objects, ObjectId tree)
    {
        var version = TreeDiff.Find(objects, tree, File);
        return version.Mode.IsRegular() ? OfBlob(objects, version.Id) : EtckeeperFile.Empty;
    }

    private static EtckeeperFile OfBlob(IObjectReader objects, ObjectId id)
    {
        if (Parsed.TryGetValue(id, out var known)) return known;
        if (Parsed.Count >= Capacity) Parsed.Clear();
        return Parsed.GetOrAdd(id, static (i, reader) => EtckeeperFile.Parse(reader.ReadBlob(i)), objects);
    }
}
