using System.Collections.Immutable;
using EtcSync.Core.Drift;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Trees;

namespace EtcSync.Clients;

/// <summary>Reads from a client's branch what was rolled out to it lately, and what was put right.</summary>
internal static class RolloutHistory
{
    private const int MostCommits = 50;

    /// <summary>The rollouts, newest first, and the saves that were put back once.</summary>
    public static (ImmutableArray<RecentRollout> Rollouts, ImmutableHashSet<(RepoPath Path, FileVersion Version)> PutBack) Read(ClientRepository repository, ObjectId head)
    {
        var found = new List<(RecentRollout Rollout, ObjectId? Taken)>();
        var putBack = ImmutableHashSet.CreateBuilder<(RepoPath Path, FileVersion Version)>();
        var id = head;
        ObjectId? first = null;
        for (var i = 0; i < MostCommits; i++)
        {
            var commit = repository.Objects.ReadCommit(id);
            // Before the branch's first commit there is upstream's history, in which nothing was rolled out.
            var isFirst = CommitWriter.IsFirst(commit);
            if (isFirst && !commit.Parents.IsEmpty) first = repository.Objects.ReadCommit(commit.Parents[0]).Tree;
            if (isFirst || commit.Parents.IsEmpty) break;
            var before = repository.Objects.ReadCommit(commit.Parents[0]).Tree;
            var isPutRight = commit.Trailer(CommitWriter.StaleSaveTrailer) is not null;
            // A merge that a person made is as good as a rollout to a program that had files open, but what it joined is no composite.
            var isRollout = commit.Trailer(CompositePlanner.UpstreamTrailer) is not null;
            if (isPutRight || isRollout || commit.Parents.Length > 1)
            {
                found.Add((new(before, commit.Tree, commit.Committer.When, BaseOf(repository, commit)), isRollout && commit.Parents.Length > 1 ? repository.Objects.ReadCommit(commit.Parents[1]).Tree : null));
            }

            if (isPutRight)
            {
                foreach (var change in TreeDiff.Compute(repository.Objects, before, commit.Tree)) putBack.Add((change.Path, change.Before));
            }

            id = commit.Parents[0];
        }

        // From the oldest on: what had been taken before each. What puts right, or settles, belongs to the rollout before it.
        var (previous, current) = ((ObjectId?)null, first);
        for (var i = found.Count - 1; i >= 0; i--)
        {
            var older = found[i].Taken is null && i + 1 < found.Count ? found[i + 1].Rollout.Base : null;
            if (found[i].Taken is { } taken) (previous, current) = (current, taken);
            found[i] = (found[i].Rollout with { Base = found[i].Rollout.Base ?? older ?? previous }, null);
        }

        var rollouts = found.Select(one => one.Rollout).ToImmutableArray();
        return (rollouts, putBack.ToImmutable());
    }

    // A path that was held while other composites were taken was merged from an older one than the last: the commit says. Only
    // the recorded state refers to that tree, so that a 'git gc' may have removed it since; with what it names, never without.
    private static ObjectId? BaseOf(ClientRepository repository, GitCommit commit) =>
        ObjectId.TryParse(commit.Trailer(CommitWriter.BaseTrailer), out var ancestor) && repository.Objects.Contains(ancestor) ? ancestor : null;
}
