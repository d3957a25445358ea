using System.Collections.Immutable;
using EtcSync.Core.Applying;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Trees;
using EtcSync.Fleet;
using EtcSync.FileSystem;
using EtcSync.WorkTrees;

namespace EtcSync.Clients;

/// <summary>
/// Finishes what a killed process had begun, before anything is observed: half a rollout would look like drift. Done
/// twice it is the same as done once.
/// </summary>
internal sealed class Recovery(Workspace workspace)
{
    private const int MaximumCommits = 8;
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    /// <summary>Rolls an unfinished plan forward; true if there was one.</summary>
    public bool Run(ClientRepository repository, WorkTree tree)
    {
        // These two references are ours alone; the others a person's git may be working on at this moment.
        repository.Refs.RemoveStaleLocks(ClientRepository.MergedRef, ClientRepository.ApplyingRef);
        repository.Refs.RemoveAbandonedLocks(repository.Branch, "packed-refs", "index");
        foreach (var name in Names(tree).Where(StagingArea.IsDirectoryName)) tree.Staging.Directory.RemoveDirectory(name);
        var applying = repository.Refs.Read(ClientRepository.ApplyingRef);
        if (applying is not { } state)
        {
            // Staged files without a plan: the plan was never begun.
            foreach (var name in StagedNames(tree)) tree.Staging.Directory.Unlink(name);
            return false;
        }

        var commit = repository.Objects.ReadCommit(state);
        var begun = MergedState.Of(commit);
        var versions = TreesFrom(repository, begun.Head);
        if (NotReached(repository, tree, begun.Head, versions, commit.Committer.When) is { Count: > 0 } paths && repository.ReadState(ClientRepository.MergedRef) is { } previous)
        {
            var objects = new ObjectOverlay(repository.Objects);
            begun = InterruptedRollout.Without(objects, begun, versions[0], versions[1], previous.Base, paths, workspace.Time.GetLocalNow());
            var without = begun.Record(objects, workspace.Time.GetLocalNow());
            repository.Objects.Write(objects.Added);
            // From here on this is what is being applied, whatever happens: the next step changes what it was concluded from.
            workspace.SyncState();
            repository.Refs.TryUpdate(ClientRepository.ApplyingRef, state, without);
            workspace.SyncState();
            (state, versions) = (without, versions.Insert(0, repository.Objects.ReadCommit(begun.Head).Tree));
        }

        // Where paths are left, what was put into their places is the version before that commit.
        var put = InterruptedRollout.LeavesPaths(repository.Objects.ReadCommit(begun.Head)) ? versions[..2] : versions[..1];
        Salvage(repository, tree, versions, put);
        RollForward(repository, tree, versions);
        if (repository.Refs.Read(repository.Branch) is var head && head != begun.Head) repository.Refs.TryUpdate(repository.Branch, head, begun.Head);
        if (repository.Refs.Read(ClientRepository.MergedRef) is var merged && merged != state) repository.Refs.TryUpdate(ClientRepository.MergedRef, merged, state);
        // As in an apply that nobody interrupts: what is not written back yet may still be cut short.
        workspace.SyncState();
        repository.Refs.Delete(ClientRepository.ApplyingRef);
        return true;
    }

    // The paths that the client has written without having seen the new version. Where it has, what it wrote is drift like any
    // other: that the new one was in place shows in what was swapped out for it, which is kept.
    private HashSet<RepoPath> NotReached(ClientRepository repository, WorkTree tree, ObjectId tip, ImmutableArray<ObjectId> versions, DateTimeOffset since)
    {
        var found = new HashSet<RepoPath>();
        // The branch moves when everything is in place.
        if (versions.Length < 2 || repository.Refs.Read(repository.Branch) == tip || !InterruptedRollout.IsRollout(repository.Objects.ReadCommit(tip))) return found;
        var kept = KeptFiles.Names(tree);
        foreach (var (path, before, ours) in TreeDiff.Compute(repository.Objects, versions[1], versions[0]))
        {
            if (path == Metadata || !path.IsUtf8) continue;
            var live = Present(tree, path);
            var staged = VersionOf(tree.Staging.Directory, StagingArea.NameOf(path));
            var isInHand = live == ours && staged is { } swapped && !IsKnown(path, swapped);
            var isNotReached = !IsKnown(path, live) && (staged == ours || (before.Exists && staged is null && !KeptFiles.WasReplaced(kept, path, ours, since)));
            if (isInHand || isNotReached) found.Add(path);
        }

        return found;

        bool IsKnown(RepoPath path, FileVersion version) => versions.Any(tree => TreeDiff.Find(repository.Objects, tree, path) == version);
    }

    // What was swapped out and not looked at yet may be the client's newest version. It goes back; the next scan takes it.
    private void Salvage(ClientRepository repository, WorkTree tree, ImmutableArray<ObjectId> versions, ImmutableArray<ObjectId> put)
    {
        var staged = StagedNames(tree).ToHashSet(StringComparer.Ordinal);
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
            else if (!GiveBack(tree, path, name, put.Select(version => TreeDiff.Find(repository.Objects, version, path)))) staging.Rename(name, tree.Staging.Kept, KeptFiles.LostNameOf(name, workspace.Time.GetUtcNow()));
        }

        foreach (var name in staged) staging.Unlink(name);
    }

    // Ours: what can have been put there.
    private bool GiveBack(WorkTree tree, RepoPath path, string name, IEnumerable<FileVersion> ours)
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

    // What the client has written since stays as it is; the next scan takes it, and knows a stale save from a change.
    private void RollForward(ClientRepository repository, WorkTree tree, ImmutableArray<ObjectId> versions)
    {
        var target = new AttributedTree(versions[0], EtckeeperFiles.Of(repository.Objects, versions[0]));
        var before = new AttributedTree(versions[^1], EtckeeperFiles.Of(repository.Objects, versions[^1]));
        var plan = ApplyPlanner.Plan(repository.Objects, before, target, Untracked(repository, versions));
        // What has its new version already needs nothing; what has neither is the client's newest, and stays.
        var vacated = plan.Steps.OfType<ApplyStep.RemoveDirectory>().Select(step => step.Directory).ToHashSet();
        var steps = plan.Steps.Select(step => Remaining(tree, step, vacated, path => [.. versions.Select(version => TreeDiff.Find(repository.Objects, version, path))])).OfType<ApplyStep>().ToImmutableArray();
        var remaining = new ApplyPlan(steps);
        // Best effort: who holds it now has held it since before the crash.
        using var accounts = ClientApplier.AccountFilesOf(remaining).Count > 0
            && PasswordLock.AcquireAsync(tree.Root, ClientApplier.PasswordLockWait, workspace.Time, CancellationToken.None).GetAwaiter().GetResult() is PasswordLockOutcome.Acquired acquired ? acquired.Lock : null;
        using var writer = new WorkTreeWriter(tree, repository.Objects, ClientAccounts.Of(repository.Objects, target.Tree), workspace.Settings.Limits.FileSize, workspace.Time.GetLocalNow());
        writer.Stage(remaining);
        workspace.Sync.Sync(tree.Staging.Directory);
        writer.Swap(remaining);
        workspace.Sync.Sync(tree.Staging.Directory);
        // Statistics are left to the next scan, which reads what it does not know.
        repository.WriteIndex(GitIndex.Of(repository.Objects, target.Tree, repository.ReadIndex().Index));
    }

    // A path that the merge stopped tracking because upstream ignores it now keeps its file.
    private static HashSet<RepoPath> Untracked(ClientRepository repository, ImmutableArray<ObjectId> versions)
    {
        var ignores = Core.Merging.TreeIgnores.Of(repository.Objects, versions[0]);
        return [.. TreeDiff.Compute(repository.Objects, versions[^1], versions[0]).Where(change => !change.After.Exists && ignores.IsIgnored(change.Path.Value, isDirectory: false)).Select(change => change.Path)];
    }

    private ApplyStep? Remaining(WorkTree tree, ApplyStep step, HashSet<RepoPath> vacated, Func<RepoPath, ImmutableArray<FileVersion>> known)
    {
        if (step is ApplyStep.PutFile put)
        {
            // A directory that still stands there is emptied and removed before.
            var present = vacated.Contains(put.File) && IsDirectory(tree, put.File) ? FileVersion.Absent : Present(tree, put.File);
            // .etckeeper is ours whatever it says; attributes may differ although the content is there, so equal content is put again.
            if (put.File != Metadata && present != put.Version && !known(put.File).Contains(present)) return null;
            return put with { Expected = present };
        }

        if (step is ApplyStep.RemoveFile remove)
        {
            var present = Present(tree, remove.File);
            return present.Exists && known(remove.File).Contains(present) ? remove with { Expected = present } : null;
        }

        return step;
    }

    private static bool IsDirectory(WorkTree tree, RepoPath path)
    {
        if (tree.Root.OpenDirectory(path.Value, out var directory) != OpenOutcome.Opened) return false;
        directory!.Dispose();
        return true;
    }

    private FileVersion Present(WorkTree tree, RepoPath path)
    {
        if (path.Parent is not { } parent) return VersionOf(tree.Root, path.Name) ?? default;
        if (tree.Root.OpenDirectory(parent.Value, out var directory) != OpenOutcome.Opened) return default;
        using (directory) return VersionOf(directory!, path.Name) ?? default;
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

    // From the commit that is being applied back to the one that the branch still has: newest first.
    private static ImmutableArray<ObjectId> TreesFrom(ClientRepository repository, ObjectId tip)
    {
        var trees = ImmutableArray.CreateBuilder<ObjectId>();
        var head = repository.Refs.Read(repository.Branch);
        ObjectId? at = tip;
        for (var i = 0; i < MaximumCommits && at is { } id; i++)
        {
            var commit = repository.Objects.ReadCommit(id);
            trees.Add(commit.Tree);
            if (id == head) break;
            at = commit.Parents.IsEmpty ? null : commit.Parents[0];
        }

        // Somebody had committed to the branch, and the work tree had not followed yet: then it has what the last pass brought it to.
        if (repository.Refs.Read(ClientRepository.MergedRef) is { } merged && MergedState.Of(repository.Objects.ReadCommit(merged)).Head is var last && last != tip && last != head)
        {
            trees.Add(repository.Objects.ReadCommit(last).Tree);
        }

        // The branch has moved already: then what was before is the commit's parent.
        if (trees.Count == 1 && repository.Objects.ReadCommit(tip) is { Parents: [var parent, ..] }) trees.Add(repository.Objects.ReadCommit(parent).Tree);
        return trees.ToImmutable();
    }

    private static IEnumerable<string> StagedNames(WorkTree tree) => Names(tree).Where(name => name.Length == 32 && name.All(char.IsAsciiHexDigit));

    private static List<string> Names(WorkTree tree)
    {
        var names = new List<string>();
        foreach (var entry in tree.Staging.Directory.Enumerate()) names.Add(entry.Name);
        return names;
    }
}
