using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;
using EtcSync.Fleet;
using EtcSync.Git;

namespace EtcSync.Layers;

/// <summary>A layer as it is: what it adds to upstream, to whom, and where it disagrees.</summary>
/// <param name="Group">The group.</param>
/// <param name="Tip">Its commit.</param>
/// <param name="Base">The upstream commit it started from; null where it shares nothing with upstream.</param>
/// <param name="BaseTree">That commit's tree, or the empty one.</param>
internal sealed record LayerView(GroupName Group, ObjectId Tip, ObjectId? Base, ObjectId BaseTree)
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    /// <summary>The layer's tree.</summary>
    public required ObjectId Tree { get; init; }

    /// <summary>The paths whose content it changes, sorted; .etckeeper is not among them.</summary>
    public required ImmutableArray<PathChange> Contents { get; init; }

    /// <summary>What it changes in .etckeeper, a sentence each.</summary>
    public required ImmutableArray<string> Attributes { get; init; }

    /// <summary>Where it disagrees with upstream.</summary>
    public required ImmutableArray<CompositeConflict> Conflicts { get; init; }

    /// <summary>Reads a layer; null where the group has none.</summary>
    public static LayerView? Read(Workspace workspace, ObjectStore objects, GroupName group, ObjectId upstream)
    {
        if (!workspace.Hub.Layers().TryGetValue(group.Value, out var tip)) return null;
        var reader = new LayerReader(objects);
        var layer = reader.Read(group.Value, tip, upstream);
        var composite = CompositePlanner.Plan(new ObjectOverlay(objects), reader.Source(upstream), [layer], workspace.PolicyOf([group]));
        return new(group, tip, reader.BaseOf(tip, upstream), layer.Base)
        {
            Tree = layer.Tip.Tree,
            Contents = [.. TreeDiff.Compute(objects, layer.Base, layer.Tip.Tree).Where(change => change.Path != Metadata)],
            Attributes = [.. AttributeDifference.Of(EtckeeperFiles.Of(objects, layer.Base), EtckeeperFiles.Of(objects, layer.Tip.Tree)).Select(change => change.ToString())],
            Conflicts = composite.Conflicts,
        };
    }
}
