using System.Collections.Immutable;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Trees;
using EtcSync.Fleet;
using EtcSync.Git;
using EtcSync.WorkTrees;

namespace EtcSync.Clients;

/// <summary>Decides which copies of the shared root's files a client gets: they are made from upstream's own, and wrong for whoever has others, be they a client's or a layer's.</summary>
internal sealed class ClientShadows(Workspace workspace, DifferenceCache differences)
{
    private readonly ShadowCopies _copies = new(workspace);

    /// <summary>Brings a client's copies up to date, and records what was copied.</summary>
    /// <param name="sources">Upstream's files.</param>
    /// <param name="tree">The client's work tree.</param>
    /// <param name="repository">Its repository.</param>
    /// <param name="state">What was copied before, and then what is now.</param>
    /// <returns>The paths that were copied, and what people should know of those that were not.</returns>
    public (ImmutableArray<string> Copied, ImmutableArray<Finding> Findings) Update(ImmutableArray<ShadowSource> sources, WorkTree tree, ClientRepository repository, ref ClientState state)
    {
        if (sources.IsEmpty) return ([], []);
        var objects = repository.Objects;
        var head = objects.ReadCommit(repository.Head()).Tree;
        var (ofLayers, ofAll) = sources.Any(source => !source.File.Sources.IsEmpty) && repository.ReadState(ClientRepository.MergedRef) is { } merged ? BeyondUpstream(objects, merged, head) : ([], []);
        var (next, copied) = _copies.Update(sources, tree, state,
            file => ofAll.Any(path => file.IsMadeFrom(path.Value)),
            path => TreeDiff.Find(objects, head, path).Exists,
            path => WorkTreeBuilder.MakeRecordedDirectory(tree.Root, path, EtckeeperFiles.Of(objects, head), ClientAccounts.Of(objects, head)));
        if (!ReferenceEquals(next, state)) next.Write(repository.GitDirectory);
        state = next;
        return (copied, [.. sources.Select(OfLayer).OfType<Finding>()]);

        Finding? OfLayer(ShadowSource source)
        {
            var changed = ofLayers.Where(path => source.File.IsMadeFrom(path.Value)).Select(path => path.Value).FirstOrDefault();
            return changed is null || TreeDiff.Find(objects, head, source.Path).Exists
                ? null
                : new(source.Path.Value, $"It is not copied from the shared root: a layer changes {changed}, which it is made from, so the client has to make its own.");
        }
    }

    // The paths that the client's layers change in upstream, and all that its branch has otherwise.
    private (ImmutableArray<RepoPath> OfLayers, ImmutableArray<RepoPath> OfAll) BeyondUpstream(ObjectStore objects, MergedState merged, ObjectId head)
    {
        var composite = objects.ReadCommit(merged.Composite);
        var upstream = objects.ReadCommit(CompositePlanner.UpstreamOf(merged.Composite, composite)).Tree;
        return ([.. differences.Between(objects, upstream, composite.Tree).Select(change => change.Path)], [.. TreeDiff.Compute(objects, upstream, head).Select(change => change.Path)]);
    }
}
