using System.Collections.Immutable;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Benchmarks.Replay;

/// <summary>Replays a history: every case that can be made of it, or some of them, merged by git and by EtcSync, and compared with what really came.</summary>
internal sealed class HistoryReplay(EtcHistory history)
{
    private readonly ImmutableArray<EtcCommit> _commits = history.Commits;

    /// <summary>Replays every case of which the numbers of the two commits are chosen.</summary>
    public ReplayResult Run(Func<int, int, bool> choose)
    {
        var cases = ImmutableArray.CreateBuilder<ReplayCase>();
        var skipped = 0;
        for (var change = 2; change < _commits.Length; change++)
        {
            for (var fork = 0; fork < change - 1; fork++)
            {
                if (!choose(fork, change)) continue;
                if (Case(fork, change) is { } made) cases.Add(made);
                else skipped++;
            }
        }

        var git = history.MergeByGit(cases.Select(one => (one.Client, UpstreamOf(one).Id))).Select((merge, i) => Compare(cases[i], merge.Tree, [.. merge.Conflicts.Select(path => (path, ""))]));
        return new(history.Name, cases.Count, skipped, Tally(git), Tally(cases.Select(Merge)));
    }

    private ReplayCase? Case(int fork, int change)
    {
        var overlay = new ObjectOverlay(history.Objects);
        var tree = new CarriedChange(overlay).Apply(_commits[change - 1].Tree, _commits[change].Tree, _commits[fork].Tree);
        return tree is { } carried ? new(fork, change, history.Commit(overlay, carried, _commits[fork].Id, _commits[change].Subject), carried) : null;
    }

    private EtcCommit UpstreamOf(ReplayCase one) => _commits[one.Change - 1];

    private (ReplayOutcome Outcome, IEnumerable<ReplayMiss> Misses) Merge(ReplayCase one)
    {
        var overlay = new ObjectOverlay(history.Objects);
        var plan = ClientMerge.Plan(overlay, new() { Base = _commits[one.Fork].Tree, Client = one.ClientTree, Upstream = UpstreamOf(one).Tree, Policy = history.PolicyOf });
        history.Objects.Write(overlay.Added);
        return Compare(one, plan.Tree, [.. plan.Conflicts.Where(conflict => conflict.Kind != ConflictKind.HeldTogether).Select(conflict => (conflict.Path.Value, conflict.Reason))]);
    }

    private (ReplayOutcome Outcome, IEnumerable<ReplayMiss> Misses) Compare(ReplayCase one, ObjectId tree, ImmutableArray<(string Path, string Reason)> conflicts)
    {
        var expected = _commits[one.Change].Tree;
        if (!conflicts.IsEmpty) return (ReplayOutcome.Conflict, conflicts.Select(conflict => Miss(ReplayOutcome.Conflict, conflict.Path, conflict.Reason)));
        return tree == expected
            ? (ReplayOutcome.Exact, [])
            : (ReplayOutcome.Different, TreeDiff.Compute(history.Objects, expected, tree).Select(difference => Miss(ReplayOutcome.Different, difference.Path.Value, "")));

        ReplayMiss Miss(ReplayOutcome outcome, string path, string reason) => new(one, outcome, path, MergerOf(path), reason);
    }

    private string MergerOf(string path) => path == EtckeeperFile.FileName ? "etckeeper" : history.PolicyOf(RepoPath.Parse(path)).Merger;

    private static ReplayTally Tally(IEnumerable<(ReplayOutcome Outcome, IEnumerable<ReplayMiss> Misses)> merges)
    {
        var all = merges.ToList();
        return new(Count(ReplayOutcome.Exact), Count(ReplayOutcome.Different), Count(ReplayOutcome.Conflict), [.. all.SelectMany(merge => merge.Misses)]);

        int Count(ReplayOutcome outcome) => all.Count(merge => merge.Outcome == outcome);
    }
}
