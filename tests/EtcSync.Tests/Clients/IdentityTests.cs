using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Clients;

public sealed class IdentityTests
{
    [Fact]
    public void Generate_givesEveryClientKeysOfItsOwnThatBelongTogether()
    {
        using var cluster = WithHostKeys("generate", "one", "two");
        foreach (var outcome in cluster.Sync()) Assert.True(outcome.FannedOut, outcome.Reason);
        foreach (var client in (string[])["one", "two"])
        {
            cluster.AssertSettled(client, OutcomeKind.Unchanged);
            Assert.Equal("600 0:0", cluster.Attributes(client, "ssh/ssh_host_ed25519_key"));
            Assert.Equal("644 0:0", cluster.Attributes(client, "ssh/ssh_host_ed25519_key.pub"));
            var derived = Tool.Run("ssh-keygen", "-y", "-f", cluster.ClientPath(client, "ssh/ssh_host_ed25519_key")).Trim();
            Assert.StartsWith(derived.Split(' ')[1], cluster.Read(client, "ssh/ssh_host_ed25519_key.pub").Split(' ')[1], StringComparison.Ordinal);
            // Upstream's DSA key is nobody's secret, and is not made any more.
            Assert.False(cluster.Exists(client, "ssh/ssh_host_dsa_key"));
            Assert.Equal("Port 22\nPermitRootLogin no\n", cluster.Read(client, "ssh/sshd_config"));
        }

        Assert.NotEqual(cluster.Read("one", "ssh/ssh_host_ed25519_key"), cluster.Read("two", "ssh/ssh_host_ed25519_key"));
        Assert.NotEqual(File.ReadAllText(cluster.UpstreamPath("ssh/ssh_host_ed25519_key")), cluster.Read("one", "ssh/ssh_host_ed25519_key"));
    }

    [Fact]
    public void Remove_leavesTheKeysToTheFirstBoot()
    {
        using var cluster = WithHostKeys("remove", "one");
        cluster.SyncWell();
        Assert.False(cluster.Exists("one", "ssh/ssh_host_ed25519_key"));
        Assert.DoesNotContain("ssh_host", cluster.Read("one", ".etckeeper"), StringComparison.Ordinal);
        // What the first boot makes is the client's own, and upstream does not touch it.
        cluster.Shell("one", "echo new >ssh/ssh_host_ed25519_key; chmod 600 ssh/ssh_host_ed25519_key");
        cluster.SyncWell();
        cluster.UpstreamShell("echo other >ssh/ssh_host_ed25519_key");
        cluster.Commit("other key");
        cluster.SyncWell();
        Assert.Equal("new\n", cluster.Read("one", "ssh/ssh_host_ed25519_key"));
    }

    [Fact]
    public void Keep_leavesUpstreamsKeys()
    {
        using var cluster = WithHostKeys("keep", "one");
        cluster.SyncWell();
        Assert.Equal(File.ReadAllText(cluster.UpstreamPath("ssh/ssh_host_ed25519_key")), cluster.Read("one", "ssh/ssh_host_ed25519_key"));
        Assert.Equal("600 0:0", cluster.Attributes("one", "ssh/ssh_host_ed25519_key"));
    }

    [Fact]
    public void RebuiltClone_hasTheIdentityItHadBefore()
    {
        using var cluster = WithHostKeys("generate", "one");
        cluster.SyncWell();
        var before = (cluster.Read("one", "machine-id"), cluster.Read("one", "ssh/ssh_host_ed25519_key"), cluster.Read("one", "ssh/ssh_host_ed25519_key.pub"));
        Directory.Delete(cluster.ClientPath("one"), recursive: true);
        Directory.Delete(cluster.GitDirectory("one"), recursive: true);
        Assert.True(cluster.SyncWell().FannedOut);
        Assert.Equal(before, (cluster.Read("one", "machine-id"), cluster.Read("one", "ssh/ssh_host_ed25519_key"), cluster.Read("one", "ssh/ssh_host_ed25519_key.pub")));
        var identity = cluster.Workspace.State.Identity(ClientName.Parse("one"));
        Assert.Equal("700", Tool.Run("stat", "-c", "%a", identity).Trim());
        Assert.All(Directory.EnumerateFiles(identity, "ssh_host_*_key"), file => Assert.Equal("600", Tool.Run("stat", "-c", "%a", file).Trim()));
    }

    [Fact]
    public void IgnoredMachineId_isWrittenAndNotCommitted()
    {
        using var cluster = new Cluster(["one", "two"], firstCommit: c => c.UpstreamShell("echo machine-id >>.gitignore"));
        cluster.Sync();
        cluster.AssertSettled("one", OutcomeKind.Unchanged);
        Assert.Matches("^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}\n$", cluster.Read("one", "machine-id"));
        Assert.Equal("444 0:0", cluster.Attributes("one", "machine-id"));
        Assert.NotEqual(cluster.Read("one", "machine-id"), cluster.Read("two", "machine-id"));
        Assert.Equal("", cluster.GitOf("one", "ls-files", "machine-id"));
        var before = cluster.Read("one", "machine-id");
        Directory.Delete(cluster.ClientPath("one"), recursive: true);
        cluster.SyncWell(request: new() { Drift = EtcSync.Core.Drift.DriftAnswer.Accept });
        Assert.Equal(before, cluster.Read("one", "machine-id"));
    }

    [Fact]
    public void MachineIdThatIsALinkUpstream_becomesAFileOfTheClients()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.UpstreamShell("rm machine-id; ln -s /var/lib/dbus/machine-id machine-id"));
        cluster.SyncWell();
        Assert.Null(new FileInfo(cluster.ClientPath("one", "machine-id")).LinkTarget);
        Assert.Equal("444 0:0", cluster.Attributes("one", "machine-id"));
    }

    [Fact]
    public void Mode_that_upstream_gives_a_file_of_the_identity_is_no_drift()
    {
        using var cluster = new Cluster(["one"], firstCommit: c => c.Put("hostname", "server\n", 0x1ED));
        cluster.SyncWell();

        Assert.Equal("755 0:0", cluster.Attributes("one", "hostname"));
        cluster.Shell("one", "echo mine >motd");
        cluster.SyncWell();
        Assert.DoesNotContain("hostname", cluster.GitOf("one", "log", "-1", "--format=%B"), StringComparison.Ordinal);
    }

    private static Cluster WithHostKeys(string policy, params string[] clients) => new(clients, $"identity:\n  ssh-host-keys: {policy}\n", firstCommit: cluster =>
    {
        Tool.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "root@upstream", "-f", cluster.UpstreamPath("ssh/ssh_host_ed25519_key"));
        cluster.Put("ssh/ssh_host_dsa_key", "old\n", 0x180);
        cluster.Put("ssh/ssh_host_dsa_key.pub", "old\n");
    });
}
