using EtcSync.Core.Applying;
using EtcSync.Core.Checks;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Tests.Trees;

namespace EtcSync.Core.Tests.Checks;

public sealed class CheckedTreeTests
{
    private const string Key = "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n";

    private static readonly CheckCommand Check = new("visudo", ["-c"]);

    private readonly ObjectOverlay _objects = MemoryTrees.Objects();

    [Fact]
    public void Everything_isThere_directoriesBeforeWhatIsInThem_withTheirModes()
    {
        var metadata = EtckeeperFile.Of([new("sudoers", 0x120), new("cron.d", 0x1C0)], ["cron.d/empty"], EtckeeperSpelling.DotSlash);
        var entries = CheckedTree.Of(_objects, new(_objects.Tree(("sudoers", "x"), ("sudoers.d/a", "y"), (".etckeeper", "z")), metadata), _ => PathPolicy.Default, Check).Entries;
        Assert.Equal(["sudoers", "sudoers.d", "sudoers.d/a", "cron.d", "cron.d/empty"], entries.Select(entry => entry.Path));
        Assert.Equal((0x120, 0x1C0), (entries[0].Permissions, entries[3].Permissions));
        Assert.Equal("y", _objects.TextOf(new(EntryMode.File, entries[2].Id)));
    }

    [Fact]
    public void SecretsAndIdentity_areWithheld_andPrivateKeysReplaced()
    {
        var tree = Of(("shadow", "root:x"), ("hostname", "one"), ("ssl/private/a.key", Key), ("ssh/ssh_host_rsa_key", Key), ("ssh/ssh_host_rsa_key.pub", "ssh-rsa"));
        Assert.All(["shadow", "hostname"], path => Assert.Equal(CheckedContent.Nothing, Entry(tree, path).Content));
        Assert.All(["ssl/private/a.key", "ssh/ssh_host_rsa_key"], path => Assert.Equal(CheckedContent.ThrowawayKey, Entry(tree, path).Content));
        Assert.DoesNotContain(tree.Entries, entry => entry.Path.EndsWith(".pub", StringComparison.Ordinal) || (!entry.Id.IsZero && entry.Path == "shadow"));
        Assert.False(tree.ShowsSecrets);
    }

    [Fact]
    public void HostKeysThatUpstreamDoesNotTrack_areThereAllTheSame_whereSshIs()
    {
        Assert.Equal(["ssh/ssh_host_ecdsa_key", "ssh/ssh_host_ed25519_key", "ssh/ssh_host_rsa_key"],
            Of(("ssh/sshd_config", "Port 22")).Entries.Where(entry => entry.Content == CheckedContent.ThrowawayKey).Select(entry => entry.Path));
        Assert.DoesNotContain(Of(("motd", "x")).Entries, entry => entry.Content == CheckedContent.ThrowawayKey);
    }

    [Fact]
    public void SecretThatIsCheckedItself_isShown_andThatIsKnown()
    {
        var tree = CheckedTree.Of(_objects, new(_objects.Tree(("vpn.conf", "password")), EtckeeperFile.Empty), _ => new() { Secret = true, Check = Check }, Check);
        Assert.Equal(CheckedContent.Merged, Entry(tree, "vpn.conf").Content);
        Assert.True(tree.ShowsSecrets);
    }

    [Fact]
    public void Digest_isTheSameForClientsThatDifferInWhatIsWithheld_andAnotherOtherwise()
    {
        var one = Of(("hostname", "one"), ("shadow", "a"), ("motd", "x"));
        Assert.Equal(one.Digest, Of(("hostname", "two"), ("shadow", "b"), ("motd", "x")).Digest);
        Assert.NotEqual(one.Digest, Of(("hostname", "one"), ("shadow", "a"), ("motd", "y")).Digest);
        Assert.NotEqual(one.Digest, Of(("hostname", "one"), ("shadow", "a"), ("motd", "x"), ("more", "")).Digest);
    }

    private static CheckedEntry Entry(CheckedTree tree, string path) => Assert.Single(tree.Entries, entry => entry.Path == path);

    private static PathPolicy Policy(RepoPath path) => new()
    {
        Secret = path.Value == "shadow" || path.Name.EndsWith("key", StringComparison.Ordinal),
        Class = path.Value == "hostname" || path.Name.StartsWith("ssh_host_", StringComparison.Ordinal) ? PathClass.Client : PathClass.Merge,
    };

    private CheckedTree Of(params (string Path, string Content)[] files) => CheckedTree.Of(_objects, new AttributedTree(_objects.Tree(files), EtckeeperFile.Empty), Policy, Check);
}
