using System.Collections.Immutable;
using EtcSync.Checks;
using EtcSync.Core.Applying;
using EtcSync.Core.Checks;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.Fleet;

namespace EtcSync.Forecasts;

/// <summary>
/// Has checks by command look at a composite with a candidate in it, once for all clients that share it. What a client's own changes
/// make of it is only checked at its sync: a forecast does not know a client's whole tree.
/// </summary>
internal sealed class CandidateChecks(Workspace workspace)
{
    /// <summary>The paths of which the composite's new version is refused; none where the composite was refused for the same before.</summary>
    /// <param name="objects">Has both trees.</param>
    /// <param name="before">The composite's tree without the candidate; null where nothing is rolled out yet.</param>
    /// <param name="after">The composite's tree with it.</param>
    /// <param name="own">What the candidate changes.</param>
    /// <param name="policy">What the policies say about a path of these clients.</param>
    public ImmutableDictionary<RepoPath, Refusal> Of(IObjectReader objects, ObjectId? before, ObjectId after, OwnChanges own, Func<RepoPath, PathPolicy> policy)
    {
        var refused = ImmutableDictionary.CreateBuilder<RepoPath, Refusal>();
        var paths = own.Changes.Where(change => change.IsContent).Select(change => RepoPath.TryParse(change.Path, out var path) ? path : (RepoPath?)null).OfType<RepoPath>();
        foreach (var due in DueCheck.Among(paths, policy))
        {
            if (Run(due, after) is not CheckVerdict.Failed failed || (before is { } known && failed.SaysTheSameAs(Run(due, known)))) continue;
            foreach (var path in due.Paths) refused[path] = Refusal.Of($"'{due.Command}' refuses it: {failed.Words}.", TreeDiff.Find(objects, after, path));
        }

        return refused.ToImmutable();

        CheckVerdict Run(DueCheck due, ObjectId tree) =>
            workspace.Checks.Run(workspace.Locations.Map(workspace.Settings.Root), due.Command, objects, new AttributedTree(tree, EtckeeperFiles.Of(objects, tree)), policy);
    }
}
