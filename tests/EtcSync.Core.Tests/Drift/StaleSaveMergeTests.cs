using EtcSync.Core.Drift;
using EtcSync.Core.Git;
using EtcSync.Core.Tests.Trees;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Tests.Drift;

public sealed class StaleSaveMergeTests
{
    private const string Before = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
    private const string After = "ONE\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n";

    private readonly ObjectOverlay _objects = MemoryTrees.Objects();

    [Fact]
    public void VersionBefore_savedAsItWas_becomesTheRolledOutOne() => AssertPutRight(After, Before);

    [Fact]
    public void VersionBefore_withAnEditElsewhere_getsTheRolloutToo() =>
        AssertPutRight("ONE\ntwo\nthree\nmine\nfive\nsix\nSEVEN\n", "one\ntwo\nthree\nmine\nfive\nsix\nseven\n");

    [Fact]
    public void EditOfOneOfTheRolloutsLines_thatLeavesAnotherAsItWas_isDisputed() =>
        Assert.IsType<StaleSaveVerdict.Disputed>(Judge(Before, After, "mine\ntwo\nthree\nfour\nfive\nsix\nseven\n"));

    [Fact]
    public void EditOfAllOfTheRolloutsLines_isAWish() =>
        Assert.IsType<StaleSaveVerdict.Wish>(Judge(Before, After, "mine\ntwo\nthree\nfour\nfive\nsix\nmine\n"));

    [Theory]
    [InlineData("ONE\ntwo\nthree\nmine\nfive\nsix\nSEVEN\n")]
    [InlineData("ONE\ntwo\nthree\nfour\nfive\nsix\nseven\n")]
    public void SaveThatHasSomeOfTheRollout_isAWish(string saved) => Assert.IsType<StaleSaveVerdict.Wish>(Judge(Before, After, saved));

    [Fact]
    public void FileThatTheRolloutAdded_isNeverSavedStale() =>
        Assert.IsType<StaleSaveVerdict.Wish>(StaleSaveMerge.Judge(_objects, FileVersion.Absent, _objects.File(After), _objects.File(Before)));

    [Fact]
    public void OldTargetOfALink_becomesTheRolledOutOne() =>
        Assert.Equal(Link("new"), Assert.IsType<StaleSaveVerdict.PutRight>(StaleSaveMerge.Judge(_objects, Link("old"), Link("new"), Link("old"))).Merged);

    [Fact]
    public void AnotherTargetOfALink_isAWish() => Assert.IsType<StaleSaveVerdict.Wish>(StaleSaveMerge.Judge(_objects, Link("old"), Link("new"), Link("other")));

    [Fact]
    public void Mode_staysAsItWasSaved()
    {
        var saved = _objects.File(Before) with { Mode = EntryMode.Executable };
        var right = Assert.IsType<StaleSaveVerdict.PutRight>(StaleSaveMerge.Judge(_objects, _objects.File(Before), _objects.File(After), saved));
        Assert.Equal(EntryMode.Executable, right.Merged.Mode);
    }

    private void AssertPutRight(string expected, string saved) => Assert.Equal(expected, _objects.TextOf(Assert.IsType<StaleSaveVerdict.PutRight>(Judge(Before, After, saved)).Merged));

    private StaleSaveVerdict Judge(string before, string after, string saved) => StaleSaveMerge.Judge(_objects, _objects.File(before), _objects.File(after), _objects.File(saved));

    private FileVersion Link(string target) => _objects.File(target) with { Mode = EntryMode.SymbolicLink };
}
