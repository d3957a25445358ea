using EtcSync.Core.Checks;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Mergers.Accounts;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Tests.Mergers.Accounts;
using EtcSync.Core.Tests.Trees;

namespace EtcSync.Core.Tests.Merging;

public sealed class AccountFilesMergeTests
{
    private static readonly AccountSet Before = new();
    private static readonly PathPolicy Accounts = new() { Merger = ContentMergers.Accounts };

    private readonly ObjectOverlay _objects = MemoryTrees.Objects();

    [Fact]
    public void AllFour_areMerged_andNothingIsInDispute()
    {
        var plan = Plan(Tree(Before.WithUser("cli", 1100)), Tree(Before.WithUser("ups", 1200)));
        Assert.Empty(plan.Conflicts);
        Assert.Equal(["group", "gshadow", "passwd", "shadow"], plan.Decisions.Where(decision => decision.Action == MergeAction.Combine).Select(decision => decision.Path.Value));
        Assert.Equal(Before.WithUser("ups", 1200).WithUser("cli", 1100), Read(plan.Tree));
    }

    [Fact]
    public void DisputeInOneFile_holdsAllFour_withoutAnyOtherPolicy()
    {
        var client = Before with { Shadow = Before.Shadow!.Replace("root:*", "root:$6$c", StringComparison.Ordinal) };
        var upstream = Before.WithUser("ups", 1200) with { Shadow = Before.WithUser("ups", 1200).Shadow!.Replace("root:*", "root:$6$u", StringComparison.Ordinal) };
        var plan = Plan(Tree(client), Tree(upstream));
        Assert.Equal(["group HeldTogether", "gshadow HeldTogether", "passwd HeldTogether", "shadow Content"], plan.Conflicts.Select(conflict => $"{conflict.Path} {conflict.Kind}"));
        Assert.Equal("shadow#root", Assert.Single(plan.Conflicts[^1].Keys).Name);
        Assert.DoesNotContain("$6$", plan.Conflicts[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(client, Read(plan.Tree));
        Assert.Equal(Before, Read(plan.NextBase));
    }

    [Fact]
    public void DisputeInOneFile_holdsAllFour_whateverSetPolicyPutsOneOfThemIn()
    {
        var client = Before with { Shadow = Before.Shadow!.Replace("root:*", "root:$6$c", StringComparison.Ordinal) };
        var upstream = Before with { Shadow = Before.Shadow!.Replace("root:*", "root:$6$u", StringComparison.Ordinal), Passwd = Before.Passwd!.Replace("/bin/sh", "/bin/dash", StringComparison.Ordinal) };
        var plan = Plan(Tree(client), Tree(upstream), policy: path => Accounts with { Together = path.Value == "passwd" ? "mine" : null });
        Assert.Equal((client, Before), (Read(plan.Tree), Read(plan.NextBase)));
    }

    [Fact]
    public void Rule_thatKeepsThePasswordOfRoot_isReported_andTheRestIsMerged()
    {
        var client = Before with { Shadow = Before.Shadow!.Replace("root:*", "root:$6$c", StringComparison.Ordinal) };
        var upstream = Before.WithUser("ups", 1200) with { Shadow = Before.WithUser("ups", 1200).Shadow!.Replace("root:*", "root:$6$u", StringComparison.Ordinal) };
        var plan = Plan(Tree(client), Tree(upstream), policy: _ => Accounts with { OnConflict = ConflictAnswer.Client, OnConflictSource = new("site.yaml", 3) });
        Assert.Empty(plan.Conflicts);
        Assert.Equal(("shadow#root", true), Assert.Single(plan.Settled) is var settled ? (settled.Key.Name, settled.KeepsClient) : default);
        Assert.StartsWith("root:$6$c:", Read(plan.Tree).Shadow, StringComparison.Ordinal);
        Assert.EndsWith("ups:!:19500::::::\n", Read(plan.Tree).Shadow, StringComparison.Ordinal);
    }

    [Fact]
    public void RenumberedGroup_changesAFileThatUpstreamDidNotTouch_andTellsWhoseFilesFollow()
    {
        var client = Before with { Group = Before.Group + "docker:x:998:\n", Gshadow = Before.Gshadow + "docker:!::\n", Passwd = Before.Passwd + "ci:*:1300:998::/:/bin/sh\n" };
        var upstream = Before with { Group = Before.Group + "docker:x:990:\n", Gshadow = Before.Gshadow + "docker:!::\n" };
        var plan = Plan(Tree(client, (".etckeeper", "maybe chgrp 'docker' './docker.conf'\n"), ("docker.conf", "\n")), Tree(upstream));
        Assert.Empty(plan.Conflicts);
        Assert.EndsWith("ci:*:1300:990::/:/bin/sh\n", Read(plan.Tree).Passwd, StringComparison.Ordinal);
        var renumbered = Assert.Single(plan.Renumbered);
        Assert.Equal(("docker", 998u, 990u, "docker.conf"), (renumbered.Account.Name, renumbered.Account.From, renumbered.Account.To, Assert.Single(renumbered.Paths)));
        Assert.Contains(renumbered.Describe(), plan.Notices);
    }

    [Fact]
    public void FileThatUpstreamDidNotTouch_andTheClientIsWriting_holdsTheSetBack()
    {
        var client = Before with { Group = Before.Group + "docker:x:998:\n", Gshadow = Before.Gshadow + "docker:!::\n", Passwd = Before.Passwd + "ci:*:1300:998::/:/bin/sh\n" };
        var upstream = Before with { Group = Before.Group + "docker:x:990:\n", Gshadow = Before.Gshadow + "docker:!::\n" };
        var plan = Plan(Tree(client), Tree(upstream), with: input => input with { Deferred = new HashSet<RepoPath> { MemoryTrees.Path("passwd") } });
        Assert.Empty(plan.Conflicts);
        Assert.Equal((client, Before), (Read(plan.Tree), Read(plan.NextBase)));
    }

    [Fact]
    public void NumbersOfLoginDefs_sayWhatASystemAccountIs()
    {
        var (client, upstream) = (Tree(Before.WithUser("svc", 500)), Tree(Before.WithUser("svc", 501), ("login.defs", "UID_MIN 500\nGID_MIN 500\n")));
        Assert.Contains(Plan(client, upstream).Conflicts, conflict => conflict is { Kind: ConflictKind.Content, Path.Value: "passwd" });
    }

    [Fact]
    public void FileOfTheClientsClass_staysTheClients_andTheOthersAreMerged()
    {
        var plan = Plan(Tree(Before.WithUser("cli", 1100)), Tree(Before.WithUser("ups", 1200)), policy: path => path.Value == "shadow" ? Accounts with { Class = PathClass.Client } : Accounts);
        Assert.Contains(plan.Conflicts, conflict => conflict.Reason.Contains("'ups' is in passwd and not in shadow", StringComparison.Ordinal));
        var small = Before with { Shadow = Before.Shadow!.Replace("$6$a", "$6$mine", StringComparison.Ordinal), Passwd = Before.Passwd!.Replace("/bin/sh", "/bin/zsh", StringComparison.Ordinal) };
        plan = Plan(Tree(small), Tree(Before with { Passwd = Before.Passwd.Replace("Ann", "Anna", StringComparison.Ordinal), Shadow = Before.Shadow.Replace("$6$a", "$6$theirs", StringComparison.Ordinal) }),
            policy: path => path.Value == "shadow" ? Accounts with { Class = PathClass.Client } : Accounts);
        Assert.Empty(plan.Conflicts);
        Assert.Equal(small with { Passwd = small.Passwd.Replace("Ann", "Anna", StringComparison.Ordinal) }, Read(plan.Tree));
    }

    [Fact]
    public void FileNotUnderstood_isMergedAsText_andThatIsSaid()
    {
        var client = Before with { Passwd = "broken\n" + Before.Passwd };
        var plan = Plan(Tree(client), Tree(Before.WithUser("ups", 1200)));
        Assert.Empty(plan.Conflicts);
        Assert.StartsWith("It was merged as text, because it was not understood as accounts: Line 1 of the client's version", plan.Decisions.Single(decision => decision.Path.Value == "passwd").Note, StringComparison.Ordinal);
        Assert.Contains("Line 1 of passwd has 1 fields instead of 7. It was so before.", plan.Notices);
    }

    [Fact]
    public void UpstreamsOwnFault_isHeld_withTheWordsOfTheCheck()
    {
        var plan = Plan(Tree(Before), Tree(Before with { Passwd = Before.Passwd + "eve:x:1300:100::/:/bin/sh\n", Group = Before.Group + "new:x:1400:\n" }));
        var failed = Assert.Single(plan.Conflicts, conflict => conflict.Kind == ConflictKind.CheckFailed);
        Assert.Equal(("passwd", "It would break the client: The user 'eve' is in passwd and not in shadow."), (failed.Path.Value, failed.Reason));
        Assert.Equal(Before, Read(plan.Tree));
    }

    [Fact]
    public void ClientsVersion_kept_settlesAFailedCheck()
    {
        var plan = Plan(Tree(Before), Tree(Before with { Passwd = Before.Passwd + "eve:x:1300:100::/:/bin/sh\n" }), policy: _ => Accounts with { OnConflict = ConflictAnswer.Client, OnConflictSource = new("site.yaml", 3) });
        Assert.Empty(plan.Conflicts);
        Assert.Equal((Before, "passwd"), (Read(plan.Tree), Assert.Single(plan.Settled).Key.Name));
    }

    [Fact]
    public void SharedNumber_thatUpstreamMeans_isTold_andRolledOut()
    {
        var upstream = Before with { Passwd = Before.Passwd + "toor:*:0:0::/root:/bin/sh\n" };
        var plan = Plan(Tree(Before), Tree(upstream));
        Assert.Empty(plan.Conflicts);
        Assert.Equal((upstream, "The users 'root' and 'toor' have the same number, 0. Upstream has it so."), (Read(plan.Tree), Assert.Single(plan.Notices)));
    }

    [Fact]
    public void PathOfUpstreamsClass_isCheckedAsWell()
    {
        var plan = Plan(_objects.Tree(("fstab", "a /a nfs ro 0 0\n")), _objects.Tree(("fstab", "broken\n")), _objects.Tree(("fstab", "a /a nfs ro 0 0\n")), policy: _ => new() { Class = PathClass.Upstream });
        Assert.Equal(ConflictKind.CheckFailed, Assert.Single(plan.Conflicts).Kind);
    }

    [Fact]
    public void Member_whoseUserWentOnTheOtherSide_isNoMemberInWaiting()
    {
        var client = Before with { Group = Before.Group + "wheel:x:998:bob\n", Gshadow = Before.Gshadow + "wheel:!::bob\n" };
        var upstream = Before.Without("bob") with { Group = Before.Without("bob").Group!.Replace("ann,bob", "ann", StringComparison.Ordinal), Gshadow = Before.Without("bob").Gshadow!.Replace("ann,bob", "ann", StringComparison.Ordinal) };
        var plan = Plan(Tree(client), Tree(upstream));
        Assert.Contains(plan.Conflicts, conflict => conflict.Kind == ConflictKind.CheckFailed && conflict.Reason.Contains("'bob' is named in the group 'wheel' of group, and no user.", StringComparison.Ordinal));
        Assert.Equal(client, Read(plan.Tree));
    }

    [Fact]
    public void Members_fromADirectoryService_areMeant()
    {
        var directory = Before with { Group = Before.Group!.Replace("users:x:100:ann,bob", "users:x:100:ann,bob,ldapuser", StringComparison.Ordinal) };
        Assert.Empty(Plan(Tree(directory), Tree(Before.WithUser("ups", 1200))).Conflicts);
        Assert.Empty(Plan(Tree(Before.WithUser("cli", 1200)), Tree(directory)).Conflicts);
    }

    private MergePlan Plan(ObjectId client, ObjectId upstream, ObjectId? ancestor = null, Func<RepoPath, PathPolicy>? policy = null, Func<MergeInput, MergeInput>? with = null)
    {
        var input = new MergeInput { Base = ancestor ?? Tree(Before), Client = client, Upstream = upstream, Policy = policy ?? (_ => Accounts), Checks = BuiltInChecks.All };
        return ClientMerge.Plan(_objects, with is null ? input : with(input));
    }

    private ObjectId Tree(AccountSet set, params (string Path, string Content)[] more) =>
        _objects.Tree([.. AccountFile.All.Where(file => set[file] is not null).Select(file => (file.Name, set[file]!)), .. more]);

    private AccountSet Read(ObjectId tree) => AccountFile.All.Aggregate(new AccountSet(), (set, file) => set.With(file, _objects.Read(tree, file.Name)));
}
