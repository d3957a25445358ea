using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Fleet;
using EtcSync.Hub;

namespace EtcSync.Layers;

/// <summary>Puts a commit on a layer.</summary>
internal static class LayerCommit
{
    /// <summary>Commits a tree, made of an upstream commit with the layer in it; null if somebody else moved the layer since.</summary>
    /// <param name="workspace">Where the hub is.</param>
    /// <param name="group">The layer.</param>
    /// <param name="tip">Its tip as it was seen; null where there was no layer.</param>
    /// <param name="upstream">The upstream commit: from now on the layer starts there.</param>
    /// <param name="tree">The tree.</param>
    /// <param name="objects">Its new objects, each after those that it refers to.</param>
    /// <param name="message">What the commit says.</param>
    /// <param name="author">Who made the change.</param>
    /// <param name="cancellation">Ends waiting for the hub.</param>
    public static ObjectId? Make(
        Workspace workspace, GroupName group, ObjectId? tip, ObjectId upstream, ObjectId tree, IReadOnlyList<NewObject> objects, string message, Signature author, CancellationToken cancellation)
    {
        using var held = HubLock.Take(workspace, cancellation);
        using var hub = workspace.Hub.OpenObjects();
        var body = $"{message.TrimEnd()}\n\n{CompositePlanner.UpstreamTrailer}: {upstream}\n";
        var commit = new GitCommit(tree, tip is { } parent ? [parent, upstream] : [upstream], author, Signature.OfEtcSync(author.When), body);
        var overlay = new ObjectOverlay(hub);
        var id = overlay.Add(ObjectType.Commit, commit.ToBytes());
        hub.Write(objects);
        hub.Write(overlay.Added);
        return workspace.Hub.TryMoveLayer(group.Value, tip, id) ? id : null;
    }
}
