using System.Collections.Immutable;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Mergers.Accounts;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Overrides;

/// <summary>
/// Finds overrides that are one half of a set: what changes together by policy, and the account files in any case. Half a set would
/// contradict the other half: a user without a password, a stack that includes what is gone.
/// </summary>
internal static class HalfSets
{
    /// <summary>The paths that are named and change together with overrides that are not, each with what to do.</summary>
    public static IEnumerable<OverrideRefusal> Of(
        IObjectReader objects, ObjectId composite, ObjectId branch, OverrideSelection named, IReadOnlyCollection<RepoPath> wanted, Func<RepoPath, PathPolicy> policy)
    {
        var sets = named.Contents.GroupBy(change => SetOf(change.Path, policy(change.Path))).Where(set => set.Key is not null).ToList();
        if (sets.Count == 0) yield break;
        var unnamed = TreeDiff.Compute(objects, composite, branch).Select(change => change.Path)
            .Where(path => path.Value != EtckeeperFile.FileName && !OverrideSelection.IsWanted(path, wanted)).ToImmutableArray();
        foreach (var set in sets)
        {
            var others = unnamed.Where(path => SetOf(path, policy(path)) == set.Key).ToList();
            if (others.Count == 0) continue;
            foreach (var change in set) yield return new(change.Path, $"It changes together with {string.Join(", ", others)}, which the client overrides too. Name {(others.Count == 1 ? "both" : "all of them")}.");
        }
    }

    private static string? SetOf(RepoPath path, PathPolicy policy) =>
        policy.Merger == ContentMergers.Accounts && AccountFile.Find(path) is not null ? ContentMergers.Accounts : policy.Together;
}
