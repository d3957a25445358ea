using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.Fleet;
using EtcSync.FileSystem;
using EtcSync.WorkTrees;

namespace EtcSync.Clients;

/// <summary>A file of the shared root as upstream's work tree has it.</summary>
internal sealed record ShadowSource(ShadowFile File, RepoPath Path, FileVersion Version, byte[] Content, FileStatus Status);

/// <summary>
/// Copies the files that git ignores and that must match the shared root (the linker's cache, the hardware database).
/// Clients get them whenever upstream's change, held ones too: the shared /usr moves on for everyone at once.
/// </summary>
internal sealed class ShadowCopies(Workspace workspace)
{
    private const int LargestFile = 256 * 1024 * 1024;

    /// <summary>Reads upstream's files, once for all clients that share their policies.</summary>
    public ImmutableArray<ShadowSource> ReadSources(ImmutableArray<ShadowFile> files)
    {
        if (files.IsEmpty || DirectoryDescriptor.OpenRoot(workspace.UpstreamDirectory, out var root) != OpenOutcome.Opened) return [];
        using var upstream = root!;
        var sources = ImmutableArray.CreateBuilder<ShadowSource>();
        foreach (var file in files)
        {
            if (!RepoPath.TryParse(file.Path, out var path)) continue;
            var directory = upstream;
            if (path.Parent is { } parent && upstream.OpenDirectory(parent.Value, out directory) != OpenOutcome.Opened) continue;
            try
            {
                if (!directory!.TryStatus(path.Name, out var status)) continue;
                if (workspace.Shadows.Find(file.Path, status) is var (known, bytes, seen))
                {
                    sources.Add(new(file, path, known, bytes, seen));
                    continue;
                }

                var outcome = status.Kind == FileKind.SymbolicLink ? directory.ReadLink(path.Name) : directory.ReadFile(path.Name, LargestFile);
                if (outcome is not ReadOutcome.Content content) continue;
                var version = new FileVersion(IndexStats.ModeOf(content.Status), ObjectId.Hash(ObjectType.Blob, content.Bytes));
                workspace.Shadows.Remember(file.Path, version, content.Bytes, content.Status, workspace.Time.GetUtcNow());
                sources.Add(new(file, path, version, content.Bytes, content.Status));
            }
            finally
            {
                if (!ReferenceEquals(directory, upstream)) directory?.Dispose();
            }
        }

        return sources.ToImmutable();
    }

    /// <summary>Brings a client's copies up to date.</summary>
    /// <param name="sources">Upstream's files.</param>
    /// <param name="tree">The client's work tree.</param>
    /// <param name="state">What was copied before.</param>
    /// <param name="isOverridden">Whether the client has its own version of a path.</param>
    /// <param name="isTracked">Whether git tracks the path on the client: then it is merged like any other.</param>
    /// <param name="makeDirectory">Makes a directory that is missing because nothing else is in it, if the client is to have it.</param>
    /// <returns>The new state, and the paths that were copied.</returns>
    public (ClientState State, ImmutableArray<string> Copied) Update(
        ImmutableArray<ShadowSource> sources, WorkTree tree, ClientState state, Func<ShadowFile, bool> isOverridden, Func<RepoPath, bool> isTracked, Action<RepoPath> makeDirectory)
    {
        var shadows = state.Shadows.ToDictionary(StringComparer.Ordinal);
        var copied = ImmutableArray.CreateBuilder<string>();
        foreach (var source in sources)
        {
            if (isTracked(source.Path) || isOverridden(source.File)) continue;
            var directory = tree.Root;
            if (source.Path.Parent is { } parent && !TryOpen(tree, parent, makeDirectory, out directory)) continue;
            try
            {
                var isThere = directory!.TryStatus(source.Path.Name, out var present);
                if (isThere && shadows.TryGetValue(source.Path.Value, out var known) && IsSame(known, source, present)) continue;
                if (!isThere || !Holds(directory, source, present))
                {
                    if (!Put(tree, directory, source, isThere)) continue;
                    copied.Add(source.Path.Value);
                }

                if (directory.TryStatus(source.Path.Name, out present)) shadows[source.Path.Value] = new(source.Version.Id.ToString(), present.Inode, Nanoseconds(present.CTime));
            }
            finally
            {
                if (!ReferenceEquals(directory, tree.Root)) directory?.Dispose();
            }
        }

        var same = copied.Count == 0 && shadows.Count == state.Shadows.Count && shadows.All(pair => state.Shadows.TryGetValue(pair.Key, out var old) && old == pair.Value);
        return (same ? state : state with { Shadows = shadows }, copied.ToImmutable());
    }

    /// <summary>Whether the copies are those that were made from these sources; cheap.</summary>
    public static bool AreCurrent(ImmutableArray<ShadowSource> sources, ClientState state) =>
        sources.All(source => state.Shadows.TryGetValue(source.Path.Value, out var known) && known.Content == source.Version.Id.ToString());

    private static bool TryOpen(WorkTree tree, RepoPath path, Action<RepoPath> make, out DirectoryDescriptor? directory)
    {
        var outcome = tree.Root.OpenDirectory(path.Value, out directory);
        if (outcome == OpenOutcome.Missing)
        {
            make(path);
            outcome = tree.Root.OpenDirectory(path.Value, out directory);
        }

        return outcome == OpenOutcome.Opened;
    }

    private static bool IsSame(ShadowCopy known, ShadowSource source, in FileStatus present) =>
        known.Content == source.Version.Id.ToString() && known.Inode == present.Inode && known.ChangeTime == Nanoseconds(present.CTime);

    private static bool Holds(DirectoryDescriptor directory, ShadowSource source, in FileStatus present)
    {
        if (IndexStats.ModeOf(present) != source.Version.Mode) return false;
        if (source.Version.Mode == EntryMode.SymbolicLink) return directory.ReadLink(source.Path.Name) is ReadOutcome.Content link && link.Bytes.AsSpan().SequenceEqual(source.Content);
        return present.Size == source.Content.Length && present.Mode == source.Status.Mode
            && directory.ReadFile(source.Path.Name, LargestFile) is ReadOutcome.Content content && content.Bytes.AsSpan().SequenceEqual(source.Content);
    }

    private bool Put(WorkTree tree, DirectoryDescriptor directory, ShadowSource source, bool isThere)
    {
        var (staging, name) = (tree.Staging.Directory, StagingArea.NameOf(source.Path));
        staging.Unlink(name);
        if (source.Version.Mode == EntryMode.SymbolicLink)
        {
            if (staging.CreateSymbolicLink(name, source.Content) != ChangeOutcome.Done) return false;
        }
        else
        {
            if (staging.CreateFile(name, source.Content, out var file) != ChangeOutcome.Done) return false;
            using (file)
            {
                if (Owners.AreSet) file!.SetOwner(source.Status.Uid, source.Status.Gid);
                file!.SetMode(source.Status.Mode);
            }

            workspace.Sync.Sync(staging);
        }

        // Nobody edits these files; a program that has the old one mapped keeps it until it is removed below.
        var outcome = isThere ? staging.Exchange(name, directory, source.Path.Name) : staging.RenameNoReplace(name, directory, source.Path.Name);
        if (outcome == ChangeOutcome.Done && !isThere) return true;
        if (staging.Unlink(name) == ChangeOutcome.IsDirectory)
        {
            // A directory came out: the client's, and it goes back.
            if (outcome == ChangeOutcome.Done) staging.Exchange(name, directory, source.Path.Name);
            staging.Unlink(name);
            return false;
        }

        return outcome == ChangeOutcome.Done;
    }

    private static long Nanoseconds(FileTime time) => (time.Seconds * 1_000_000_000) + time.Nanoseconds;
}
