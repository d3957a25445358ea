using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;

namespace EtcSync.Core.Trees;

/// <summary>One version of a path: what it is and its content; <see cref="Absent"/> where there is none.</summary>
/// <param name="Mode">What it is.</param>
/// <param name="Id">Its content.</param>
public readonly record struct FileVersion(EntryMode Mode, ObjectId Id)
{
    /// <summary>The path does not exist.</summary>
    public static FileVersion Absent => default;

    /// <summary>Whether the path exists.</summary>
    public bool Exists => Mode != EntryMode.None;
}

/// <summary>A path that differs between two trees.</summary>
/// <param name="Path">The path of a file, link or nested repository; never a directory.</param>
/// <param name="Before">Its version in the first tree.</param>
/// <param name="After">Its version in the second tree.</param>
public readonly record struct PathChange(RepoPath Path, FileVersion Before, FileVersion After);

/// <summary>Differences between trees, path by path. Cost follows the number of differences: equal subtrees are not read.</summary>
public static class TreeDiff
{
    /// <summary>Every path that differs, sorted by path; rename detection is not git's business here.</summary>
    public static ImmutableArray<PathChange> Compute(IObjectReader objects, ObjectId before, ObjectId after)
    {
        var changes = ImmutableArray.CreateBuilder<PathChange>();
        Walk(objects, null, before, after, changes);
        changes.Sort((left, right) => left.Path.CompareTo(right.Path));
        return changes.ToImmutable();
    }

    /// <summary>Every file of a tree, sorted by path.</summary>
    public static ImmutableArray<PathChange> List(IObjectReader objects, ObjectId tree) => Compute(objects, ObjectId.EmptyTree, tree);

    /// <summary>The version of one path in a tree.</summary>
    public static FileVersion Find(IObjectReader objects, ObjectId tree, RepoPath path)
    {
        var found = FindEntry(objects, tree, path);
        return found is { Mode: not EntryMode.Directory } entry ? new(entry.Mode, entry.Id) : FileVersion.Absent;
    }

    /// <summary>The entry of one path in a tree, a directory included, or null.</summary>
    public static TreeEntry? FindEntry(IObjectReader objects, ObjectId tree, RepoPath path)
    {
        var id = tree;
        var rest = path.Value;
        while (true)
        {
            var slash = rest.IndexOf('/');
            var found = objects.ReadTree(id).Find(slash < 0 ? rest : rest[..slash]);
            if (slash < 0 || found is null) return found;
            if (found.Value.Mode != EntryMode.Directory) return null;
            id = found.Value.Id;
            rest = rest[(slash + 1)..];
        }
    }

    private static void Walk(IObjectReader objects, RepoPath? at, ObjectId before, ObjectId after, ImmutableArray<PathChange>.Builder changes)
    {
        if (before == after) return;
        var left = objects.ReadTree(before).Entries;
        var right = objects.ReadTree(after).Entries;
        int i = 0, j = 0;
        while (i < left.Length || j < right.Length)
        {
            var order = i == left.Length ? 1 : j == right.Length ? -1 : GitTree.CompareForTree(left[i], right[j]);
            if (order == 0)
            {
                var (l, r) = (left[i++], right[j++]);
                if (l.Mode == r.Mode && l.Id == r.Id) continue;
                var path = RepoPath.Join(at, l.Name);
                if (l.Mode == EntryMode.Directory) Walk(objects, path, l.Id, r.Id, changes);
                else changes.Add(new(path, new(l.Mode, l.Id), new(r.Mode, r.Id)));
            }
            else if (order < 0)
            {
                One(objects, at, left[i++], removed: true, changes);
            }
            else
            {
                One(objects, at, right[j++], removed: false, changes);
            }
        }
    }

    private static void One(IObjectReader objects, RepoPath? at, TreeEntry entry, bool removed, ImmutableArray<PathChange>.Builder changes)
    {
        var path = RepoPath.Join(at, entry.Name);
        var version = new FileVersion(entry.Mode, entry.Id);
        if (entry.Mode != EntryMode.Directory) changes.Add(removed ? new(path, version, default) : new(path, default, version));
        else if (removed) Walk(objects, path, entry.Id, ObjectId.EmptyTree, changes);
        else Walk(objects, path, ObjectId.EmptyTree, entry.Id, changes);
    }
}
