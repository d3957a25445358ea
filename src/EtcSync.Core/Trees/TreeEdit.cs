using EtcSync.Core.Git;
using EtcSync.Core.Paths;

namespace EtcSync.Core.Trees;

/// <summary>Makes a tree from another one and a set of changed paths; only the directories on the way are written anew.</summary>
public static class TreeEdit
{
    /// <summary>
    /// The tree in which the given paths have the given versions and everything else is as in <paramref name="tree"/>.
    /// A directory that becomes empty disappears. Where a file is to stand and a directory with other content stands,
    /// or the other way round, the path is not changed and is put into <paramref name="collisions"/>.
    /// </summary>
    public static ObjectId Apply(ObjectOverlay objects, ObjectId tree, IReadOnlyDictionary<RepoPath, FileVersion> versions, ICollection<RepoPath> collisions)
    {
        if (versions.Count == 0) return tree;
        var root = new Node();
        foreach (var (path, version) in versions) root.Add(path, path.Value, version);
        return Rewrite(objects, tree, root, collisions);
    }

    private static ObjectId Rewrite(ObjectOverlay objects, ObjectId tree, Node node, ICollection<RepoPath> collisions)
    {
        var before = objects.ReadTree(tree);
        var entries = new Dictionary<string, TreeEntry>(before.Entries.Length + node.Children.Count, StringComparer.Ordinal);
        foreach (var entry in before.Entries) entries[entry.Name] = entry;
        foreach (var (name, child) in node.Children)
        {
            entries.TryGetValue(name, out var present);
            if (child.Children.Count > 0) present = Descend(objects, name, present, child, collisions);
            if (child.Version is { } version) present = Place(name, present, version, child.Path, collisions);
            if (present.Mode == EntryMode.None) entries.Remove(name);
            else entries[name] = present;
        }

        return objects.AddTree(GitTree.Of(entries.Values));
    }

    private static TreeEntry Descend(ObjectOverlay objects, string name, TreeEntry present, Node child, ICollection<RepoPath> collisions)
    {
        // A file that the same change removes makes way for the directory.
        var file = present.Mode is not (EntryMode.None or EntryMode.Directory);
        if (file && child.Version is not { Exists: false })
        {
            child.CollectAdditions(collisions);
            return present;
        }

        var below = present.Mode == EntryMode.Directory ? present.Id : ObjectId.EmptyTree;
        var made = Rewrite(objects, below, child, collisions);
        if (made != ObjectId.EmptyTree) return new(name, EntryMode.Directory, made);
        return file ? present : default;
    }

    private static TreeEntry Place(string name, TreeEntry present, FileVersion version, RepoPath path, ICollection<RepoPath> collisions)
    {
        if (present.Mode == EntryMode.Directory)
        {
            if (version.Exists) collisions.Add(path);
            return present;
        }

        return version.Exists ? new(name, version.Mode, version.Id) : default;
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public FileVersion? Version { get; private set; }

        public RepoPath Path { get; private set; }

        public void Add(RepoPath path, string rest, FileVersion version)
        {
            var node = this;
            foreach (var name in rest.Split('/'))
            {
                if (!node.Children.TryGetValue(name, out var next)) node.Children[name] = next = new();
                node = next;
            }

            node.Path = path;
            node.Version = version;
        }

        public void CollectAdditions(ICollection<RepoPath> into)
        {
            foreach (var child in Children.Values)
            {
                if (child.Version is { Exists: true }) into.Add(child.Path);
                child.CollectAdditions(into);
            }
        }
    }
}
