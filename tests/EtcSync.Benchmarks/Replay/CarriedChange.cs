using System.Text;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Benchmarks.Replay;

/// <summary>
/// Makes the change of one commit in an older tree: what a client would have in the end on which somebody did the same. Only where
/// no judgement is needed: a file that the change replaces is there as the commit found it, or <see cref="LinePatch"/> or
/// <see cref="MemberPatch"/> is certain.
/// </summary>
internal sealed class CarriedChange(ObjectOverlay objects)
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    /// <summary>The older tree with the change, or null where it cannot be made without judgement.</summary>
    public ObjectId? Apply(ObjectId before, ObjectId after, ObjectId onto)
    {
        var versions = new Dictionary<RepoPath, FileVersion>();
        foreach (var change in TreeDiff.Compute(objects, before, after))
        {
            if (change.Path == Metadata) continue;
            if (Version(change, TreeDiff.Find(objects, onto, change.Path)) is not { } version) return null;
            versions[change.Path] = version;
        }

        var collisions = new List<RepoPath>();
        var tree = TreeEdit.Apply(objects, onto, versions, collisions);
        return collisions.Count == 0 && HasUsersOfRanges(tree) && MetadataOf(before, after, onto, tree) is { } metadata
            ? TreeEdit.Apply(objects, tree, new Dictionary<RepoPath, FileVersion> { [Metadata] = metadata }, collisions)
            : null;
    }

    private FileVersion? Version(PathChange change, FileVersion present)
    {
        if (present == change.Before) return change.After;
        if (!present.Mode.IsRegular() || change.Before.Mode != present.Mode || change.After.Mode != present.Mode) return null;
        var (before, after, onto) = (objects.ReadBlob(change.Before.Id), objects.ReadBlob(change.After.Id), objects.ReadBlob(present.Id));
        var patched = MemberPatch.IsFor(change.Path.Value) ? MemberPatch.Apply(before, after, onto) : LinePatch.Apply(before, after, onto);
        return patched is null ? null : new(present.Mode, objects.AddBlob(patched));
    }

    // Nobody can give subordinate ids to a user whom the machine does not have yet.
    private bool HasUsersOfRanges(ObjectId tree)
    {
        var users = Names("passwd").ToHashSet(StringComparer.Ordinal);
        return Names("subuid").Concat(Names("subgid")).All(users.Contains);

        IEnumerable<string> Names(string file) => TreeDiff.Find(objects, tree, RepoPath.Parse(file)) is { Exists: true } version
            ? Encoding.Latin1.GetString(objects.ReadBlob(version.Id)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0])
            : [];
    }

    // As etckeeper would write it on that client: the records that the commit changed, and those of the directories that the client makes for it.
    private FileVersion? MetadataOf(ObjectId before, ObjectId after, ObjectId onto, ObjectId tree)
    {
        var (from, to, present) = (EtckeeperFiles.Of(objects, before), EtckeeperFiles.Of(objects, after), EtckeeperFiles.Of(objects, onto));
        var changed = new HashSet<string>(EtckeeperFile.Differing(from, to), StringComparer.Ordinal);
        changed.UnionWith(from.EmptyDirectories.Except(to.EmptyDirectories).Concat(to.EmptyDirectories.Except(from.EmptyDirectories)));
        if (changed.Any(path => from.Find(path) != present.Find(path) || from.HasEmptyDirectory(path) != present.HasEmptyDirectory(path))) return null;

        var directories = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in changed.Concat(TreeDiff.Compute(objects, onto, tree).Select(change => change.Path.Value))) AddAbove(path, directories);
        changed.UnionWith(directories.Where(directory => present.Find(directory) is null));

        var carried = present.WithRecordsFrom(to, changed);
        carried = carried.With([], [], [], carried.EmptyDirectories.Where(Occupied(tree).Contains));
        var strange = Strange(carried, tree);
        strange.ExceptWith(Strange(present, onto));
        strange.ExceptWith(Strange(to, after));
        return strange.Count == 0 ? new(TreeDiff.Find(objects, onto, Metadata).Mode, objects.AddBlob(carried.Write())) : null;
    }

    // Where tree and .etckeeper do not say the same: directories without a record, and records of nothing. Some always are: of directories in
    // which everything is ignored.
    private HashSet<string> Strange(EtckeeperFile metadata, ObjectId tree)
    {
        var occupied = Occupied(tree);
        var strange = occupied.Where(directory => metadata.Find(directory) is null).ToHashSet(StringComparer.Ordinal);
        var there = occupied.Concat(metadata.EmptyDirectories).Concat(TreeDiff.List(objects, tree).Select(file => file.Path.Value)).Append(".").ToHashSet(StringComparer.Ordinal);
        foreach (var empty in metadata.EmptyDirectories) AddAbove(empty, there);
        strange.UnionWith(metadata.Records.Select(record => record.Path).Where(path => !there.Contains(path)));
        return strange;
    }

    // The directories in which something is tracked.
    private HashSet<string> Occupied(ObjectId tree)
    {
        var directories = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in TreeDiff.List(objects, tree)) AddAbove(file.Path.Value, directories);
        return directories;
    }

    private static void AddAbove(string path, HashSet<string> directories)
    {
        // What is above a directory that is known is known, too.
        var slash = path.LastIndexOf('/');
        while (slash > 0 && directories.Add(path[..slash])) slash = path.LastIndexOf('/', slash - 1);
    }
}
