using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>Looks for untracked things that stand where upstream adds a path.</summary>
internal sealed class ObstacleReader
{
    private readonly DirectoryDescriptor _root;
    private readonly IObjectReader _objects;
    private readonly ObjectId _tree;
    private readonly EtckeeperFile _metadata;
    private readonly EtckeeperFile _baseMetadata;
    private readonly Func<RepoPath, PathPolicy> _policy;
    private readonly int _readLimit;

    private ObstacleReader(DirectoryDescriptor root, IObjectReader objects, ObjectId tree, ObjectId ancestor, Func<RepoPath, PathPolicy> policy, long readLimit)
    {
        (_root, _objects, _tree, _policy) = (root, objects, tree, policy);
        _metadata = EtckeeperFiles.Of(objects, tree);
        _baseMetadata = EtckeeperFiles.Of(objects, ancestor);
        _readLimit = (int)Math.Min(readLimit, int.MaxValue);
    }

    /// <summary>What stands at those of the paths that are not free.</summary>
    /// <param name="root">The work tree.</param>
    /// <param name="objects">Where the branch's tree is.</param>
    /// <param name="tree">The branch's tree: what it tracks is the merge's business and no obstacle.</param>
    /// <param name="ancestor">The tree that the merge starts from: empty directories that are not in it are the client's own.</param>
    /// <param name="policy">What the policies say about a path.</param>
    /// <param name="paths">The paths, none of them a file of the branch.</param>
    /// <param name="readLimit">Bytes of one file.</param>
    public static IReadOnlyDictionary<RepoPath, Obstacle> Read(
        DirectoryDescriptor root, IObjectReader objects, ObjectId tree, ObjectId ancestor, Func<RepoPath, PathPolicy> policy, IEnumerable<RepoPath> paths, long readLimit)
    {
        var found = new Dictionary<RepoPath, Obstacle>();
        ObstacleReader? reader = null;
        foreach (var path in paths)
        {
            reader ??= new(root, objects, tree, ancestor, policy, readLimit);
            if (reader.Read(path) is { } obstacle) found[path] = obstacle;
        }

        return found;
    }

    private Obstacle? Read(RepoPath path)
    {
        var directory = _root;
        try
        {
            if (path.Parent is { } parent)
            {
                switch (_root.OpenDirectory(parent.Value, out var opened))
                {
                    case OpenOutcome.Opened:
                        directory = opened!;
                        break;
                    case OpenOutcome.Missing:
                        return null;
                    case OpenOutcome.NotDirectory or OpenOutcome.SymbolicLink:
                        return Above(parent);
                    default:
                        return new(FileVersion.Absent, "another file system");
                }
            }

            if (!directory.TryStatus(path.Name, out var status)) return null;
            return status.Kind switch
            {
                FileKind.Regular => new(Version(directory.ReadFile(path.Name, _readLimit)), "a file that git ignores"),
                FileKind.SymbolicLink => new(Version(directory.ReadLink(path.Name)), "a symbolic link that git ignores"),
                FileKind.Directory => MakesWay(directory, path) ? null : new(FileVersion.Absent, "a directory"),
                _ => new(FileVersion.Absent, "something that is neither a file nor a directory"),
            };
        }
        finally
        {
            if (!ReferenceEquals(directory, _root)) directory.Dispose();
        }
    }

    // A tracked file or link above the path is the merge's business; anything else is there to stay.
    private Obstacle? Above(RepoPath parent)
    {
        for (RepoPath? at = parent; at is { } directory; at = directory.Parent)
        {
            if (TreeDiff.FindEntry(_objects, _tree, directory) is { Mode: not EntryMode.Directory }) return null;
        }

        return new(FileVersion.Absent, "a file or a link that git ignores in place of a directory");
    }

    // A directory goes when upstream makes a file of it, if it holds nothing but what the branch knows of.
    private bool MakesWay(DirectoryDescriptor parent, RepoPath path)
    {
        if (TreeDiff.FindEntry(_objects, _tree, path) is not { Mode: EntryMode.Directory } && !(IsHollow(_metadata, path) && IsHollow(_baseMetadata, path))) return false;
        if (parent.OpenDirectory(path.Name, out var opened) != OpenOutcome.Opened) return false;
        using var directory = opened!;
        foreach (var entry in directory.Enumerate())
        {
            var below = RepoPath.Join(path, entry.Name);
            if (!directory.TryStatus(entry.Name, out var status)) continue;
            var goes = status.Kind == FileKind.Directory
                ? MakesWay(directory, below)
                : TreeDiff.Find(_objects, _tree, below).Exists && _policy(below).Class != PathClass.Local;
            if (!goes) return false;
        }

        return true;
    }

    // An empty directory, or one of nothing but such.
    private static bool IsHollow(EtckeeperFile metadata, RepoPath path) =>
        metadata.HasEmptyDirectory(path.Value) || metadata.EmptyDirectories.Any(empty => empty.StartsWith(path.Value + "/", StringComparison.Ordinal));

    private static FileVersion Version(ReadOutcome outcome) => outcome is ReadOutcome.Content content
        ? new(IndexStats.ModeOf(content.Status), ObjectId.Hash(ObjectType.Blob, content.Bytes))
        : FileVersion.Absent;
}
