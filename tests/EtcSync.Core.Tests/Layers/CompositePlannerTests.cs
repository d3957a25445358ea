using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Tests.Trees;

namespace EtcSync.Core.Tests.Layers;

public sealed class CompositePlannerTests
{
    private readonly ObjectOverlay _objects = MemoryTrees.Objects();

    [Fact]
    public void NoLayers_areUpstreamsOwnCommit()
    {
        var upstream = Source(_objects.Tree(("motd", "upstream\n")));
        Assert.Equal((upstream.Id, upstream.Tree), Plan(upstream, [], Together()) is var composite ? (composite.Commit, composite.Tree) : default);
    }

    [Fact]
    public void Set_ofWhichALayerDisputesOnePath_staysWholeAsTheLayerHasIt()
    {
        var composite = Disputed(Together("passwd", "shadow"));
        Assert.Equal("layer\n", _objects.Read(composite.Tree, "passwd"));
        Assert.Equal("old\n", _objects.Read(composite.Tree, "shadow"));
        Assert.Equal("new\n", _objects.Read(composite.Tree, "motd"));
        Assert.Equal([("passwd", ConflictKind.Content), ("shadow", ConflictKind.HeldTogether)], composite.Conflicts.Select(one => (one.Conflict.Path.Value, one.Conflict.Kind)));
    }

    [Fact]
    public void PathsOfNoSet_areDisputedAlone()
    {
        var composite = Disputed(Together());
        Assert.Equal("layer\n", _objects.Read(composite.Tree, "passwd"));
        Assert.Equal("new\n", _objects.Read(composite.Tree, "shadow"));
        Assert.Equal("passwd", Assert.Single(composite.Conflicts).Conflict.Path.Value);
    }

    [Fact]
    public void PathOfUpstreamsClass_isTheLayersWhereItChangesIt()
    {
        var was = _objects.Tree(("motd", "old\n"));
        var composite = Plan(Source(was), [Layer("lab", was, ("motd", "layer\n"))], _ => new() { Class = PathClass.Upstream });
        Assert.Equal("layer\n", _objects.Read(composite.Tree, "motd"));
        Assert.Empty(composite.Conflicts);
    }

    [Fact]
    public void Composite_namesItsLayers_inTheirOrder()
    {
        var was = _objects.Tree(("motd", "old\n"));
        var composite = Plan(Source(was), [Layer("lab", was, ("motd", "layer\n")), Layer("kiosk", was, ("motd", "old\n"))], Together());
        Assert.Equal("lab kiosk", string.Join(' ', CompositePlanner.LayersOf(GitCommit.Parse(_objects.Added.Single(made => made.Id == composite.Commit).Content))));
    }

    [Fact]
    public void Composite_isTheSame_wheneverItIsMade()
    {
        var was = _objects.Tree(("motd", "old\n"));
        Composite Made() => Plan(Source(was), [Layer("lab", was, ("motd", "layer\n"))], Together());
        Assert.Equal(Made().Commit, Made().Commit);
    }

    private Composite Disputed(Func<RepoPath, PathPolicy> policy)
    {
        var was = _objects.Tree(("motd", "old\n"), ("passwd", "old\n"), ("shadow", "old\n"));
        var upstream = Source(_objects.Tree(("motd", "new\n"), ("passwd", "new\n"), ("shadow", "new\n")));
        return Plan(upstream, [Layer("lab", was, ("motd", "old\n"), ("passwd", "layer\n"), ("shadow", "old\n"))], policy);
    }

    private Composite Plan(CompositeSource upstream, LayerSource[] layers, Func<RepoPath, PathPolicy> policy) => CompositePlanner.Plan(_objects, upstream, [.. layers], policy);

    private LayerSource Layer(string group, ObjectId was, params (string Path, string Content)[] files) => new(group, Source(_objects.Tree(files)), was);

    // A commit's id is all that is needed of it; the tree's is as good.
    private static CompositeSource Source(ObjectId tree) => new(tree, tree, DateTimeOffset.UnixEpoch);

    private static Func<RepoPath, PathPolicy> Together(params string[] set) => path => set.Contains(path.Value) ? new() { Together = "accounts" } : PathPolicy.Default;
}
