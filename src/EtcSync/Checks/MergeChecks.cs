using System.Collections.Immutable;
using EtcSync.Core.Checks;
using EtcSync.Core.Drift;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.Configuration;
using EtcSync.Fleet;

namespace EtcSync.Checks;

/// <summary>What the checks say of a plan.</summary>
/// <param name="Refused">Paths that may not become what the plan makes of them, each with the reason.</param>
/// <param name="Findings">What people should know of the others.</param>
internal sealed record CheckFindings(ImmutableDictionary<RepoPath, Refusal> Refused, ImmutableArray<Finding> Findings);

/// <summary>Has the shared root's programs look at what a plan would make of a client, before anything of it is applied.</summary>
internal sealed class MergeChecks(Workspace workspace)
{
    /// <summary>Runs every check that the plan calls for; none where it changes nothing that has one.</summary>
    public CheckFindings Of(ClientPlan plan, IObjectReader objects)
    {
        var refused = ImmutableDictionary.CreateBuilder<RepoPath, Refusal>();
        var findings = ImmutableArray.CreateBuilder<Finding>();
        foreach (var due in DueCheck.Of(plan))
        {
            switch (Run(due, plan, plan.Target, objects))
            {
                case CheckVerdict.Failed failed when failed.SaysTheSameAs(Run(due, plan, plan.Live, objects)):
                    findings.Add(new(due.Paths[0].Value, $"'{due.Command}' finds fault with the merged files, but said the same of the files before: {failed.Words}. The merge is not held for it."));
                    break;
                case CheckVerdict.Failed failed:
                    foreach (var path in due.Paths) refused[path] = Refusal.Of($"'{due.Command}' refuses the merged files: {failed.Words}.", TreeDiff.Find(objects, plan.Target.Tree, path));
                    break;
                case CheckVerdict.Unavailable unavailable:
                    foreach (var path in due.Paths.Where(path => plan.Observation.Policy(path).Unchecked == UncheckedAnswer.Hold))
                        refused[path] = Refusal.Of($"'{due.Command}' should look at the merged files first, and could not be run: {unavailable.Reason}.", TreeDiff.Find(objects, plan.Target.Tree, path));
                    break;
                case CheckVerdict.NoProgram when !IsShipped(due, plan):
                    findings.Add(new(due.Paths[0].Value, $"It is not checked: the shared root has no program '{due.Command.Program}', which {plan.Observation.Policy(due.Paths[0]).CheckSource} names."));
                    break;
            }
        }

        return new(refused.ToImmutable(), findings.ToImmutable());
    }

    private CheckVerdict Run(DueCheck due, ClientPlan plan, Core.Applying.AttributedTree tree, IObjectReader objects) =>
        workspace.Checks.Run(workspace.Locations.Map(workspace.Settings.Root), due.Command, objects, tree, plan.Observation.Policy);

    // What ships names programs that not every root has; what somebody wrote for this site is meant.
    private static bool IsShipped(DueCheck due, ClientPlan plan) => plan.Observation.Policy(due.Paths[0]).CheckSource is { } source && ConfigurationLoader.IsShipped(source);
}
