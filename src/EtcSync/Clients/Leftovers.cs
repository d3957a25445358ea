using System.Collections.Immutable;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Trees;
using EtcSync.Fleet;
using EtcSync.FileSystem;
using EtcSync.WorkTrees;

namespace EtcSync.Clients;

/// <summary>What a killed process left in a client's staging area: new files that were not swapped in, and the client's that were swapped out.</summary>
internal sealed class Leftovers(Workspace workspace, ClientRepository repository, WorkTree tree)
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    /// <summary>Removes directories that were being made; those that are to be are made again.</summary>
    public void RemoveDirectories()
    {
        foreach (var name in Names().Where(StagingArea.IsDirectoryName)) tree.Staging.Directory.RemoveDirectory(name);
    }

    /// <summary>Removes staged files where no plan was begun: nothing was swapped then.</summary>
    public void RemoveFiles()
    {
        foreach (var name in StagedNames()) tree.Staging.Directory.Unlink(name);
    }

    /// <summary>
    /// The paths that the client has written without having seen the new version. Where it has, what it wrote is drift like any
    /// other: that the new one was in place shows in what was swapped out for it, which is kept.
    /// </summary>
    /// <param name="tip">The branch's commit in the state that was being applied.</param>
    /// <param name="rollout">What was to be put: that commit, or the one below it.</param>
    /// <param name="versions">The trees that the work tree may have parts of, newest first.</param>
    /// <param name="left">How many of the newest only leave paths for later.</param>
    public HashSet<RepoPath> NotReached(ObjectId tip, ObjectId rollout, ImmutableArray<ObjectId> versions, int left)
    {
        var found = new HashSet<RepoPath>();
        var commit = repository.Objects.ReadCommit(rollout);
        // The branch moves when everything is in place.
        if (versions.Length < left + 2 || repository.Refs.Read(repository.Branch) == tip || !InterruptedRollout.IsRollout(commit)) return found;
        var (kept, since) = (KeptFiles.Names(tree), commit.Committer.When);
        var changes = TreeDiff.Compute(repository.Objects, versions[left + 1], versions[0]);
        foreach (var (path, before, ours) in changes)
        {
            // A directory that the rollout was to put a file in the place of is no write of the client's.
            if (path == Metadata || !path.IsUtf8 || (IsDirectory(path) && versions.Any(known => TreeDiff.FindEntry(repository.Objects, known, path) is { Mode: EntryMode.Directory }))) continue;
            var live = Present(path);
            var staged = VersionOf(tree.Staging.Directory, StagingArea.NameOf(path));
            var isInHand = live == ours && staged is { } swapped && !IsKnown(path, swapped);
            var isNotReached = !IsKnown(path, live) && (staged == ours || (before.Exists && staged is null && !KeptFiles.WasReplaced(kept, path, before, since)));
            if (isInHand || isNotReached) found.Add(path);
        }

        // No tree can hold a file and what the rollout puts into a directory of that name.
        var displaced = changes.Select(change => change.Path).Where(path => found.Any(other => path.IsBelow(other) || other.IsBelow(path))).ToList();
        found.UnionWith(displaced);
        return found;

        bool IsKnown(RepoPath path, FileVersion version) => versions.Any(known => TreeDiff.Find(repository.Objects, known, path) == version);
    }

    /// <summary>Clears the staging area. What was swapped out and not looked at yet may be the client's newest version: it goes back, and the next scan takes it.</summary>
    /// <param name="versions">The trees that the work tree may have parts of, newest first.</param>
    /// <param name="put">Those of which something can have been put into the work tree.</param>
    public void GiveBack(ImmutableArray<ObjectId> versions, ImmutableArray<ObjectId> put)
    {
        var staged = StagedNames().ToHashSet(StringComparer.Ordinal);
        if (staged.Count == 0) return;
        var staging = tree.Staging.Directory;
        var paths = versions.SelectMany(version => TreeDiff.List(repository.Objects, version)).Select(file => file.Path).Append(Metadata).Distinct();
        foreach (var path in paths)
        {
            var name = StagingArea.NameOf(path);
            if (!staged.Remove(name)) continue;
            if (VersionOf(staging, name) is { } found && versions.Any(version => TreeDiff.Find(repository.Objects, version, path) == found))
            {
                // What was swapped out may still be open in a program; what was only staged is made again.
                if (found == TreeDiff.Find(repository.Objects, versions[0], path) || !found.Mode.IsRegular()) staging.Unlink(name);
                else staging.Rename(name, tree.Staging.Kept, StagingArea.KeptNameOf(path, found, workspace.Time.GetUtcNow()));
                continue;
            }

            // Of .etckeeper only our own version counts.
            if (path == Metadata) staging.Unlink(name);
            else if (!TryGiveBack(path, name, put.Select(version => TreeDiff.Find(repository.Objects, version, path)))) staging.Rename(name, tree.Staging.Kept, KeptFiles.LostNameOf(name, workspace.Time.GetUtcNow()));
        }

        foreach (var name in staged) staging.Unlink(name);
    }

    /// <summary>What the work tree has of a path; something that is no version of ours where it cannot be read.</summary>
    public FileVersion Present(RepoPath path)
    {
        if (path.Parent is not { } parent) return VersionOf(tree.Root, path.Name) ?? default;
        if (tree.Root.OpenDirectory(parent.Value, out var directory) != OpenOutcome.Opened) return default;
        using (directory) return VersionOf(directory!, path.Name) ?? default;
    }

    /// <summary>Whether a directory stands at a path.</summary>
    public bool IsDirectory(RepoPath path)
    {
        if (tree.Root.OpenDirectory(path.Value, out var directory) != OpenOutcome.Opened) return false;
        directory!.Dispose();
        return true;
    }

    // Ours: what can have been put there.
    private bool TryGiveBack(RepoPath path, string name, IEnumerable<FileVersion> ours)
    {
        var directory = tree.Root;
        if (path.Parent is { } parent && tree.Root.OpenDirectory(parent.Value, out directory) != OpenOutcome.Opened) return false;
        try
        {
            if (!directory!.TryStatus(path.Name, out _)) return tree.Staging.Directory.RenameNoReplace(name, directory, path.Name) == ChangeOutcome.Done;
            // If the client has written there once more, that is newer.
            if (VersionOf(directory, path.Name) is not { } present || !ours.Contains(present)) return false;
            if (tree.Staging.Directory.Exchange(name, directory, path.Name) != ChangeOutcome.Done) return false;
            // Ours was in place: a program may have it open.
            tree.Staging.Directory.Rename(name, tree.Staging.Kept, StagingArea.KeptNameOf(path, present, workspace.Time.GetUtcNow()));
            return true;
        }
        finally
        {
            if (!ReferenceEquals(directory, tree.Root)) directory?.Dispose();
        }
    }

    private FileVersion? VersionOf(DirectoryDescriptor directory, string name)
    {
        if (!directory.TryStatus(name, out var status)) return null;
        var outcome = status.Kind switch
        {
            FileKind.Regular => directory.ReadFile(name, (int)Math.Min(workspace.Settings.Limits.FileSize, int.MaxValue)),
            FileKind.SymbolicLink => directory.ReadLink(name),
            _ => null,
        };
        // Something that cannot be a version of ours.
        if (outcome is not ReadOutcome.Content content) return new(EntryMode.GitLink, default);
        return new(IndexStats.ModeOf(content.Status), ObjectId.Hash(ObjectType.Blob, content.Bytes));
    }

    private IEnumerable<string> StagedNames() => Names().Where(name => name.Length == 32 && name.All(char.IsAsciiHexDigit));

    private List<string> Names()
    {
        var names = new List<string>();
        foreach (var entry in tree.Staging.Directory.Enumerate()) names.Add(entry.Name);
        return names;
    }
}
