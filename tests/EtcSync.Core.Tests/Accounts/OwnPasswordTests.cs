using System.Text;
using EtcSync.Core.Accounts;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Tests.Trees;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Tests.Accounts;

public sealed class OwnPasswordTests
{
    private readonly ObjectOverlay _objects = MemoryTrees.Objects();

    [Fact]
    public void Passwords_that_differ_are_named() => Assert.Equal(["man", "root"], Between("root:A:1::::::\nman:B:1::::::\nbin:*:1::::::\n", "root:C:1::::::\nbin:*:1::::::\nman:D:1::::::\n"));

    [Fact]
    public void Other_fields_are_no_passwords() => Assert.Empty(Between("root:A:1::::::\n", "root:A:2:0:9::::\n"));

    [Fact]
    public void Account_that_only_one_side_has_has_no_other_password() => Assert.Empty(Between("root:A:1::::::\nown:B:1::::::\n", "root:A:1::::::\nnew:C:1::::::\n"));

    [Fact]
    public void Records_that_are_none_are_passed_over() => Assert.Equal(["root"], Between("\n#x\nroot:A\n:B:\n", "root:C\nroot:A\n\n"));

    [Fact]
    public void Passwords_of_groups_are_said_to_be_such() => Assert.Equal(["the group wheel"], Between("wheel:A::\n", "wheel:B::\n", "gshadow"));

    [Fact]
    public void Client_without_the_file_keeps_none() => Assert.Empty(OwnPassword.Between(_objects, ObjectId.EmptyTree, Tree("shadow", "root:A:\n")));

    private IEnumerable<string> Between(string client, string upstream, string file = "shadow") => OwnPassword.Between(_objects, Tree(file, client), Tree(file, upstream)).Select(one => one.ToString());

    private ObjectId Tree(string file, string content) =>
        TreeEdit.Apply(_objects, ObjectId.EmptyTree, new Dictionary<RepoPath, FileVersion> { [RepoPath.Parse(file)] = new(EntryMode.File, _objects.AddBlob(Encoding.UTF8.GetBytes(content))) }, new List<RepoPath>());
}
