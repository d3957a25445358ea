using System.Collections.Immutable;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Checks;

/// <summary>A command that has to look at a merged tree before it is applied, because the merge changes paths that policy has it check.</summary>
/// <param name="Command">The command.</param>
/// <param name="Paths">Those paths, sorted.</param>
public sealed record DueCheck(CheckCommand Command, ImmutableArray<RepoPath> Paths)
{
    /// <summary>The checks that a plan needs; none where nothing is merged, or nothing that has a check.</summary>
    public static ImmutableArray<DueCheck> Of(ClientPlan plan)
    {
        if (plan.Held is not null || plan.Merge is not { } merge) return [];
        return Among(merge.Decisions.Where(ChangesTheTree).Select(decision => decision.Path), plan.Observation.Policy);
    }

    /// <summary>The checks that changed paths need.</summary>
    public static ImmutableArray<DueCheck> Among(IEnumerable<RepoPath> paths, Func<RepoPath, PathPolicy> policy) =>
    [
        .. paths.Select(path => (path, policy(path).Check)).Where(pair => pair.Check is not null).GroupBy(pair => pair.Check!, pair => pair.path)
            .Select(paths => new DueCheck(paths.Key, [.. paths.Order()])).OrderBy(due => due.Command.ToString(), StringComparer.Ordinal),
    ];

    // What is no longer tracked stays in the work tree as it is.
    private static bool ChangesTheTree(MergeDecision decision) => decision.Before != decision.After && decision.Action != MergeAction.Untrack;
}
