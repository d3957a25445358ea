using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Layers;

/// <summary>A commit that goes into a composite.</summary>
/// <param name="Id">The commit.</param>
/// <param name="Tree">Its tree.</param>
/// <param name="When">When it was committed.</param>
public sealed record CompositeSource(ObjectId Id, ObjectId Tree, DateTimeOffset When);

/// <summary>A layer that is merged in.</summary>
/// <param name="Group">The group.</param>
/// <param name="Tip">Its tip.</param>
/// <param name="Base">The tree of the commit at which it left upstream.</param>
public sealed record LayerSource(string Group, CompositeSource Tip, ObjectId Base);

/// <summary>A path on which a layer disagrees with upstream or with a layer before it. The layer's version stands until that is settled.</summary>
/// <param name="Group">The layer.</param>
/// <param name="Conflict">The dispute; "client" in it is the layer.</param>
public sealed record CompositeConflict(string Group, Conflict Conflict);

/// <summary>What clients of one set of groups should have.</summary>
/// <param name="Commit">The composite: upstream's own commit where no layer adds to it.</param>
/// <param name="Tree">Its tree.</param>
/// <param name="Upstream">The upstream commit in it.</param>
/// <param name="Conflicts">Disputes between layers.</param>
public sealed record Composite(ObjectId Commit, ObjectId Tree, ObjectId Upstream, ImmutableArray<CompositeConflict> Conflicts);

/// <summary>Merges layers into upstream. Pure, and the same commit comes from the same sources and policies, whoever computes it when.</summary>
public static class CompositePlanner
{
    /// <summary>The trailer that names the upstream commit of a composite.</summary>
    public const string UpstreamTrailer = "EtcSync-Upstream";

    private const string LayersTrailer = "EtcSync-Layers";
    private const string LayersSeparator = ", ";

    /// <summary>Merges the layers in their order; new objects go to the overlay.</summary>
    /// <param name="objects">Takes the new objects.</param>
    /// <param name="upstream">Upstream.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="policy">What the policies say about a path for members of these groups.</param>
    public static Composite Plan(ObjectOverlay objects, CompositeSource upstream, ImmutableArray<LayerSource> layers, Func<RepoPath, PathPolicy> policy)
    {
        if (layers.IsEmpty) return new(upstream.Id, upstream.Tree, upstream.Id, []);
        var tree = upstream.Tree;
        var conflicts = ImmutableArray.CreateBuilder<CompositeConflict>();
        foreach (var layer in layers)
        {
            var merge = ClientMerge.Plan(objects, new() { Base = layer.Base, Client = layer.Tip.Tree, Upstream = tree, Policy = path => OfLayer(objects, layer, path, policy(path)) });
            tree = merge.Tree;
            conflicts.AddRange(merge.Conflicts.Select(conflict => new CompositeConflict(layer.Group, conflict)));
        }

        var when = layers.Select(layer => layer.Tip.When).Append(upstream.When).Max().ToUniversalTime();
        var signature = Signature.OfEtcSync(when);
        var names = string.Join(LayersSeparator, layers.Select(layer => layer.Group));
        var commit = new GitCommit(tree, [upstream.Id, .. layers.Select(layer => layer.Tip.Id)], signature, signature,
            $"Composite of upstream and {names}\n\n{UpstreamTrailer}: {upstream.Id}\n{LayersTrailer}: {names}\n");
        return new(objects.Add(ObjectType.Commit, commit.ToBytes()), tree, upstream.Id, conflicts.ToImmutable());
    }

    /// <summary>The upstream commit in a composite: itself where no layer adds to it.</summary>
    public static ObjectId UpstreamOf(ObjectId composite, GitCommit commit) => ObjectId.TryParse(commit.Trailer(UpstreamTrailer), out var upstream) ? upstream : composite;

    /// <summary>The groups whose layers are in a composite, in their order; none in upstream's own commit.</summary>
    public static ImmutableArray<string> LayersOf(GitCommit composite) => composite.Trailer(LayersTrailer) is { } names ? [.. names.Split(LayersSeparator)] : [];

    // Sets hold together in a layer as on a client, and files are merged by their kind. Classes say who wins against a client; a layer is no client's: what it changes
    // in a path of upstream's class is meant. Only of what upstream leaves alone once it is there a layer's own version is no
    // dispute. A layer has nobody to hold for.
    private static PathPolicy OfLayer(IObjectReader objects, LayerSource layer, RepoPath path, PathPolicy policy)
    {
        var stays = policy.Class == PathClass.Client && TreeDiff.Find(objects, layer.Base, path) != TreeDiff.Find(objects, layer.Tip.Tree, path);
        return new()
        {
            Class = stays ? PathClass.Client : PathClass.Merge,
            ClassSource = stays ? policy.ClassSource : null,
            Together = policy.Together,
            TogetherSource = policy.TogetherSource,
            Merger = policy.Merger,
            MergerSource = policy.MergerSource,
        };
    }
}
