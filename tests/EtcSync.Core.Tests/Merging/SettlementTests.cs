using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Tests.Trees;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Tests.Merging;

public sealed class SettlementTests
{
    private const string Before = "1\n2\n3\n4\n5\n";
    private const string Client = "1 client\n2\n3\n4\n5 client\n";
    private const string Upstream = "1\n2\n3\n4\n5 upstream\n";

    private readonly ObjectOverlay _objects = MemoryTrees.Objects();

    [Theory]
    [InlineData(DisputeSide.Base, "1 client\n2\n3\n4\n5\n")]
    [InlineData(DisputeSide.Client, "1 client\n2\n3\n4\n5 client\n")]
    [InlineData(DisputeSide.Upstream, "1 client\n2\n3\n4\n5 upstream\n")]
    public void TakenSide_countsForTheLinesInDispute_andForNothingElse(DisputeSide side, string expected)
    {
        var plan = Plan(new DisputeAnswer.Take(side));
        Assert.Empty(plan.Conflicts);
        Assert.Equal((expected, Upstream), (_objects.Read(plan.Tree, "a"), _objects.Read(plan.NextBase, "a")));
        Assert.IsType<Settlement.ByResolution>(Assert.Single(plan.Settled));
    }

    [Fact]
    public void NewContent_standsInPlaceOfAll()
    {
        var plan = Plan(new DisputeAnswer.Replace("both\n"u8.ToArray()));
        Assert.Equal("both\n", _objects.Read(plan.Tree, "a"));
    }

    [Fact]
    public void OtherVersions_areAnotherDispute()
    {
        var plan = Plan(new DisputeAnswer.Take(DisputeSide.Upstream), client: Client + "6\n");
        Assert.Equal(ConflictKind.Content, Assert.Single(plan.Conflicts).Kind);
    }

    [Fact]
    public void Rule_settlesWhatNobodySettled()
    {
        var rule = new PolicySource("90-site.yaml", 3);
        var plan = ClientMerge.Plan(_objects, Input(Client) with { Policy = _ => new() { OnConflict = ConflictAnswer.Client, OnConflictSource = rule } });
        Assert.Equal(Client, _objects.Read(plan.Tree, "a"));
        Assert.Equal("the client's version, by 90-site.yaml:3", Assert.Single(plan.Settled).Describe());
    }

    [Fact]
    public void RefusedMerge_holdsUpstreamsOwnPathToo()
    {
        var input = Input(Before) with
        {
            Refused = new Dictionary<RepoPath, Refusal> { [MemoryTrees.Path("a")] = Refusal.Of("syntax error", FileVersion.Absent) },
            Policy = _ => new() { Class = PathClass.Upstream },
        };
        var plan = ClientMerge.Plan(_objects, input);
        Assert.Equal((ConflictKind.CheckFailed, Before), (Assert.Single(plan.Conflicts).Kind, _objects.Read(plan.Tree, "a")));
    }

    [Fact]
    public void RefusedMerge_isAConflictWithTheCheckersWords_unlessTheClientsVersionStays()
    {
        var input = Input(Before) with { Refused = new Dictionary<RepoPath, Refusal> { [MemoryTrees.Path("a")] = Refusal.Of("syntax error", FileVersion.Absent) } };
        Assert.Equal((ConflictKind.CheckFailed, "syntax error"), Assert.Single(ClientMerge.Plan(_objects, input).Conflicts) is var conflict ? (conflict.Kind, conflict.Reason) : default);
        var kept = ClientMerge.Plan(_objects, input with { Policy = _ => new() { OnConflict = ConflictAnswer.Client, OnConflictSource = new("x", 1) } });
        Assert.Empty(kept.Conflicts);
        Assert.Equal((Before, Upstream), (_objects.Read(kept.Tree, "a"), _objects.Read(kept.NextBase, "a")));
    }

    [Fact]
    public void RefusedMerge_isReplacedByNewContent_unlessThatIsRefusedAsWell()
    {
        var content = "both\n"u8.ToArray();
        var refusal = Refusal.Of("syntax error", FileVersion.Absent);
        var answered = Input(Before) with
        {
            Refused = new Dictionary<RepoPath, Refusal> { [MemoryTrees.Path("a")] = refusal },
            Resolutions = key => new(key, new DisputeAnswer.Replace(content), [], "ann", DateTimeOffset.UnixEpoch),
        };
        var plan = ClientMerge.Plan(_objects, answered);
        Assert.Equal(("both\n", Upstream), (_objects.Read(plan.Tree, "a"), _objects.Read(plan.NextBase, "a")));
        Assert.Equal("a", Assert.Single(plan.Settled).Key.Name);

        var both = refusal.With(Refusal.Of("still wrong", new(EntryMode.File, _objects.AddBlob(content))));
        var held = ClientMerge.Plan(_objects, answered with { Refused = new Dictionary<RepoPath, Refusal> { [MemoryTrees.Path("a")] = both } });
        Assert.Equal((ConflictKind.CheckFailed, "still wrong"), Assert.Single(held.Conflicts) is var conflict ? (conflict.Kind, conflict.Reason) : default);
    }

    [Fact]
    public void AttributesInDispute_areSettledByTheirOwnKey()
    {
        var (was, mine, theirs) = (Tree("0644"), Tree("0600"), Tree("0640"));
        var held = Assert.Single(ClientMerge.Plan(_objects, new() { Base = was, Client = mine, Upstream = theirs }).Conflicts);
        Assert.Equal((ConflictKind.Attribute, "a#.etckeeper mode"), (held.Kind, held.Keys.Single().Name));
        var plan = ClientMerge.Plan(_objects, new() { Base = was, Client = mine, Upstream = theirs, Policy = _ => new() { OnConflict = ConflictAnswer.Upstream, OnConflictSource = new("x", 1) } });
        Assert.Empty(plan.Conflicts);
        Assert.Equal(_objects.Read(theirs, ".etckeeper"), _objects.Read(plan.Tree, ".etckeeper"));

        ObjectId Tree(string mode) => _objects.Tree(("a", "a\n"), (".etckeeper", $"maybe chmod {mode} 'a'\n"));
    }

    [Fact]
    public void AnswerAboutTheMode_saysNothingAboutTheOwner()
    {
        var input = new MergeInput { Base = Tree("0644", "root"), Client = Tree("0600", "ann"), Upstream = Tree("0640", "bob") };
        var answers = new Dictionary<string, DisputeSide> { ["a#.etckeeper mode"] = DisputeSide.Upstream };
        input = input with { Resolutions = key => answers.TryGetValue(key.Name, out var side) ? new(key, new DisputeAnswer.Take(side), [], "ann", DateTimeOffset.UnixEpoch) : null };
        var held = Assert.Single(ClientMerge.Plan(_objects, input).Conflicts);
        Assert.Equal("a#.etckeeper owner", Assert.Single(held.Keys).Name);

        answers["a#.etckeeper owner"] = DisputeSide.Client;
        var plan = ClientMerge.Plan(_objects, input);
        Assert.Empty(plan.Conflicts);
        Assert.Equal(2, plan.AttributesSettled.Length);
        Assert.Equal(new EtckeeperRecord("a", 0x1A0, "ann"), EtckeeperFiles.Of(_objects, plan.Tree).Find("a"));

        ObjectId Tree(string mode, string owner) => _objects.Tree(("a", "a\n"), (".etckeeper", $"maybe chown '{owner}' 'a'\nmaybe chmod {mode} 'a'\n"));
    }

    [Fact]
    public void AnswerAboutLines_isNoneToACheckThatRefusesTheMergeWithIt()
    {
        var input = Input("1 client\n2\n3\n4\n5 client\n") with { Upstream = _objects.Tree(("a", "1\n2\n3 upstream\n4\n5 upstream\n")) };
        var key = Assert.Single(ClientMerge.Plan(_objects, input).Conflicts).Keys.Single();
        var refused = input with
        {
            Resolutions = asked => asked == key ? new(key, new DisputeAnswer.Take(DisputeSide.Client), [], "ann", DateTimeOffset.UnixEpoch) : null,
            Refused = new Dictionary<RepoPath, Refusal> { [MemoryTrees.Path("a")] = new("syntax error", []) },
        };
        var plan = ClientMerge.Plan(_objects, refused);
        Assert.Equal(ConflictKind.CheckFailed, Assert.Single(plan.Conflicts).Kind);
        Assert.Equal(Before, _objects.Read(plan.NextBase, "a"));
    }

    private MergePlan Plan(DisputeAnswer answer, string client = Client)
    {
        var known = Assert.Single(ClientMerge.Plan(_objects, Input(Client)).Conflicts).Keys.Single();
        var made = new Resolution(known, answer, [], "ann", DateTimeOffset.UnixEpoch);
        return ClientMerge.Plan(_objects, Input(client) with { Resolutions = key => key == known ? made : null });
    }

    private MergeInput Input(string client) => new() { Base = _objects.Tree(("a", Before)), Client = _objects.Tree(("a", client)), Upstream = _objects.Tree(("a", Upstream)) };
}
