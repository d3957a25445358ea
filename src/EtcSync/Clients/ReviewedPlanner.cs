using EtcSync.Checks;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.WorkTrees;

namespace EtcSync.Clients;

/// <summary>Plans a client and looks at what would change once more: what cannot be changed, or what a check refuses, is planned around.</summary>
internal sealed class ReviewedPlanner(MergeChecks checks)
{
    /// <summary>A plan of which nothing is known to fail. What people should know of its checks is among the findings of its observation.</summary>
    /// <param name="objects">Takes the new objects.</param>
    /// <param name="seen">The client.</param>
    /// <param name="deferred">Paths that the client is writing at this moment: without them it is another tree, which is checked anew.</param>
    /// <param name="tree">The work tree.</param>
    public ClientPlan Plan(ObjectOverlay objects, ClientObservation seen, IReadOnlySet<RepoPath> deferred, WorkTreeView tree)
    {
        while (true)
        {
            var plan = ClientPlanner.Plan(objects, seen, deferred);
            var held = FixedPaths.Among(tree, plan.Apply);
            // Every round either ends or knows of more.
            if (!held.Keys.All(seen.Fixed.ContainsKey))
            {
                seen = seen with { Fixed = seen.Fixed.SetItems(held) };
                continue;
            }

            var said = checks.Of(plan, objects);
            var refused = said.Refused.Select(pair => (Path: pair.Key, Refusal: Refusal.AddTo(seen.Refused.GetValueOrDefault(pair.Key), pair.Value))).Where(pair => pair.Refusal is not null).ToList();
            if (refused.Count == 0)
            {
                return plan with { Observation = seen with { Scan = seen.Scan with { Findings = [.. seen.Scan.Findings, .. said.Findings] } } };
            }

            seen = seen with { Refused = seen.Refused.SetItems(refused.Select(pair => KeyValuePair.Create(pair.Path, pair.Refusal!))) };
        }
    }
}
