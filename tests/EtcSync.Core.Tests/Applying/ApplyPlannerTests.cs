using EtcSync.Core.Applying;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Tests.Etckeeper;
using EtcSync.Core.Tests.Trees;

namespace EtcSync.Core.Tests.Applying;

public sealed class ApplyPlannerTests
{
    private readonly ObjectOverlay _objects = MemoryTrees.Objects();

    [Fact]
    public void File_whereADirectoryIs_comesAfterWhatIsInIt() =>
        Assert.Equal(["RemoveFile a/b", "RemoveDirectory a", "PutFile a"], Plan([("a/b", "1")], [("a", "1")]));

    [Fact]
    public void Directory_whereAFileIs_comesAfterTheFileIsGone() =>
        Assert.Equal(["RemoveFile a", "MakeDirectory a", "PutFile a/b"], Plan([("a", "1")], [("a/b", "1")]));

    [Fact]
    public void Files_areRemovedAfterOthersWerePut() => Assert.Equal(["PutFile b", "RemoveFile a"], Plan([("a", "1")], [("b", "1")]));

    [Fact]
    public void UntouchedPath_hasNoStep() =>
        Assert.Empty(ApplyPlanner.Plan(_objects, Attributed([("a", "1")]), Attributed([("a", "2")]), new HashSet<RepoPath> { MemoryTrees.Path("a") }).Steps);

    [Fact]
    public void FileWithAnotherMode_isReplacedByItself()
    {
        var step = Assert.Single(ApplyPlanner.Plan(_objects, Attributed([("a", "1")]), Attributed([("a", "1")], "maybe chmod 0600 'a'"), new HashSet<RepoPath>()).Steps);
        var put = Assert.IsType<ApplyStep.PutFile>(step);
        Assert.Equal((put.Expected, 0x180), (put.Version, put.Attributes.Mode));
    }

    [Fact]
    public void RecordThatIsGone_changesNothing() =>
        Assert.Empty(ApplyPlanner.Plan(_objects, Attributed([("a", "1")], "maybe chmod 0644 'gone'"), Attributed([("a", "1")]), new HashSet<RepoPath>()).Steps);

    private string[] Plan((string Path, string Content)[] live, (string Path, string Content)[] target) =>
        [.. ApplyPlanner.Plan(_objects, Attributed(live), Attributed(target), new HashSet<RepoPath>()).Steps.Select(step => $"{step.GetType().Name} {step.Path}")];

    private AttributedTree Attributed((string Path, string Content)[] files, params string[] records) =>
        new(_objects.Tree(files), records.Length == 0 ? EtckeeperFile.Empty : EtckeeperText.Parse(records));
}
