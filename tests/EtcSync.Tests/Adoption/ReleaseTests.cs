using EtcSync.FileSystem;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Adoption;

public sealed class ReleaseTests
{
    [Fact]
    public void Release_of_all_gives_clones_in_which_plain_git_pull_works()
    {
        using var cluster = new GuideCluster();
        InOrder(cluster.Run("adopt", "--apply"));
        File.WriteAllText(cluster.Clone(2, "motd"), "client2's own\n");

        InOrder(cluster.Run("release", "--all", "--apply"));

        cluster.Commit("conf.d/00.conf", "rolled out by hand\n");
        for (var i = 0; i < GuideCluster.Clients; i++)
        {
            Assert.Equal("", Tool.Git(cluster.Clone(i), "status", "--porcelain"));
            Assert.False(File.Exists(cluster.Clone(i, ".git/objects/info/alternates")));
            Assert.Equal("master", Tool.Git(cluster.Clone(i), "branch", "--show-current").Trim());
            Tool.Run("git", "-C", cluster.Clone(i), "pull", "-q");
            Assert.Equal("rolled out by hand\n", cluster.Read(i, "conf.d/00.conf"));
            Assert.Equal("", Tool.Git(cluster.Clone(i), "fsck", "--no-dangling"));
        }

        Assert.Equal("client2's own\n", cluster.Read(2, "motd"));
    }

    [Fact]
    public void Release_of_all_leaves_files_that_say_the_same()
    {
        using var cluster = new GuideCluster();
        InOrder(cluster.Run("adopt", "--apply"));
        var exports = File.ReadAllText(cluster.Etc("exports.d/etcsync.exports"));

        InOrder(cluster.Run("release", "--all", "--apply"));

        var released = File.ReadAllText(cluster.Etc("exports.d/etcsync.exports"));
        Assert.Equal(exports[exports.IndexOf('\n', StringComparison.Ordinal)..], released[released.IndexOf('\n', StringComparison.Ordinal)..]);
        Assert.Contains("left it to you", released, StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN EtcSync", File.ReadAllText(cluster.Etc("hosts")) + File.ReadAllText(cluster.Etc("dnsmasq.conf")), StringComparison.Ordinal);
        Assert.DoesNotContain("client0", File.ReadAllText(cluster.Etc("etcsync/inventory.yaml")), StringComparison.Ordinal);
        InOrder(cluster.Run("server", "plan"));
    }

    [Fact]
    public async Task Release_waits_for_whoever_changes_the_servers_files()
    {
        using var cluster = new GuideCluster();
        InOrder(cluster.Run("adopt", "--apply"));
        var held = ((LockOutcome.Acquired)LockFile.TryAcquire(Path.Combine(cluster.Root, "var/lib/etcsync/server/server.lock"), "a test")).Lock;

        var release = Task.Run(() => cluster.Run("release", "--all", "--apply"));
        while (!File.ReadAllText(cluster.Etc("etcsync/etcsync.yaml")).Contains("manage: false", StringComparison.Ordinal)) await Task.Delay(20);
        await Task.Delay(300);
        var whileHeld = File.ReadAllText(cluster.Etc("exports.d/etcsync.exports"));
        held.Dispose();

        InOrder(await release);
        Assert.DoesNotContain("left it to you", whileHeld, StringComparison.Ordinal);
        Assert.Contains("left it to you", File.ReadAllText(cluster.Etc("exports.d/etcsync.exports")), StringComparison.Ordinal);
    }

    [Fact]
    public void Release_of_one_client_leaves_its_entries_to_the_hand_written_files()
    {
        using var cluster = new GuideCluster();
        InOrder(cluster.Run("adopt", "--apply"));

        InOrder(cluster.Run("release", "client3", "--apply"));

        Assert.Contains("/srv/etc-client3\t192.168.78.53(rw,", File.ReadAllText(cluster.Etc("exports")), StringComparison.Ordinal);
        Assert.DoesNotContain("client3", File.ReadAllText(cluster.Etc("exports.d/etcsync.exports")), StringComparison.Ordinal);
        Assert.Contains("client4", File.ReadAllText(cluster.Etc("exports.d/etcsync.exports")), StringComparison.Ordinal);
        Assert.True(Directory.Exists(cluster.Clone(3, ".git")));
        Assert.False(Path.Exists(cluster.Clone(4, ".git")));
        Assert.Contains("dhcp-host=00:e0:66:59:89:72,id:*,192.168.78.53,\"client3\",12h,set:etcsync\n", File.ReadAllText(cluster.Etc("dnsmasq.conf")), StringComparison.Ordinal);
        Assert.Contains("192.168.78.53\tclient3", File.ReadAllText(cluster.Etc("hosts")), StringComparison.Ordinal);
        Assert.Equal("", Tool.Git(cluster.Clone(3), "status", "--porcelain"));
        InOrder(cluster.Run("sync"));
    }

    [Fact]
    public void Release_gives_branches_and_stashes_back()
    {
        using var cluster = new GuideCluster();
        Tool.Git(cluster.Clone(0), "branch", "try");
        foreach (var stash in (string[])["first", "second"])
        {
            File.WriteAllText(cluster.Clone(0, "motd"), stash);
            Tool.Git(cluster.Clone(0), "stash", "push", "-q", "-m", stash);
        }

        InOrder(cluster.Run("adopt", "--apply"));

        InOrder(cluster.Run("release", "client0", "--apply"));

        Assert.Contains("try", Tool.Git(cluster.Clone(0), "branch"), StringComparison.Ordinal);
        Assert.Equal(["stash@{0}: On master: second", "stash@{1}: On master: first"], Tool.Git(cluster.Clone(0), "stash", "list").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("first", Tool.Git(cluster.Clone(0), "stash", "show", "-p", "stash@{1}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Release_without_apply_writes_nothing()
    {
        using var cluster = new GuideCluster();
        InOrder(cluster.Run("adopt", "--apply"));
        var before = cluster.Snapshot();

        Assert.Contains("--apply", cluster.Run("release", "--all").Out, StringComparison.Ordinal);
        Assert.Equal(before, cluster.Snapshot());
    }

    [Theory]
    [InlineData]
    [InlineData("client0", "--all")]
    [InlineData("nobody")]
    public void Release_of_nobody_or_of_too_many_is_refused(params string[] arguments)
    {
        using var cluster = new GuideCluster();
        InOrder(cluster.Run("adopt", "--apply"));

        Assert.Equal(1, cluster.Run(["release", .. arguments, "--apply"]).Code);
    }

    [Fact]
    public void Adopt_after_release_takes_everything_over_again()
    {
        using var cluster = new GuideCluster();
        InOrder(cluster.Run("adopt", "--apply"));
        InOrder(cluster.Run("release", "client3", "--apply"));

        InOrder(cluster.Run("adopt", "--apply"));

        Assert.Contains("client3", File.ReadAllText(cluster.Etc("exports.d/etcsync.exports")), StringComparison.Ordinal);
        Assert.DoesNotContain("groups", File.ReadAllText(cluster.Etc("etcsync/inventory.yaml")).Split("version: 1")[1], StringComparison.Ordinal);
        Assert.DoesNotContain("client3", File.ReadAllText(cluster.Etc("dnsmasq.conf")) + File.ReadAllText(cluster.Etc("exports")), StringComparison.Ordinal);
        Assert.False(Path.Exists(cluster.Clone(3, ".git")));
    }

    [Fact]
    public void Release_of_what_was_never_adopted_gives_upstreams_branch()
    {
        using var cluster = new Cluster(["pc01"]);
        cluster.SyncOne();

        CommandLine.InOrder(cluster, "release", "pc01", "--apply");

        Assert.Equal("master", Tool.Git(cluster.ClientPath("pc01"), "branch", "--show-current").Trim());
        cluster.Put("motd", "new\n");
        cluster.Commit("later");
        Tool.Run("git", "-C", cluster.ClientPath("pc01"), "pull", "-q");
        Assert.Equal("new\n", cluster.Read("pc01", "motd"));
    }

    private static void InOrder(CommandOutput output) => Assert.True(output.Code == 0, $"{output.Code}:\n{output.Error}{output.Out}");
}
