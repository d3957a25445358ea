using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Tests.Trees;

namespace EtcSync.Core.Tests.Planning;

public sealed class InterruptedRolloutTests
{
    private const string Closed = "maybe chmod 0600 'left'\n";
    private const string Open = "maybe chmod 0644 'left'\n";
    private static readonly Signature Anybody = Signature.OfEtcSync(DateTimeOffset.UnixEpoch);

    private readonly ObjectOverlay _objects = MemoryTrees.Objects();

    [Theory]
    [InlineData("Merge upstream 1234 into one\n\nEtcSync-Upstream: 1234\n", true)]
    [InlineData("Put stale saves right\n\nEtcSync-Stale-Save: yes\n", false)]
    [InlineData("one changed motd\n", false)]
    public void Commit_thatBringsAComposite_isARollout(string message, bool isRollout) => Assert.Equal(isRollout, InterruptedRollout.IsRollout(Commit(message)));

    [Fact]
    public void LeftPaths_haveTheVersionsBefore_onTheBranchAndInTheBase()
    {
        var (state, tree) = Leave(("left", "old\n"), ("left", "new\n"));
        Assert.Equal("old\n", _objects.Read(tree, "left"));
        Assert.Equal("old\n", _objects.Read(state.Base, "left"));
        Assert.Equal("new\n", _objects.Read(tree, "reached"));
        Assert.Equal("new\n", _objects.Read(state.Base, "reached"));
    }

    [Fact]
    public void LeftPaths_haveTheModesBefore_andOthersTheNewOnes()
    {
        var (_, tree) = Leave((".etckeeper", Closed), (".etckeeper", Open + "maybe chmod 0600 'reached'\n"));
        var metadata = _objects.Read(tree, ".etckeeper");
        Assert.Contains("0600 'left'", metadata, StringComparison.Ordinal);
        Assert.Contains("0600 'reached'", metadata, StringComparison.Ordinal);
    }

    [Fact]
    public void Commit_thatLeavesPaths_isKnownAsOne_andIsNoRollout()
    {
        var (state, _) = Leave(("left", "old\n"), ("left", "new\n"));
        var commit = ReadCommit(state.Head);
        Assert.True(InterruptedRollout.LeavesPaths(commit));
        Assert.False(InterruptedRollout.IsRollout(commit));
        Assert.Contains("\nleft\n", commit.Message, StringComparison.Ordinal);
    }

    private (MergedState State, ObjectId Tree) Leave((string Path, string Content) before, (string Path, string Content) after)
    {
        var (old, rolledOut) = (_objects.Tree(before, ("reached", "old\n")), _objects.Tree(after, ("reached", "new\n")));
        var begun = new MergedState(Composite: rolledOut, Base: rolledOut, Head: _objects.Add(ObjectType.Commit, Commit("begun\n").ToBytes()));
        var state = InterruptedRollout.Without(_objects, begun, rolledOut, old, old, new HashSet<RepoPath> { MemoryTrees.Path("left") }, DateTimeOffset.UnixEpoch);
        return (state, ReadCommit(state.Head).Tree);
    }

    private GitCommit ReadCommit(ObjectId id) => GitCommit.Parse(_objects.Added.Single(made => made.Id == id).Content);

    private static GitCommit Commit(string message) => new(ObjectId.EmptyTree, [], Anybody, Anybody, message);
}
