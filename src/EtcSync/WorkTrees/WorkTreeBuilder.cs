using EtcSync.Core.Applying;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>
/// Writes a whole work tree in a directory that nobody else can enter, and gives it its place in one rename: it is there
/// whole or not at all, and nothing in it is ever more readable than it should be.
/// </summary>
internal sealed class WorkTreeBuilder
{
    private readonly IObjectReader _objects;
    private readonly AttributedTree _tree;
    private readonly Ownership _ownership;
    private readonly Dictionary<RepoPath, FileStatus> _written = [];

    private WorkTreeBuilder(IObjectReader objects, AttributedTree tree, Ownership ownership)
    {
        _objects = objects;
        _tree = tree;
        _ownership = ownership;
    }

    /// <summary>Writes the tree below a directory that was just made for it.</summary>
    /// <returns>The status of every file, for the index. It does not change when a directory above is renamed.</returns>
    public static IReadOnlyDictionary<RepoPath, FileStatus> Build(DirectoryDescriptor top, IObjectReader objects, AttributedTree tree, Ownership ownership)
    {
        var builder = new WorkTreeBuilder(objects, tree, ownership);
        builder.Fill(top, tree.Tree, null);
        builder.MakeEmptyDirectories(top);
        Owners.Set(top, ownership, TreeAttributes.OfDirectory(tree.Metadata.Find(".")), replaced: null);
        return builder._written;
    }

    /// <summary>
    /// Makes a directory of which .etckeeper has a record although nothing in it is tracked: upstream has only ignored
    /// files there. Nothing happens where it has no record, or something else stands in the way.
    /// </summary>
    public static void MakeRecordedDirectory(DirectoryDescriptor top, RepoPath path, EtckeeperFile metadata, Ownership ownership)
    {
        if (metadata.Find(path.Value) is not null) MakeDirectories(top, path, at => metadata.Find(at), ownership);
    }

    private void Fill(DirectoryDescriptor directory, ObjectId tree, RepoPath? at)
    {
        foreach (var entry in _objects.ReadTree(tree).Entries)
        {
            if (!RepoPath.IsComponent(entry.Name) || !GitName.IsUtf8(entry.Name)) continue;
            var path = RepoPath.Join(at, entry.Name);
            switch (entry.Mode)
            {
                case EntryMode.Directory:
                    using (var below = Make(directory, entry.Name))
                    {
                        Fill(below, entry.Id, path);
                        Owners.Set(below, _ownership, TreeAttributes.OfDirectory(_tree.Metadata.Find(path.Value)), replaced: null);
                    }

                    break;
                case EntryMode.SymbolicLink:
                    Expect(directory.CreateSymbolicLink(entry.Name, _objects.ReadBlob(entry.Id)), path);
                    _written[path] = directory.Status(entry.Name);
                    break;
                case EntryMode.File or EntryMode.Executable:
                    Expect(directory.CreateFile(entry.Name, _objects.ReadBlob(entry.Id), out var file), path);
                    using (file)
                    {
                        Owners.Set(file!, _ownership, TreeAttributes.OfFile(_tree.Metadata.Find(path.Value), entry.Mode), replaced: null);
                        _written[path] = file!.Status();
                    }

                    break;
            }
        }
    }

    private void MakeEmptyDirectories(DirectoryDescriptor top)
    {
        foreach (var text in _tree.Metadata.EmptyDirectories)
        {
            if (RepoPath.TryParse(text, out var path)) MakeDirectories(top, path, at => _tree.Metadata.Find(at), _ownership);
        }
    }

    private static void MakeDirectories(DirectoryDescriptor top, RepoPath path, Func<string, EtckeeperRecord?> record, Ownership ownership)
    {
        var at = "";
        foreach (var name in path.Value.Split('/'))
        {
            DirectoryDescriptor? parent = top;
            if (at.Length > 0 && top.OpenDirectory(at, out parent) != OpenOutcome.Opened) return;
            at = at.Length == 0 ? name : $"{at}/{name}";
            var made = parent!.CreateDirectory(name);
            if (made == ChangeOutcome.Done && parent.OpenDirectory(name, out var opened) == OpenOutcome.Opened)
            {
                using (opened) Owners.Set(opened!, ownership, TreeAttributes.OfDirectory(record(at)), replaced: null);
            }

            if (!ReferenceEquals(parent, top)) parent.Dispose();
            if (made is not (ChangeOutcome.Done or ChangeOutcome.Exists)) return;
        }
    }

    private static DirectoryDescriptor Make(DirectoryDescriptor parent, string name)
    {
        parent.CreateDirectory(name);
        var outcome = parent.OpenDirectory(name, out var made);
        return outcome == OpenOutcome.Opened ? made! : throw new IOException($"{parent.Path}/{name} cannot be made ({outcome}).");
    }

    private static void Expect(ChangeOutcome outcome, RepoPath path)
    {
        if (outcome != ChangeOutcome.Done) throw new IOException($"{path} cannot be written ({outcome}).");
    }
}
