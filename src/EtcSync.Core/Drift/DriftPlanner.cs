using System.Collections.Immutable;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Drift;

/// <summary>A rollout of the last time, or a stale save that was put right: what a clone had before it and after it.</summary>
/// <param name="Before">The client's tree before that commit.</param>
/// <param name="After">The client's tree after it.</param>
/// <param name="When">When it was applied.</param>
/// <param name="Base">The composite that the client had taken before; null where the history does not go back so far.</param>
public sealed record RecentRollout(ObjectId Before, ObjectId After, DateTimeOffset When, ObjectId? Base);

/// <summary>When drift is not simply the client's wish.</summary>
/// <param name="MassLossPercent">More deleted or reverted paths than this part of all paths hold the client.</param>
/// <param name="MassLossFloor">But this many never do.</param>
/// <param name="StaleSaveWindow">How long after a rollout an old version that comes back is taken for an editor's late save.</param>
public sealed record DriftGuards(int MassLossPercent, int MassLossFloor, TimeSpan StaleSaveWindow);

/// <summary>Everything that the plan for drift depends on.</summary>
public sealed record DriftInput
{
    /// <summary>The branch's tree.</summary>
    public required ObjectId Tree { get; init; }

    /// <summary>The work tree.</summary>
    public required WorkTreeScan Scan { get; init; }

    /// <summary>The rollouts that the branch remembers, newest first.</summary>
    public ImmutableArray<RecentRollout> Rollouts { get; init; } = [];

    /// <summary>Versions that were put back once as stale saves: who insists gets them.</summary>
    public ImmutableHashSet<(RepoPath Path, FileVersion Version)> PutBackBefore { get; init; } = [];

    /// <summary>The guards.</summary>
    public required DriftGuards Guards { get; init; }

    /// <summary>What a person says of the drift.</summary>
    public DriftAnswer Answer { get; init; }

    /// <summary>The time of the scan.</summary>
    public required DateTimeOffset Now { get; init; }
}

/// <summary>A late save that is undone after it was committed.</summary>
/// <param name="Path">The path.</param>
/// <param name="Saved">What the client saved.</param>
/// <param name="Merged">What it becomes: the client's change on top of the rollout's.</param>
public sealed record StaleSave(RepoPath Path, FileVersion Saved, FileVersion Merged);

/// <summary>A late save that changes the lines that the rollout changed: nobody can say which are meant.</summary>
/// <param name="Path">The path.</param>
/// <param name="Saved">What the client saved.</param>
/// <param name="Base">The composite's version before the rollout, from which the path is merged once more.</param>
public sealed record StaleDispute(RepoPath Path, FileVersion Saved, FileVersion Base);

/// <summary>What is to become of drift.</summary>
public sealed record DriftPlan
{
    /// <summary>The tree with the drift committed, .etckeeper as etckeeper writes it; the branch's tree where there is none.</summary>
    public required ObjectId Tree { get; init; }

    /// <summary>Paths with drift in them, sorted.</summary>
    public ImmutableArray<LiveChange> Changes { get; init; } = [];

    /// <summary>Whether modes, owners or empty directories drifted.</summary>
    public bool Attributes { get; init; }

    /// <summary>Which ones, by path; empty where the branch has no .etckeeper.</summary>
    public ImmutableArray<AttributeChange> AttributeChanges { get; init; } = [];

    /// <summary>Stale saves.</summary>
    public ImmutableArray<StaleSave> StaleSaves { get; init; } = [];

    /// <summary>Stale saves that a person has to settle.</summary>
    public ImmutableArray<StaleDispute> StaleDisputes { get; init; } = [];

    /// <summary>Why the client is held instead; null if it is not.</summary>
    public string? Hold { get; init; }
}

/// <summary>Decides what drift means. Pure.</summary>
public static class DriftPlanner
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    /// <summary>Plans the commit of what is in the work tree.</summary>
    public static DriftPlan Plan(ObjectOverlay objects, DriftInput input)
    {
        var scan = input.Scan;
        if (scan.Changes.IsEmpty && !scan.AttributesDiffer) return new() { Tree = input.Tree };
        if (input.Answer == DriftAnswer.None && MassLoss(objects, input) is { } reason) return new() { Tree = input.Tree, Changes = scan.Changes, Hold = reason };
        if (input.Answer == DriftAnswer.None && AttributeLoss.Reason(objects, input) is { } changed) return new() { Tree = input.Tree, Changes = scan.Changes, Attributes = true, Hold = changed };

        var versions = scan.Changes.ToDictionary(change => change.Path, change => change.Live);
        ImmutableArray<AttributeChange> attributes = [];
        if (TreeDiff.Find(objects, input.Tree, Metadata).Exists)
        {
            var spelling = EtckeeperFilter.SpellingOf(scan.Entries);
            var metadata = EtckeeperFile.FromObserved(scan.Entries, spelling);
            versions[Metadata] = new(EntryMode.Executable, objects.AddBlob(metadata.Write()));
            if (scan.AttributesDiffer) attributes = [.. AttributeDifference.Of(EtckeeperFiles.Of(objects, input.Tree), metadata)];
        }

        var tree = TreeEdit.Apply(objects, input.Tree, versions, new List<RepoPath>());
        var (saves, disputes) = StaleSaves(objects, input);
        return new() { Tree = tree, Changes = scan.Changes, Attributes = scan.AttributesDiffer, AttributeChanges = attributes, StaleSaves = saves, StaleDisputes = disputes };
    }

    private static string? MassLoss(ObjectOverlay objects, DriftInput input)
    {
        var scan = input.Scan;
        var total = scan.Index.Entries.Length;
        if (total == 0) return null;
        if (scan.IsEmpty) return "None of its files are in the work tree.";
        var limit = Math.Max(total * input.Guards.MassLossPercent / 100, input.Guards.MassLossFloor);
        var deleted = scan.Changes.Count(change => !change.Live.Exists);
        if (deleted > limit) return $"{deleted} of {total} tracked paths are missing from the work tree.";
        if (scan.Changes.Length <= limit) return null;
        var reverted = scan.Changes.Count(change => change.Live.Exists && IsOlderVersion(objects, input, change));
        return deleted + reverted > limit
            ? $"{deleted} of {total} tracked paths are missing from the work tree, and {reverted} have an older version again."
            : null;
    }

    private static bool IsOlderVersion(ObjectOverlay objects, DriftInput input, LiveChange change) =>
        input.Rollouts.Any(rollout => TreeDiff.Find(objects, rollout.Before, change.Path) == change.Live);

    private static (ImmutableArray<StaleSave> Saves, ImmutableArray<StaleDispute> Disputes) StaleSaves(ObjectOverlay objects, DriftInput input)
    {
        var found = ImmutableArray.CreateBuilder<StaleSave>();
        var disputes = ImmutableArray.CreateBuilder<StaleDispute>();
        foreach (var change in input.Scan.Changes)
        {
            if (!change.Live.Exists || input.PutBackBefore.Contains((change.Path, change.Live))) continue;
            // The file may have been open across several rollouts, as long as nothing of the client's own came in between.
            var next = change.Committed;
            foreach (var rollout in input.Rollouts.Where(rollout => input.Now - rollout.When <= input.Guards.StaleSaveWindow))
            {
                var before = TreeDiff.Find(objects, rollout.Before, change.Path);
                var after = TreeDiff.Find(objects, rollout.After, change.Path);
                if (before == after) continue;
                if (after != next) break;
                next = before;
                var verdict = StaleSaveMerge.Judge(objects, before, change.Committed, change.Live);
                if (verdict is StaleSaveVerdict.PutRight right) found.Add(new(change.Path, change.Live, right.Merged));
                else if (verdict is StaleSaveVerdict.Disputed && rollout.Base is { } taken) disputes.Add(new(change.Path, change.Live, TreeDiff.Find(objects, taken, change.Path)));
                else continue;
                break;
            }
        }

        return (found.ToImmutable(), disputes.ToImmutable());
    }
}
