using System.Text;
using EtcSync.Core.Adoption;
using EtcSync.Core.Git;

namespace EtcSync.Core.Tests.Adoption;

public sealed class AdoptedHistoryTests
{
    private const string Id = "0123456789abcdef0123456789abcdef01234567";

    [Theory]
    [InlineData("refs/heads/master", true)]
    [InlineData("refs/heads/feature/x-1.2", true)]
    [InlineData("refs/stash", true)]
    [InlineData("refs/remotes/origin/master", false)]
    [InlineData("refs/heads/../../x", false)]
    [InlineData("refs/heads/-x", false)]
    [InlineData("refs/heads/x.lock", false)]
    [InlineData("refs/heads/x\n", false)]
    [InlineData("refs/heads/a b", false)]
    [InlineData("refs/heads//x", false)]
    [InlineData("refs/heads/x:y", false)]
    [InlineData("refs/heads", false)]
    [InlineData("refs/tags", false)]
    [InlineData("refs/stash/x", false)]
    public void IsName_of_a_reference(string name, bool expected) => Assert.Equal(expected, AdoptedHistory.IsName(name));

    [Fact]
    public void ReadStashes_of_a_log_that_has_very_many_gives_the_newest()
    {
        var log = string.Concat(Enumerable.Range(0, 5_000).Select(number => $"{new string('0', 40)} {number:x40} x <x@x> 1700000000 +0000\ts\n"));

        var stashes = AdoptedHistory.ReadStashes(Encoding.ASCII.GetBytes(log));

        Assert.Equal(200, stashes.Length);
        Assert.Equal(4_999.ToString("x40", System.Globalization.CultureInfo.InvariantCulture), stashes[^1].ToString());
    }

    [Fact]
    public void ReadHead_of_a_branch_gives_its_name() => Assert.Equal(("refs/heads/master", null), AdoptedHistory.ReadHead("ref: refs/heads/master\n"u8));

    [Fact]
    public void ReadHead_of_no_branch_gives_the_commit() => Assert.Equal((null, ObjectId.Parse(Id)), AdoptedHistory.ReadHead(Encoding.ASCII.GetBytes(Id + "\n")));

    [Theory]
    [InlineData("ref: ../../etc/shadow")]
    [InlineData("ref: HEAD")]
    [InlineData("")]
    public void ReadHead_of_anything_else_gives_nothing(string text) => Assert.Equal((null, null), AdoptedHistory.ReadHead(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void ReadPacked_leaves_out_what_cannot_be_taken() =>
        Assert.Equal(["refs/heads/a"], AdoptedHistory.ReadPacked(Encoding.ASCII.GetBytes($"# pack-refs with: peeled\n{Id} refs/heads/a\n^{Id}\n{Id} refs/heads/../x\n{Id} refs/remotes/origin/a\n")).Select(name => name.Name));

    [Fact]
    public void ReadStashes_gives_each_once() =>
        Assert.Single(AdoptedHistory.ReadStashes(Encoding.ASCII.GetBytes($"{new string('0', 40)} {Id} root <r@h> 1 +0000\tWIP\n{Id} {Id} root <r@h> 1 +0000\tWIP\nnonsense\n")));

    [Fact]
    public void HasUnmergedPaths_of_a_plain_index_is_false() => Assert.False(AdoptedHistory.HasUnmergedPaths(GitIndex.Empty.ToBytes()));

    [Fact]
    public void HasUnmergedPaths_of_bytes_that_are_none_is_unknown() => Assert.Null(AdoptedHistory.HasUnmergedPaths("nonsense"u8));
}
