using System.Collections.Immutable;
using EtcSync.Core.Checks;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Ignore;
using EtcSync.Core.Mergers;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Merging;

/// <summary>
/// Merges a composite into a client's tree, path by path, without a work tree. A path without an answer is held: the
/// client keeps its version, and the path keeps its old base, so that a later merge starts from there again. What must
/// change together is held together. Pure: new objects go to the overlay.
/// </summary>
public sealed class ClientMerge
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    private const string BeingWritten = "The client is writing it at this moment.";

    private readonly ObjectOverlay _objects;
    private readonly MergeInput _input;
    private readonly ImmutableArray<PathChange> _changes;
    private readonly SortedDictionary<RepoPath, Conflict> _held = [];
    private readonly Lazy<IgnoreRules> _upstreamIgnores;
    private readonly Arbiter _arbiter;
    private readonly Lazy<AccountFilesMerge> _accounts;
    private readonly Dictionary<RepoPath, Refusal> _refused;

    private ClientMerge(ObjectOverlay objects, MergeInput input)
    {
        _objects = objects;
        _input = input;
        _changes = input.Changes ?? TreeDiff.Compute(objects, input.Base, input.Upstream);
        _refused = new(input.Refused);
        _arbiter = new(input.Resolutions, input.Policy);
        _accounts = new(() => AccountFilesMerge.Merge(objects, input, _changes, _arbiter));
        _upstreamIgnores = new(() => TreeIgnores.Of(objects, input.Upstream));
    }

    /// <summary>Computes the merge.</summary>
    public static MergePlan Plan(ObjectOverlay objects, MergeInput input) => new ClientMerge(objects, input).Plan();

    private MergePlan Plan()
    {
        foreach (var change in _changes)
        {
            if (_input.Deferred.Contains(change.Path)) Hold(change, ConflictKind.BeingWritten, BeingWritten);
        }

        foreach (var (path, reason) in _input.Fixed) HoldPath(path, ConflictKind.Immutable, reason);

        // Every round either ends or holds or refuses at least one path more, so this ends.
        while (true)
        {
            var heldBefore = _held.Count;
            var decisions = Decide();
            HoldSets();
            if (_held.Count != heldBefore) continue;

            var collisions = new List<RepoPath>();
            var versions = decisions.ToDictionary(decision => decision.Path, decision => decision.After);
            var tree = TreeEdit.Apply(_objects, _input.Client, versions, collisions);
            foreach (var path in collisions) HoldPath(path, ConflictKind.Type, "A file and a directory would have to stand in the same place.");
            if (_held.Count != heldBefore) continue;

            var report = BuiltInChecks.Compare(_input.Checks, _objects, _input.Client, _input.Upstream, tree);
            if (Refuse(report, tree)) continue;

            if (ClientHold() is { } reason) return new() { Tree = _input.Client, NextBase = _input.Base, Conflicts = Disputes(), ClientHeld = reason };

            var metadata = MetadataMerge.Merge(_objects, _input, _changes, _held.Keys.ToImmutableSortedSet(), tree, _arbiter);
            foreach (var dispute in metadata.Disputes) HoldPath(dispute.Path, dispute.Kind, dispute.Reason, dispute.Records);
            if (_held.Count != heldBefore) continue;

            var renumbered = Renumbered(metadata.Tree);
            return new()
            {
                Tree = metadata.Tree,
                NextBase = NextBase(metadata.NextBaseMetadata),
                Decisions = [.. decisions.Where(decision => decision.Before != decision.After || decision.Action is MergeAction.Keep or MergeAction.Untrack)],
                Conflicts = Disputes(),
                AttributesSettled = metadata.Settled,
                Renumbered = renumbered,
                Notices = [.. metadata.Notices, .. renumbered.Select(account => account.Describe()), .. report.Notices, .. decisions.Where(decision => decision.Note is not null).Select(decision => $"{decision.Path}: {decision.Note}")],
            };
        }
    }

    private List<MergeDecision> Decide()
    {
        var decisions = new SortedDictionary<RepoPath, MergeDecision>();
        foreach (var change in _changes)
        {
            if (change.Path == Metadata || _held.ContainsKey(change.Path)) continue;
            if (Checked(change, Decide(change)) is { } decision) decisions[change.Path] = decision;
        }

        foreach (var decision in AccountsUpstreamDidNotChange()) decisions[decision.Path] = decision;

        foreach (var difference in TreeDiff.Compute(_objects, _input.Client, _input.Upstream))
        {
            if (difference.Path == Metadata || _held.ContainsKey(difference.Path) || decisions.ContainsKey(difference.Path) || _input.Deferred.Contains(difference.Path)) continue;
            var policy = _input.Policy(difference.Path);
            if (policy.Class != PathClass.Upstream) continue;
            if (IsBlocked(difference.Path, difference.Before, difference.After))
            {
                HoldPath(difference.Path, ConflictKind.Untracked, $"It is to be put back as upstream has it, and the client has {_input.Obstacles[difference.Path].Description} there.");
                continue;
            }

            var change = new PathChange(difference.Path, TreeDiff.Find(_objects, _input.Base, difference.Path), difference.After);
            if (Checked(change, new(difference.Path, MergeAction.PutBack, difference.Before, difference.After, policy.ClassSource)) is { } decision) decisions[difference.Path] = decision;
        }

        return [.. decisions.Values];
    }

    private MergeDecision? Decide(PathChange change)
    {
        var (path, ancestor, upstream) = change;
        if (!path.IsUtf8 || !RepoPath.TryParse(path.Value, out _))
        {
            Hold(change, ConflictKind.Unsupported, "Its name is not one that EtcSync rolls out (not UTF-8, or reserved by git).");
            return null;
        }

        var client = TreeDiff.Find(_objects, _input.Client, path);
        var policy = _input.Policy(path);
        switch (policy.Class)
        {
            case PathClass.Local:
                // The tree may say what upstream says; the file itself is never touched.
                return new(path, MergeAction.Keep, client, client.Exists || !ancestor.Exists ? upstream : client, policy.ClassSource);
            case PathClass.Client when client.Exists || ancestor.Exists:
                return new(path, MergeAction.Keep, client, client, policy.ClassSource);
            case PathClass.Upstream when !IsBlocked(path, client, upstream):
                return new(path, MergeAction.Take, client, upstream, policy.ClassSource);
        }

        if (!upstream.Exists && client.Exists && _upstreamIgnores.Value.IsIgnored(path.Value, isDirectory: false))
        {
            return new(path, MergeAction.Untrack, client, upstream);
        }

        if (upstream.Mode == EntryMode.GitLink)
        {
            Hold(change, ConflictKind.Unsupported, "Upstream has a nested repository there, which EtcSync does not roll out.");
            return null;
        }

        if (IsBlocked(path, client, upstream))
        {
            Hold(change, ConflictKind.Untracked, $"Upstream adds it, and the client has {_input.Obstacles[path].Description} there.");
            return null;
        }

        return Decide(change, client, _accounts.Value.Results.GetValueOrDefault(path) ?? FileMerge.Merge(_objects, path, ancestor, client, upstream, ContentMergers.Find(policy.Merger), _arbiter));
    }

    // A file of the set may have to change for what upstream changed in another one: a number in passwd for a group's.
    private IEnumerable<MergeDecision> AccountsUpstreamDidNotChange()
    {
        var results = _accounts.Value.Results;
        if (results.Count == 0 || results.Keys.Any(_held.ContainsKey)) yield break;
        foreach (var (path, result) in results)
        {
            if (_changes.Any(change => change.Path == path)) continue;
            var version = TreeDiff.Find(_objects, _input.Upstream, path);
            var client = TreeDiff.Find(_objects, _input.Client, path);
            if (result is FileMergeResult.Merged { Settled.IsEmpty: true } merged && merged.Version == client) continue;
            if (_input.Deferred.Contains(path)) HoldPath(path, ConflictKind.BeingWritten, BeingWritten);
            else if (Decide(new(path, version, version), client, result) is { } decision && Checked(new(path, version, version), decision) is { } made) yield return made;
        }
    }

    private MergeDecision? Decide(PathChange change, FileVersion client, FileMergeResult result)
    {
        var (path, _, upstream) = change;
        switch (result)
        {
            case FileMergeResult.Merged merged:
                return new(path, ActionOf(merged, client, upstream), client, merged.Version) { Settled = merged.Settled, Note = merged.Note };
            case FileMergeResult.Disputed { Kind: ConflictKind.DeletedByUpstream } disputed
                when RenameSearch.Find(_objects, change, _changes) is { } renamed:
                Hold(change, disputed.Kind, $"The client changed it, and upstream moved it to {renamed}.", renamed);
                return null;
            case FileMergeResult.Disputed disputed:
                Hold(change, disputed.Kind, disputed.Note is { } note ? $"{disputed.Reason} {note}" : disputed.Reason, records: disputed.Records);
                return null;
            default:
                return null;
        }
    }

    // What a check refused cannot be had. What stands is the client's, or new content, if somebody says so.
    private MergeDecision? Checked(PathChange change, MergeDecision? decision)
    {
        if (decision is null or { Action: MergeAction.Keep } || decision.After == decision.Before || !_refused.TryGetValue(change.Path, out var refusal)) return decision;
        switch (_arbiter.Settle(DisputeKey.Of(change.Path, change.Before, decision.Before, change.After)))
        {
            case { KeepsClient: true } kept when !IsAnsweredWith(decision, kept):
                return new(change.Path, MergeAction.Keep, decision.Before, decision.Before) { Settled = [kept] };
            case { Answer: DisputeAnswer.Replace answer } settled
                when new FileVersion(decision.After.Mode.IsRegular() ? decision.After.Mode : EntryMode.File, _objects.AddBlob(answer.Content)) is var version && !refusal.Versions.Contains(version):
                return new(change.Path, MergeAction.Combine, decision.Before, version) { Settled = [settled] };
            default:
                Hold(change, ConflictKind.CheckFailed, refusal.Words);
                return null;
        }
    }

    // A person who took the client's lines where both sides changed them has not said that upstream's other changes may be lost.
    private static bool IsAnsweredWith(MergeDecision decision, Settlement settled) => settled is Settlement.ByResolution && decision.Settled.Any(one => one.Key == settled.Key);

    // What the checks of the merged tree refuse is decided anew.
    private bool Refuse(CheckReport report, ObjectId tree)
    {
        var isNew = false;
        foreach (var (path, words) in report.Refused)
        {
            if (Refusal.AddTo(_refused.GetValueOrDefault(path), Refusal.Of(words, TreeDiff.Find(_objects, tree, path))) is not { } refusal) continue;
            _refused[path] = refusal;
            isNew = true;
        }

        return isNew;
    }

    private ImmutableArray<Renumbering> Renumbered(ObjectId merged)
    {
        if (_accounts.Value is not { Renumbered: { IsEmpty: false } accounts } files || files.Results.Keys.Any(_held.ContainsKey)) return [];
        var metadata = EtckeeperFiles.Of(_objects, merged);
        return [.. accounts.Select(account => Renumbering.Of(account, metadata))];
    }

    private static MergeAction ActionOf(FileMergeResult.Merged merged, FileVersion client, FileVersion upstream)
    {
        if (merged.Version == upstream) return MergeAction.Take;
        return merged.Version == client && !merged.Settled.IsEmpty ? MergeAction.Keep : MergeAction.Combine;
    }

    private bool IsBlocked(RepoPath path, FileVersion client, FileVersion upstream) =>
        !client.Exists && upstream.Exists && _input.Obstacles.TryGetValue(path, out var obstacle) && obstacle.Version != upstream;

    // Sets of paths that policy names (the account files) move together or not at all.
    private void HoldSets()
    {
        foreach (var held in _held.Values.ToList())
        {
            foreach (var change in _changes)
            {
                if (change.Path != Metadata && !_held.ContainsKey(change.Path) && AreTogether(held.Path, change.Path))
                {
                    var kind = held.Kind == ConflictKind.BeingWritten ? ConflictKind.BeingWritten : ConflictKind.HeldTogether;
                    Hold(change, kind, $"It changes together with {held.Path}, which is held.");
                }
            }
        }
    }

    // What is merged as one is held as one, whatever policy says.
    private bool AreTogether(RepoPath held, RepoPath path) =>
        (_input.Policy(held).Together is { } set && _input.Policy(path).Together == set)
        || (_accounts.Value.Results.ContainsKey(held) && _accounts.Value.Results.ContainsKey(path));

    private ImmutableArray<Conflict> Disputes() => [.. _held.Values.Where(held => held.Kind != ConflictKind.BeingWritten)];

    private string? ClientHold()
    {
        foreach (var conflict in Disputes())
        {
            if (_input.Policy(conflict.Path) is not { Hold: HoldScope.Client } policy) continue;
            return $"{conflict.Path} is in conflict, and {policy.HoldSource} holds the whole client for it.";
        }

        return null;
    }

    private void HoldPath(RepoPath path, ConflictKind kind, string reason, ImmutableArray<RecordDispute> records = default)
    {
        foreach (var change in _changes)
        {
            if (change.Path != path) continue;
            Hold(change, kind, reason, records: records);
            return;
        }

        // A directory whose attributes are in dispute, or a path that only the client changed.
        Hold(new(path, TreeDiff.Find(_objects, _input.Base, path), TreeDiff.Find(_objects, _input.Upstream, path)), kind, reason, records: records);
    }

    private void Hold(PathChange change, ConflictKind kind, string reason, RepoPath? renamedTo = null, ImmutableArray<RecordDispute> records = default) => _held.TryAdd(
        change.Path, new(change.Path, kind, change.Before, TreeDiff.Find(_objects, _input.Client, change.Path), change.After, reason, renamedTo) { Records = records.IsDefault ? [] : records });

    private ObjectId NextBase(FileVersion? metadata)
    {
        if (_held.Count == 0) return _input.Upstream;
        var versions = new Dictionary<RepoPath, FileVersion>();
        foreach (var change in _changes)
        {
            if (_held.ContainsKey(change.Path)) versions[change.Path] = change.Before;
        }

        if (metadata is { } version) versions[Metadata] = version;
        // A held path that cannot stand beside upstream's tree (a file where upstream now has a directory) has no old
        // base any more; the next merge sees it as added on both sides, which is a conflict as well.
        return TreeEdit.Apply(_objects, _input.Upstream, versions, new List<RepoPath>());
    }
}
