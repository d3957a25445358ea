using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.Fleet;
using EtcSync.WorkTrees;

namespace EtcSync.Clients;

/// <summary>What came of looking at a client.</summary>
internal abstract record ObserveOutcome
{
    private ObserveOutcome()
    {
    }

    /// <summary>It was seen.</summary>
    /// <param name="Observation">What was seen.</param>
    /// <param name="HasDueFiles">Whether files that were swapped out have been kept long enough.</param>
    public sealed record Seen(ClientObservation Observation, bool HasDueFiles) : ObserveOutcome;

    /// <summary>It cannot be seen whole, and is left alone.</summary>
    public sealed record Refused(string Reason) : ObserveOutcome;
}

/// <summary>Looks at a client: its branch, its work tree, and what stands in the way. Writes nothing.</summary>
internal sealed class ClientObserver(Workspace workspace, DifferenceCache differences)
{
    /// <summary>Looks.</summary>
    public ObserveOutcome Observe(Client client, ClientRepository repository, WorkTreeView tree, ObjectOverlay objects, ClientTarget target, SyncRequest request)
    {
        var composite = target.Composite;
        var settings = workspace.Settings;
        var policy = PolicyOf(client);
        var head = repository.Head();
        var headTree = repository.Objects.ReadCommit(head).Tree;
        var merged = repository.ReadState(ClientRepository.MergedRef)
            ?? throw new InvalidDataException($"{repository.GitDirectory} does not say what was merged last ({ClientRepository.MergedRef} is missing).");
        var (index, indexTime) = repository.ReadIndex();
        // Somebody may have committed to the branch, here or by a push: the work tree still has what the last pass brought it to.
        var lastTree = head == merged.Head ? headTree : repository.Objects.ReadCommit(merged.Head).Tree;
        var current = index is { Tree: { } known } && known == lastTree ? index : GitIndex.Of(repository.Objects, lastTree, index);
        var outcome = WorkTreeScanner.Scan(new()
        {
            Root = tree.Root,
            Index = current,
            IndexTime = indexTime,
            Metadata = HasMetadata(repository.Objects, lastTree) ? EtckeeperFiles.Of(repository.Objects, lastTree) : null,
            Objects = objects,
            Policy = policy,
            Ownership = ClientAccounts.Of(repository.Objects, lastTree),
            Limits = new(settings.Limits.FileSize, settings.Limits.Files, settings.Limits.Depth, settings.Limits.ScanTime),
            Entered = request.Entered,
        });
        if (outcome is not ScanOutcome.Seen { Scan: var scan }) return new ObserveOutcome.Refused(((ScanOutcome.Refused)outcome).Reason);
        if (!ReferenceEquals(current, index)) scan = scan with { IndexIsStale = true };

        var now = workspace.Time.GetLocalNow();
        var hasDrift = !scan.Changes.IsEmpty;
        var (rollouts, putBack) = hasDrift ? RolloutHistory.Read(repository, head) : ([], []);
        var changes = differences.Between(repository.Objects, merged.Base, composite.Tree);
        var due = now - settings.Drift.KeepReplaced;
        var kept = KeptFiles.Names(tree);
        var paths = current.Entries.Select(entry => RepoPath.Parse(entry.Path));
        var hasDueFiles = KeptFiles.AnyDue(kept, due);
        var lateWrites = hasDueFiles ? KeptFiles.Review(tree, due, paths, settings.Limits.FileSize, objects) : [];
        var observation = new ClientObservation
        {
            Client = client,
            Head = head,
            HeadTree = headTree,
            Tree = lastTree,
            Merged = merged,
            Composite = composite,
            Scan = scan with { Findings = [.. scan.Findings, .. KeptFiles.Lost(tree, kept, paths)] },
            LateWrites = [.. lateWrites],
            Rollouts = rollouts,
            PutBackBefore = putBack,
            Changes = changes,
            Obstacles = Obstacles(tree, repository.Objects, headTree, merged.Base, composite.Tree, changes, scan, policy),
            Resolutions = target.Resolutions,
            Policy = policy,
            Guards = new(settings.Drift.MassLossPercent, settings.Drift.MassLossFloor, settings.Drift.StaleSaveWindow),
            DriftAnswer = request.Drift,
            Now = now,
        };
        return new ObserveOutcome.Seen(observation, hasDueFiles);
    }

    private IReadOnlyDictionary<RepoPath, Obstacle> Obstacles(
        WorkTreeView tree, IObjectReader objects, ObjectId head, ObjectId ancestor, ObjectId composite, ImmutableArray<PathChange> changes, WorkTreeScan scan, Func<RepoPath, PathPolicy> policy)
    {
        var found = ObstacleReader.Read(tree.Root, objects, head, ancestor, policy,
            changes.Where(change => change.After.Exists && !TreeDiff.Find(objects, head, change.Path).Exists).Select(change => change.Path), workspace.Settings.Limits.FileSize);
        // Files of upstream's that the client has deleted, now or before: they are put back, whether upstream changes them or not.
        var deleted = TreeDiff.Compute(objects, head, composite).Where(change => !change.Before.Exists).Select(change => change.Path)
            .Concat(scan.Changes.Where(change => !change.Live.Exists && TreeDiff.Find(objects, composite, change.Path).Exists).Select(change => change.Path))
            .Where(path => policy(path).Class == PathClass.Upstream && !found.ContainsKey(path)).ToList();
        if (deleted.Count == 0) return found;
        var live = scan.Changes.ToDictionary(change => change.Path, change => change.Live.Exists);
        return new Dictionary<RepoPath, Obstacle>([.. found, .. PutBackObstacles.Read(tree.Root, deleted, path => live.TryGetValue(path, out var exists) ? exists : TreeDiff.Find(objects, head, path).Exists)]);
    }

    /// <summary>What the policies say about the paths of a client.</summary>
    public Func<RepoPath, PathPolicy> PolicyOf(Client client)
    {
        var paths = workspace.Configuration.Policies.PathsOf(client.Context);
        return path => paths.ForPath(path.Value);
    }

    /// <summary>Whether a tree is one that etckeeper keeps.</summary>
    public static bool HasMetadata(IObjectReader objects, ObjectId tree) => TreeDiff.Find(objects, tree, RepoPath.Parse(EtckeeperFile.FileName)).Mode.IsRegular();
}
