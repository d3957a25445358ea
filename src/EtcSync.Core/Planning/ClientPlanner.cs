using System.Collections.Immutable;
using EtcSync.Core.Applying;
using EtcSync.Core.Checks;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Planning;

/// <summary>
/// Decides what happens to a client: drift becomes a commit, late and stale saves are put right, the composite is merged,
/// and the steps that the work tree needs follow from the trees. Pure: same observation, same plan; new objects are in
/// the overlay.
/// </summary>
public sealed class ClientPlanner
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    private readonly ObjectOverlay _objects;
    private readonly ClientObservation _seen;
    private readonly CommitWriter _commits;

    private ClientPlanner(ObjectOverlay objects, ClientObservation seen)
    {
        _objects = objects;
        _seen = seen;
        _commits = new(objects, seen.Client.Name, seen.Head, seen.Now);
    }

    /// <summary>Plans a client.</summary>
    /// <param name="objects">Takes the new objects.</param>
    /// <param name="seen">The client.</param>
    /// <param name="deferred">Paths that the client is writing at this moment: they are left for next time.</param>
    public static ClientPlan Plan(ObjectOverlay objects, ClientObservation seen, IReadOnlySet<RepoPath> deferred) => new ClientPlanner(objects, seen).Plan(deferred);

    private ClientPlan Plan(IReadOnlySet<RepoPath> deferred)
    {
        var drift = DriftPlanner.Plan(_objects, new()
        {
            Tree = _seen.Tree,
            Scan = _seen.Scan,
            Rollouts = _seen.Rollouts,
            PutBackBefore = _seen.PutBackBefore,
            Guards = _seen.Guards,
            Answer = _seen.DriftAnswer,
            Now = _seen.Now,
        });
        if (drift.Hold is { } mass) return Nothing(drift, $"{mass} Put everything back with 'etcsync sync --reject-drift {_seen.Client.Name}', or, if that is meant, take it over with 'etcsync sync --accept-drift {_seen.Client.Name}'.");

        var live = Attributed(LiveTree(drift.Tree), drift.Tree);
        // What cannot be replaced stays as the client saved it, or wrote it late.
        if (!_seen.Fixed.IsEmpty) drift = drift with { StaleSaves = [.. drift.StaleSaves.Where(save => !_seen.Fixed.ContainsKey(save.Path))] };
        // A stale save that the client writes again at this moment stays in the work tree, uncommitted: once it is on the branch
        // without having been put right, the next one could not be told from the client's wish.
        var waiting = drift.StaleSaves.Select(save => save.Path).Concat(drift.StaleDisputes.Select(dispute => dispute.Path)).Where(deferred.Contains).ToHashSet();
        if (waiting.Count > 0) drift = Without(drift, waiting);
        var drifted = OntoBranch(drift.Tree);
        _commits.Drift(_seen.HeadTree, drifted, drift);
        if (_seen.DriftAnswer == DriftAnswer.Reject)
        {
            drifted = PutBack(drift, drifted, deferred);
            drift = drift with { StaleSaves = [], StaleDisputes = [] };
        }

        var saves = drift.StaleSaves.ToDictionary(save => save.Path, save => save.Merged);
        var restored = saves.Count == 0 ? drifted : OntoBranch(TreeEdit.Apply(_objects, drift.Tree, saves, new List<RepoPath>()));
        _commits.StaleSaves(restored, drift);
        var late = LateWrites(restored, deferred, out var tree);
        _commits.LateWrites(tree, late);

        var ancestor = BaseWith(drift.StaleDisputes);
        var merge = ClientMerge.Plan(_objects, new()
        {
            Base = ancestor,
            Client = tree,
            Upstream = _seen.Composite.Tree,
            Policy = _seen.Policy,
            Obstacles = _seen.Obstacles,
            Deferred = deferred.Union(_seen.Scan.Unreadable).ToHashSet(),
            Fixed = _seen.Fixed,
            Refused = _seen.Refused,
            Checks = BuiltInChecks.All,
            Resolutions = key => _seen.Resolutions.Find(key, _seen.Client.Name),
            Changes = drift.StaleDisputes.IsEmpty ? _seen.Changes : null,
        });
        merge = merge with { Conflicts = [.. merge.Conflicts.Select(conflict => Explained(conflict, drift))] };
        if (merge.ClientHeld is { } reason) return Nothing(drift, reason) with { Merge = merge };

        _commits.Merge(tree, ancestor, merge, _seen.Merged, _seen.Composite);
        var target = Attributed(merge.Tree, merge.Tree);
        var untouched = merge.Decisions.Where(decision => decision.Action == MergeAction.Untrack).Select(decision => decision.Path)
            .Concat(waiting).Concat(_seen.Fixed.Keys).Concat(_seen.Scan.Unreadable).Concat(_seen.Changes.Select(change => change.Path).Where(path => _seen.Policy(path).Class == PathClass.Local))
            .ToImmutableHashSet();
        return new()
        {
            Observation = _seen,
            Drift = drift,
            LateWrites = late,
            Merge = merge,
            Commits = _commits.Made,
            Head = _commits.Tip,
            State = _commits.State(merge.NextBase, _seen.Composite.Commit, _seen.Merged),
            Live = live,
            Target = target,
            Untouched = untouched,
            Apply = Adopt(ApplyPlanner.Plan(_objects, live, target, untouched)),
        };
    }

    // A disputed save is merged as if the rollout had not reached its path: it is in conflict until a person has seen it.
    private ObjectId BaseWith(ImmutableArray<StaleDispute> disputes) => disputes.IsEmpty
        ? _seen.Merged.Base
        : TreeEdit.Apply(_objects, _seen.Merged.Base, disputes.ToDictionary(dispute => dispute.Path, dispute => dispute.Base), new List<RepoPath>());

    private static Conflict Explained(Conflict conflict, DriftPlan drift) => drift.StaleDisputes.Any(dispute => dispute.Path == conflict.Path)
        ? conflict with { Reason = $"{conflict.Reason} A program that had it open across a rollout has saved it without the rollout's changes." }
        : conflict;

    // What is on the disk is the drift's tree, but for .etckeeper, which says what the client or an earlier pass wrote there.
    private ObjectId LiveTree(ObjectId tree)
    {
        if (TreeDiff.Find(_objects, tree, Metadata) == _seen.Scan.Metadata) return tree;
        return TreeEdit.Apply(_objects, tree, new Dictionary<RepoPath, FileVersion> { [Metadata] = _seen.Scan.Metadata }, new List<RepoPath>());
    }

    // Where the client has, ignored, the very file that upstream adds, it is replaced by itself: mode and owner are upstream's from now on.
    private ApplyPlan Adopt(ApplyPlan plan) => _seen.Obstacles.Count == 0 ? plan : new([.. plan.Steps.Select(step =>
        step is ApplyStep.PutFile { Expected.Exists: false } put && _seen.Obstacles.TryGetValue(put.File, out var obstacle) ? put with { Expected = obstacle.Version } : step)]);

    private DriftPlan Without(DriftPlan drift, HashSet<RepoPath> paths) => drift with
    {
        Tree = TreeEdit.Apply(_objects, drift.Tree, paths.ToDictionary(path => path, path => TreeDiff.Find(_objects, _seen.Tree, path)), new List<RepoPath>()),
        Changes = [.. drift.Changes.Where(change => !paths.Contains(change.Path))],
        StaleSaves = [.. drift.StaleSaves.Where(save => !paths.Contains(save.Path))],
        StaleDisputes = [.. drift.StaleDisputes.Where(dispute => !paths.Contains(dispute.Path))],
    };

    // After it was committed; what the client writes at this moment, or nobody can replace, stays.
    private ObjectId PutBack(DriftPlan drift, ObjectId drifted, IReadOnlySet<RepoPath> deferred)
    {
        var stays = drift.Changes.Select(change => change.Path).Where(path => deferred.Contains(path) || _seen.Fixed.ContainsKey(path))
            .ToDictionary(path => path, path => TreeDiff.Find(_objects, drifted, path));
        var tree = TreeEdit.Apply(_objects, _seen.HeadTree, stays, new List<RepoPath>());
        _commits.PutBack(tree);
        return tree;
    }

    private ClientPlan Nothing(DriftPlan drift, string reason)
    {
        var tree = Attributed(_seen.Tree, _seen.Tree);
        return new() { Observation = _seen, Drift = drift, Held = reason, Head = _seen.Head, Live = tree, Target = tree };
    }

    // What somebody committed to the branch since the last pass, and what the work tree has: joined, and where the two
    // dispute the same lines, the live version stands; the other one is in the history.
    private ObjectId OntoBranch(ObjectId drifted) => _seen.HeadTree == _seen.Tree
        ? drifted
        : ClientMerge.Plan(_objects, new() { Base = _seen.Tree, Client = drifted, Upstream = _seen.HeadTree }).Tree;

    private ImmutableArray<LateWriteDecision> LateWrites(ObjectId tree, IReadOnlySet<RepoPath> deferred, out ObjectId result)
    {
        var decisions = ImmutableArray.CreateBuilder<LateWriteDecision>();
        var versions = new Dictionary<RepoPath, FileVersion>();
        foreach (var late in _seen.LateWrites.Where(late => !deferred.Contains(late.Path) && !_seen.Fixed.ContainsKey(late.Path)))
        {
            var present = TreeDiff.Find(_objects, tree, late.Path);
            var merged = FileMerge.Merge(_objects, late.Version, late.Written, present) is FileMergeResult.Merged found ? found.Version : (FileVersion?)null;
            if (merged is { } version && version != present) versions[late.Path] = version;
            decisions.Add(new(late, merged));
        }

        result = TreeEdit.Apply(_objects, tree, versions, new List<RepoPath>());
        return decisions.ToImmutable();
    }

    private AttributedTree Attributed(ObjectId tree, ObjectId metadataOf) => new(tree, EtckeeperFiles.Of(_objects, metadataOf));
}
