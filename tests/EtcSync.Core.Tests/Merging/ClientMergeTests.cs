using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Tests.Trees;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Tests.Merging;

public sealed class ClientMergeTests
{
    private readonly ObjectOverlay _objects = MemoryTrees.Objects();

    [Fact]
    public void DisputedPath_staysTheClients_andKeepsItsOldBase()
    {
        var plan = Plan(client: "mine\n");
        Assert.Equal(ConflictKind.Content, Assert.Single(plan.Conflicts).Kind);
        Assert.Equal(("mine\n", "old\n"), (_objects.Read(plan.Tree, "a"), _objects.Read(plan.NextBase, "a")));
        Assert.Equal(("new\n", "new\n"), (_objects.Read(plan.Tree, "b"), _objects.Read(plan.NextBase, "b")));
    }

    [Fact]
    public void DeferredPath_waitsWithoutADispute()
    {
        var plan = Plan(input => input with { Deferred = new HashSet<RepoPath> { MemoryTrees.Path("a") } });
        Assert.Empty(plan.Conflicts);
        Assert.Equal(("old\n", "old\n"), (_objects.Read(plan.Tree, "a"), _objects.Read(plan.NextBase, "a")));
    }

    [Fact]
    public void FixedPath_isHeldForItsReason()
    {
        var plan = Plan(input => input with { Fixed = new Dictionary<RepoPath, string> { [MemoryTrees.Path("a")] = "It is immutable." } });
        Assert.Equal((ConflictKind.Immutable, "It is immutable."), Assert.Single(plan.Conflicts) is var conflict ? (conflict.Kind, conflict.Reason) : default);
        Assert.Equal(("old\n", "old\n"), (_objects.Read(plan.Tree, "a"), _objects.Read(plan.NextBase, "a")));
    }

    [Fact]
    public void ClientsPath_isKept_andIsNoDispute()
    {
        var plan = Plan(client: "mine\n", policy: new() { Class = PathClass.Client });
        Assert.Empty(plan.Conflicts);
        Assert.Equal("mine\n", _objects.Read(plan.Tree, "a"));
    }

    [Fact]
    public void UpstreamsPath_isTaken_whateverTheClientMadeOfIt()
    {
        var plan = Plan(client: "mine\n", policy: new() { Class = PathClass.Upstream });
        Assert.Equal("new\n", _objects.Read(plan.Tree, "a"));
    }

    [Fact]
    public void UpstreamsPath_thatTheClientDeleted_isNotPutBackOverWhatGitDoesNotTrack()
    {
        var (was, mine) = (_objects.Tree(("a", "old\n"), ("b", "old\n")), _objects.Tree(("b", "old\n")));
        var obstacle = new Obstacle(FileVersion.Absent, "the directory a/");
        var plan = ClientMerge.Plan(_objects, new()
        {
            Base = was,
            Client = mine,
            Upstream = was,
            Policy = _ => new() { Class = PathClass.Upstream },
            Obstacles = new Dictionary<RepoPath, Obstacle> { [MemoryTrees.Path("a")] = obstacle },
        });
        Assert.Equal(ConflictKind.Untracked, Assert.Single(plan.Conflicts).Kind);
        Assert.Null(_objects.Read(plan.Tree, "a"));
    }

    private MergePlan Plan(Func<MergeInput, MergeInput> with) => ClientMerge.Plan(_objects, with(Input("old\n")));

    private MergePlan Plan(string client, PathPolicy? policy = null) => ClientMerge.Plan(_objects, Input(client) with { Policy = _ => policy ?? PathPolicy.Default });

    // Upstream has changed both files, the client perhaps the first.
    private MergeInput Input(string client) => new()
    {
        Base = _objects.Tree(("a", "old\n"), ("b", "old\n")),
        Client = _objects.Tree(("a", client), ("b", "old\n")),
        Upstream = _objects.Tree(("a", "new\n"), ("b", "new\n")),
    };
}
