using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Trees;
using EtcSync.Fleet;
using EtcSync.Git;

namespace EtcSync.Cli;

/// <summary>Which layers a client leaves and joins with its next merge, and which paths the ones it leaves had changed.</summary>
/// <param name="Leaves">Groups whose changes go.</param>
/// <param name="Joins">Groups whose changes come.</param>
/// <param name="Lost">Paths that a layer which is left had changed.</param>
internal sealed record LayerMoves(ImmutableArray<string> Leaves, ImmutableArray<string> Joins, ImmutableHashSet<RepoPath> Lost)
{
    /// <summary>The layers stay the same.</summary>
    public static LayerMoves None { get; } = new([], [], []);

    /// <summary>Compares the composite that a client took last with the one that it takes next.</summary>
    public static LayerMoves Of(Workspace workspace, PendingObjects pending, Client client, ClientPlan plan)
    {
        var (last, next) = (plan.Observation.Merged.Composite, plan.Observation.Composite);
        if (last == next.Commit) return None;
        using var objects = workspace.Hub.OpenToLook(pending);
        if (objects is null) return None;
        try
        {
            var commit = objects.ReadCommit(last);
            var had = CompositePlanner.LayersOf(commit);
            var layers = workspace.Hub.Layers();
            var has = client.Groups.Select(group => group.Value).Where(layers.ContainsKey).ToHashSet(StringComparer.Ordinal);
            ImmutableArray<string> leaves = [.. had.Where(group => !has.Contains(group))];
            return new(leaves, [.. has.Where(group => !had.Contains(group)).Order(StringComparer.Ordinal)], leaves.IsEmpty ? [] : ChangedByLayers(objects, commit, next));
        }
        catch (InvalidDataException)
        {
            // Only the explanation is missing then; the decisions themselves are in the plan.
            return None;
        }
    }

    // What the layers added to upstream then, and is not so any more.
    private static ImmutableHashSet<RepoPath> ChangedByLayers(ObjectStore objects, GitCommit last, Composite next)
    {
        if (!ObjectId.TryParse(last.Trailer(CompositePlanner.UpstreamTrailer), out var upstream)) return [];
        var added = TreeDiff.Compute(objects, objects.ReadCommit(upstream).Tree, last.Tree).Select(change => change.Path);
        return added.Intersect(TreeDiff.Compute(objects, last.Tree, next.Tree).Select(change => change.Path)).ToImmutableHashSet();
    }
}
