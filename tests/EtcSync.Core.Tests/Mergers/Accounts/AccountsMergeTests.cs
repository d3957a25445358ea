using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Mergers;
using EtcSync.Core.Mergers.Accounts;

namespace EtcSync.Core.Tests.Mergers.Accounts;

public sealed class AccountsMergeTests
{
    private static readonly AccountSet Before = new();

    [Fact]
    public void Fields_changedOnEachSide_areJoined()
    {
        var merged = Merged(Replace(Before, AccountFile.Passwd, "/home/ann:/bin/bash", "/home/ann:/bin/zsh"), Replace(Before, AccountFile.Passwd, "/home/ann:", "/srv/ann:"));
        Assert.Contains("ann:x:1000:1000:Ann:/srv/ann:/bin/zsh\n", merged.Passwd, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_areASet()
    {
        var merged = Merged(Replace(Before, AccountFile.Group, "ann,bob", "bob,ann,root"), Replace(Before, AccountFile.Group, "ann,bob", "ann"));
        Assert.Contains("users:x:100:ann,root\n", merged.Group, StringComparison.Ordinal);
    }

    [Fact]
    public void Accounts_addedOnBothSides_areKept_upstreamsFirst()
    {
        var merged = Merged(Before.WithUser("cli", 1100), Before.WithUser("ups", 1200));
        Assert.EndsWith("ups:x:1200:1200::/:/usr/sbin/nologin\ncli:x:1100:1100::/:/usr/sbin/nologin\n", merged.Passwd, StringComparison.Ordinal);
        Assert.EndsWith("ups:!::\ncli:!::\n", merged.Gshadow, StringComparison.Ordinal);
    }

    [Fact]
    public void SystemAccount_onBothSides_takesUpstreamsNumbers_andReferencesFollow()
    {
        var client = Before.WithUser("svc", 997);
        client = client with { Passwd = client.Passwd + "own:x:996:997::/:/bin/sh\n", Shadow = client.Shadow + "own:!:19500::::::\n" };
        var upstream = Before.WithUser("svc", 995, day: 19501);
        var result = AccountSet.Merge(Before, client, upstream);
        var merged = AccountSet.Of(result);
        Assert.Contains("\nsvc:x:995:995::/:/usr/sbin/nologin\nown:x:996:995::/:/bin/sh\n", merged.Passwd, StringComparison.Ordinal);
        Assert.Contains("\nsvc:x:995:\n", merged.Group, StringComparison.Ordinal);
        Assert.Contains("\nsvc:!:19501::::::\n", merged.Shadow, StringComparison.Ordinal);
        Assert.Equal([(AccountFile.Passwd, "svc", 997u, 995u), (AccountFile.Group, "svc", 997u, 995u)], result.Renumbered.Select(one => (one.File, one.Name, one.From, one.To)));
    }

    [Fact]
    public void SystemAccounts_thatSwappedNumbers_takeUpstreams()
    {
        var merged = Merged(Before.WithUser("a", 997).WithUser("b", 996), Before.WithUser("a", 996).WithUser("b", 997));
        Assert.Equal(Before.WithUser("a", 996).WithUser("b", 997), merged);
    }

    [Fact]
    public void SystemGroup_ofAUserWhomUpstreamDoesNotHave_takesItsReferencesAlong_whereUpstreamsPasswdIsAsItWas()
    {
        var client = Before with { Group = Before.Group + "docker:x:998:\n", Gshadow = Before.Gshadow + "docker:!::\n", Passwd = Before.Passwd + "ci:*:1300:998::/:/bin/sh\n" };
        var upstream = Before with { Group = Before.Group + "docker:x:990:\n", Gshadow = Before.Gshadow + "docker:!::\n" };
        Assert.EndsWith("ci:*:1300:990::/:/bin/sh\n", Merged(client, upstream).Passwd, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherAccount_onBothSidesWithAnotherNumber_isADispute() =>
        Assert.Equal("Both sides added it, and not with the same user id and group id.", Assert.Single(Disputes(Before.WithUser("eve", 1100), Before.WithUser("eve", 1200), AccountFile.Passwd)).Reason);

    [Fact]
    public void NumberThatTwoNewNamesShare_isADispute_andAnswersTakeTheWholeAccount()
    {
        var (client, upstream) = (Before.WithUser("cli", 1100), Before.WithUser("ups", 1100));
        Assert.Equal("uid 1100", Assert.Single(Disputes(client, upstream, AccountFile.Passwd)).Record);
        Assert.Equal("gid 1100", Assert.Single(Disputes(client, upstream, AccountFile.Group)).Record);
        Assert.Equal(client, AccountSet.Of(AccountSet.Merge(Before, client, upstream, (_, _) => new DisputeAnswer.Take(DisputeSide.Client))));
        Assert.Equal(upstream, AccountSet.Of(AccountSet.Merge(Before, client, upstream, (_, _) => new DisputeAnswer.Take(DisputeSide.Upstream))));
    }

    [Fact]
    public void NumberThatTwoNewNamesShare_isSettledByLinesOfBoth()
    {
        var (client, upstream) = (Before.WithUser("cli", 1100), Before.WithUser("ups", 1100));
        var merged = AccountSet.Of(AccountSet.Merge(Before, client, upstream, (file, dispute) => new DisputeAnswer.Replace(Encoding.Latin1.GetBytes(
            Encoding.Latin1.GetString(dispute.Upstream!) + Encoding.Latin1.GetString(dispute.Client!).Replace("1100", "1101", StringComparison.Ordinal)))));
        Assert.EndsWith("ups:x:1100:1100::/:/usr/sbin/nologin\ncli:x:1101:1101::/:/usr/sbin/nologin\n", merged.Passwd, StringComparison.Ordinal);
        Assert.EndsWith("ups:x:1100:\ncli:x:1101:\n", merged.Group, StringComparison.Ordinal);
    }

    [Fact]
    public void Password_changedOnBothSides_isADisputeOfShadow_andTheDateGoesWithTheAnswer()
    {
        var client = Replace(Before, AccountFile.Shadow, "root:*:19000:", "root:$6$c:19300:");
        var upstream = Replace(Before, AccountFile.Shadow, "root:*:19000:0:", "root:$6$u:19400:1:");
        var dispute = Assert.Single(Disputes(client, upstream, AccountFile.Shadow));
        Assert.Equal(("root", "Both sides changed the password and date of the last change."), (dispute.Record, dispute.Reason));
        Assert.StartsWith("root:$6$c:19300:1:", AccountSet.Of(AccountSet.Merge(Before, client, upstream, (_, _) => new DisputeAnswer.Take(DisputeSide.Client))).Shadow, StringComparison.Ordinal);
    }

    [Fact]
    public void DateOfAPassword_goesWithWhoChangedThePassword() =>
        Assert.StartsWith("root:$6$c:19300:", Merged(Replace(Before, AccountFile.Shadow, "root:*:19000:", "root:$6$c:19300:"), Replace(Before, AccountFile.Shadow, "root:*:19000:", "root:*:19400:")).Shadow, StringComparison.Ordinal);

    [Fact]
    public void OrderToChangeThePassword_andANewPassword_areADispute() =>
        Assert.Single(Disputes(Replace(Before, AccountFile.Shadow, "root:*:19000:", "root:$6$c:19300:"), Replace(Before, AccountFile.Shadow, "root:*:19000:", "root:*:0:"), AccountFile.Shadow));

    [Fact]
    public void Account_deletedOnOneSide_goesFromAllFiles() => Assert.Equal(Before.WithUser("ups", 1200).Without("bob"), Merged(Before.Without("bob"), Before.WithUser("ups", 1200)));

    [Fact]
    public void Account_deletedAndChanged_isADispute_andItsAnswerHoldsForItsPasswordToo()
    {
        var (client, upstream) = (Before.Without("bob"), Replace(Before, AccountFile.Passwd, "/bin/sh", "/bin/zsh"));
        Assert.Equal("The client deleted it, and upstream changed it.", Assert.Single(Disputes(client, upstream, AccountFile.Passwd)).Reason);
        var kept = AccountSet.Of(AccountSet.Merge(Before, client, upstream, (file, _) => file == AccountFile.Passwd ? new DisputeAnswer.Take(DisputeSide.Upstream) : null));
        Assert.Contains("\nbob:$6$b:", kept.Shadow, StringComparison.Ordinal);
    }

    [Fact]
    public void PrimaryGroup_deletedOnOneSideAndUsedOnTheOther_isADisputeAboutTheGroup()
    {
        var client = Before.Without("users");
        var upstream = Before with { Passwd = Before.Passwd + "eve:x:1300:100::/:/bin/sh\n", Shadow = Before.Shadow + "eve:!:19500::::::\n" };
        var dispute = Assert.Single(Disputes(client, upstream, AccountFile.Group));
        Assert.Equal(("users", "The primary group of the user 'eve' has the number 100, which no group has."), (dispute.Record, dispute.Reason));
        var merged = AccountSet.Of(AccountSet.Merge(Before, client, upstream, (_, _) => new DisputeAnswer.Take(DisputeSide.Upstream)));
        Assert.Equal(upstream, merged);
    }

    [Fact]
    public void WrongLine_makesTheFileText_andTheOthersAreMergedAllTheSame()
    {
        var client = Before.WithUser("cli", 1100) with { Gshadow = Before.Gshadow + "broken\n" };
        var result = AccountSet.Merge(Before, client, Before.WithUser("ups", 1200));
        Assert.Equal("Line 5 of the client's version has 1 fields instead of 4.", Assert.IsType<ContentMergeResult.NotUnderstood>(result.Files[AccountFile.Gshadow]).Reason);
        Assert.IsType<ContentMergeResult.Merged>(result.Files[AccountFile.Passwd]);
    }

    [Fact]
    public void Bytes_commentsNisAndLineEnds_stay()
    {
        var before = Before with { Passwd = "# people\r\nroot:x:0:0:r\xf6\xf6t:/root:/bin/sh\r\n\r\n+@staff::::::\r\n" };
        var client = before with { Passwd = before.Passwd.Replace("/bin/sh", "/bin/zsh", StringComparison.Ordinal) };
        var upstream = before with { Passwd = before.Passwd.Replace("\r\n\r\n", "\r\nann:x:1:0:\xff:/:/bin/sh\r\n\r\n", StringComparison.Ordinal), Shadow = null };
        Assert.Equal("# people\r\nroot:x:0:0:r\xf6\xf6t:/root:/bin/zsh\r\nann:x:1:0:\xff:/:/bin/sh\r\n\r\n+@staff::::::\r\n", AccountSet.Of(AccountSet.Merge(before, client with { Shadow = null }, upstream)).Passwd);
    }

    [Fact]
    public void LastLineWithoutAnEnd_isNotGluedToAnother()
    {
        var before = Before with { Group = Before.Group!.TrimEnd('\n'), Gshadow = null };
        var merged = AccountSet.Of(AccountSet.Merge(before, before with { Group = before.Group + "\ncli:x:1100:" }, before with { Group = before.Group + "\nups:x:1200:" }));
        Assert.EndsWith("bob:x:1001:\nups:x:1200:\ncli:x:1100:", merged.Group, StringComparison.Ordinal);
    }

    private static AccountSet Merged(AccountSet client, AccountSet upstream)
    {
        var result = AccountSet.Merge(Before, client, upstream);
        Assert.True(result.IsMerged, AccountSet.Of(result).ToString());
        return AccountSet.Of(result);
    }

    private static ImmutableArray<RecordDispute> Disputes(AccountSet client, AccountSet upstream, AccountFile file) => AccountSet.Disputes(AccountSet.Merge(Before, client, upstream), file);

    private static AccountSet Replace(AccountSet set, AccountFile file, string old, string now)
    {
        Assert.Contains(old, set[file], StringComparison.Ordinal);
        return set.With(file, set[file]!.Replace(old, now, StringComparison.Ordinal));
    }
}
