using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Git;

namespace EtcSync.Layers;

/// <summary>Reads layers as composites are made of them.</summary>
internal sealed class LayerReader(ObjectStore objects)
{
    private const int MaximumHistory = 1_000;

    private readonly History _history = new(objects);

    /// <summary>A layer, with the tree that it started from.</summary>
    public LayerSource Read(string group, ObjectId tip, ObjectId upstream) =>
        new(group, Source(tip), BaseOf(tip, upstream) is { } commit ? objects.ReadCommit(commit).Tree : ObjectId.EmptyTree);

    /// <summary>A commit as composites need it.</summary>
    public CompositeSource Source(ObjectId id)
    {
        var commit = objects.ReadCommit(id);
        return new(id, commit.Tree, commit.Committer.When);
    }

    /// <summary>
    /// The upstream commit that a layer started from: the newest that both have, or, where upstream's history was rewritten
    /// since, the one that the layer's last edit recorded. A layer adds what differs from there, and must not bring back what
    /// a rewrite took away. Null for a layer that never had anything of upstream.
    /// </summary>
    public ObjectId? BaseOf(ObjectId tip, ObjectId upstream)
    {
        var common = _history.MergeBase(tip, upstream);
        if (Recorded(tip) is not { } recorded || common == recorded) return common;
        return common is { } found && _history.IsAncestor(recorded, found) ? found : recorded;
    }

    private ObjectId? Recorded(ObjectId tip)
    {
        var id = tip;
        for (var i = 0; i < MaximumHistory; i++)
        {
            var commit = objects.ReadCommit(id);
            if (ObjectId.TryParse(commit.Trailer(CompositePlanner.UpstreamTrailer), out var upstream) && objects.Contains(upstream)) return upstream;
            if (commit.Parents.IsEmpty) return null;
            id = commit.Parents[0];
        }

        return null;
    }
}
