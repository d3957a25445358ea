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
        var leftovers = new Leftovers(workspace, repository, tree);
        leftovers.RemoveDirectories();
        var applying = repository.Refs.Read(ClientRepository.ApplyingRef);
        if (applying is not { } state)
        {
            leftovers.RemoveFiles();
            return false;
        }

        var begun = MergedState.Of(repository.Objects.ReadCommit(state));
        var (rollout, left) = RolloutOf(repository, begun.Head);
        var versions = TreesFrom(repository, begun.Head);
        if (leftovers.NotReached(begun.Head, rollout, versions, left) is { Count: > 0 } paths && repository.ReadState(ClientRepository.MergedRef) is { } previous)
        {
            // What an earlier recovery has left stays left, in one commit.
            paths.UnionWith(TreeDiff.Compute(repository.Objects, versions[left], versions[0]).Select(change => change.Path).Where(path => path != Metadata));
            var objects = new ObjectOverlay(repository.Objects);
            begun = InterruptedRollout.Without(objects, begun with { Head = rollout }, versions[left], versions[left + 1], previous.Base, paths, workspace.Time.GetLocalNow());
            var without = begun.Record(objects, workspace.Time.GetLocalNow());
            repository.Objects.Write(objects.Added);
            // From here on this is what is being applied, whatever happens: the next step changes what it was concluded from.
            workspace.SyncState();
            repository.Refs.TryUpdate(ClientRepository.ApplyingRef, state, without);
            workspace.SyncState();
            (state, versions, left) = (without, versions[left..].Insert(0, repository.Objects.ReadCommit(begun.Head).Tree), 1);
        }

        // Where paths are left, what was put into their places is the version before that commit.
        leftovers.GiveBack(versions, put: versions[..(left + 1)]);
        RollForward(repository, tree, leftovers, versions);
        if (repository.Refs.Read(repository.Branch) is var head && head != begun.Head) repository.Refs.TryUpdate(repository.Branch, head, begun.Head);
        if (repository.Refs.Read(ClientRepository.MergedRef) is var merged && merged != state) repository.Refs.TryUpdate(ClientRepository.MergedRef, merged, state);
        // As in an apply that nobody interrupts: what is not written back yet may still be cut short.
        workspace.SyncState();
        repository.Refs.Delete(ClientRepository.ApplyingRef);
        return true;
    }

    // What was to be put, and the number of commits on top of it, which leave some of its paths for later: one, if the recovery
    // was killed, too.
    private static (ObjectId Rollout, int Left) RolloutOf(ClientRepository repository, ObjectId tip)
    {
        var commit = repository.Objects.ReadCommit(tip);
        return InterruptedRollout.LeavesPaths(commit) && commit.Parents is [var parent] ? (parent, 1) : (tip, 0);
    }

    // What the client has written since stays as it is; the next scan takes it, and knows a stale save from a change.
    private void RollForward(ClientRepository repository, WorkTree tree, Leftovers leftovers, ImmutableArray<ObjectId> versions)
    {
        var target = new AttributedTree(versions[0], EtckeeperFiles.Of(repository.Objects, versions[0]));
        var before = new AttributedTree(versions[^1], EtckeeperFiles.Of(repository.Objects, versions[^1]));
        var plan = ApplyPlanner.Plan(repository.Objects, before, target, Untracked(repository, versions));
        // What has its new version already needs nothing; what has neither is the client's newest, and stays.
        var vacated = plan.Steps.OfType<ApplyStep.RemoveDirectory>().Select(step => step.Directory).ToHashSet();
        var steps = plan.Steps.Select(step => Remaining(tree, leftovers, step, vacated, path => [.. versions.Select(version => TreeDiff.Find(repository.Objects, version, path))])).OfType<ApplyStep>().ToImmutableArray();
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

    private static ApplyStep? Remaining(WorkTree tree, Leftovers leftovers, ApplyStep step, HashSet<RepoPath> vacated, Func<RepoPath, ImmutableArray<FileVersion>> known)
    {
        if (step is ApplyStep.PutFile put)
        {
            // A directory that still stands there is emptied and removed before.
            var present = vacated.Contains(put.File) && leftovers.IsDirectory(put.File) ? FileVersion.Absent : leftovers.Present(put.File);
            // .etckeeper is ours whatever it says; attributes may differ although the content is there, so equal content is put again.
            if (put.File != Metadata && present != put.Version && !known(put.File).Contains(present)) return null;
            return put with { Expected = present };
        }

        if (step is ApplyStep.RemoveFile remove)
        {
            var present = leftovers.Present(remove.File);
            return present.Exists && known(remove.File).Contains(present) ? remove with { Expected = present } : null;
        }

        return step;
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
}
