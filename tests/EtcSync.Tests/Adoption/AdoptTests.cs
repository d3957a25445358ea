using System.Text.Json;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Adoption;

public sealed class AdoptTests
{
    [Fact]
    public void Adopt_that_was_killed_after_it_had_edited_the_hand_written_files_is_finished_by_the_next()
    {
        using var cluster = new GuideCluster();
        cluster.Run("adopt", "--apply");
        var exports = File.ReadAllText(cluster.Etc("exports.d/etcsync.exports"));
        // As it is between the two: ours are not written, and theirs are without what moved.
        File.Delete(cluster.Etc("exports.d/etcsync.exports"));
        File.Delete(Path.Combine(cluster.Root, "var/lib/etcsync/server/installed.json"));

        cluster.Run("adopt", "--apply");

        Assert.Equal(exports, File.ReadAllText(cluster.Etc("exports.d/etcsync.exports")));
    }

    [Theory]
    [InlineData("exports")]
    [InlineData("hosts")]
    [InlineData("dnsmasq.conf")]
    public void Adopt_that_cannot_write_one_of_the_hand_written_files_leaves_all_as_they_were(string blocked)
    {
        using var cluster = new GuideCluster();
        var open = Directory.CreateDirectory(Path.Combine(cluster.Root, "open")).FullName;
        File.Move(cluster.Etc(blocked), Path.Combine(open, blocked));
        File.CreateSymbolicLink(cluster.Etc(blocked), Path.Combine(open, blocked));
        File.SetUnixFileMode(open, (UnixFileMode)0x1FF);
        string[] files = ["exports", "hosts", "dnsmasq.conf"];
        var before = files.Select(file => File.ReadAllText(cluster.Etc(file))).ToList();

        var adopt = cluster.Run("adopt", "--apply");

        Assert.Equal(1, adopt.Code);
        Assert.Contains("The hand-written files are as they were", adopt.Error, StringComparison.Ordinal);
        Assert.Equal(before, files.Select(file => File.ReadAllText(cluster.Etc(file))));
        File.SetUnixFileMode(open, (UnixFileMode)0x1ED);
        InOrder(cluster.Run("adopt", "--apply"));
        Assert.DoesNotContain("client", string.Concat(File.ReadAllText(cluster.Etc("exports")), File.ReadAllText(cluster.Etc("dnsmasq.conf"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Adopt_without_apply_shows_everything_and_writes_nothing()
    {
        using var cluster = new GuideCluster();
        var before = cluster.Snapshot();

        var shown = cluster.Run("adopt");

        Assert.Equal(before, cluster.Snapshot());
        Assert.Equal(0, shown.Code);
        foreach (var expected in (string[])
        [
            "client5", "192.168.78.55", "00:e0:66:59:8a:2d", "server.address: ", "all of 192.168.78.0/24", "It is exported to 192.168.78.50 alone.", "lost mode or owner", "shadow (0644, was 0640 root:shadow)",
            "ld.so.cache", "hard links", "client0:machine-id: shared with upstream", "client0:ssh_host_ed25519_key", "intel-ucode.img", "-/srv/etc-client0", "adopt --apply",
        ])
        {
            Assert.Contains(expected, shown.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Adopt_moves_entries_and_keeps_the_originals()
    {
        using var cluster = new GuideCluster();
        var exports = File.ReadAllText(cluster.Etc("exports"));

        InOrder(cluster.Run("adopt", "--apply"));

        Assert.DoesNotContain("/srv/", File.ReadAllText(cluster.Etc("exports")), StringComparison.Ordinal);
        Assert.Equal(exports, File.ReadAllText(cluster.Etc("exports.before-etcsync")));
        Assert.True(File.Exists(cluster.Etc("dnsmasq.conf.before-etcsync")));
        Assert.True(File.Exists(cluster.Etc("hosts.before-etcsync")));
        Assert.True(File.Exists(cluster.Boot("pxelinux.cfg/default.before-etcsync")));
        var ours = File.ReadAllText(cluster.Etc("exports.d/etcsync.exports"));
        Assert.Contains("/srv/root\t192.168.78.0/24(ro,", ours, StringComparison.Ordinal);
        for (var i = 0; i < GuideCluster.Clients; i++) Assert.Contains($"/srv/etc-client{i}\t192.168.78.5{i}(rw,", ours, StringComparison.Ordinal);
        Assert.Contains("00:e0:66:59:8a:2d", File.ReadAllText(Path.Combine(cluster.Root, "var/lib/etcsync-dnsmasq/reservations")), StringComparison.Ordinal);
        Assert.Contains("dhcp-range=set:etcsync-network,192.168.78.50,192.168.78.150,255.255.255.0,12h", File.ReadAllText(cluster.Etc("dnsmasq.d/etcsync.conf")), StringComparison.Ordinal);
        Assert.Contains("conf-file=/etc/dnsmasq.d/etcsync.conf", File.ReadAllText(cluster.Etc("dnsmasq.conf")), StringComparison.Ordinal);
        var boot = File.ReadAllText(cluster.Boot("pxelinux.cfg/default"));
        Assert.Contains("initramfs-linux-fallback.img", boot, StringComparison.Ordinal);
        Assert.Contains("elevator=deadline rootwait", boot, StringComparison.Ordinal);
        Assert.DoesNotContain("intel-ucode", boot, StringComparison.Ordinal);
    }

    [Fact]
    public void Adopt_repairs_every_fault_of_the_clones()
    {
        using var cluster = new GuideCluster();
        cluster.CommitOn(2, "motd", "client2's own\n");
        File.WriteAllText(cluster.Clone(3, "motd"), "in no commit\n");

        InOrder(cluster.Run("adopt", "--apply"));

        var ids = Enumerable.Range(0, GuideCluster.Clients).Select(i => cluster.Read(i, "machine-id")).Append(File.ReadAllText(Path.Combine(cluster.Upstream, "machine-id"))).ToList();
        Assert.Equal(GuideCluster.Clients + 1, ids.Distinct().Count());
        var keys = Enumerable.Range(0, GuideCluster.Clients).Select(i => cluster.Read(i, "ssh/ssh_host_ed25519_key")).ToList();
        Assert.Equal(GuideCluster.Clients, keys.Distinct().Count());
        for (var i = 0; i < GuideCluster.Clients; i++)
        {
            Assert.False(Path.Exists(cluster.Clone(i, ".git")));
            Assert.Equal("640 0:42", cluster.Attributes(i, "shadow"));
            Assert.Equal("600 0:0", cluster.Attributes(i, "ssh/ssh_host_ed25519_key"));
            Assert.True(Directory.Exists(cluster.Clone(i, "opt")));
            Assert.Equal("the linker's cache", cluster.Read(i, "ld.so.cache"));
            Assert.Equal("hardware", cluster.Read(i, "udev/hwdb.bin"));
            Assert.Equal("../proc/self/mounts", new FileInfo(cluster.Clone(i, "mtab")).LinkTarget);
        }

        Assert.Equal("client2's own\n", cluster.Read(2, "motd"));
        Assert.Equal("in no commit\n", cluster.Run("git", "client3", "--", "show", "HEAD:motd").Code == 0 ? cluster.Read(3, "motd") : "");
        InOrder(cluster.Run("sync"));
        InOrder(cluster.Run("status"));
    }

    [Fact]
    public void Adopt_leaves_the_doctor_nothing_to_say_but_what_a_person_has_to_accept()
    {
        using var cluster = new GuideCluster();
        InOrder(cluster.Run("adopt", "--apply"));

        var doctor = cluster.Run("doctor");

        var troubles = doctor.Out.Split('\n').Where(line => line.StartsWith("trouble", StringComparison.Ordinal)).ToList();
        Assert.All(troubles, trouble => Assert.StartsWith("trouble  exposed: ", trouble, StringComparison.Ordinal));
        InOrder(cluster.Run("doctor", "--acknowledge", "exposed-history"));
        InOrder(cluster.Run("doctor"));
        Assert.Contains("client0, client1, client2, client3, client4, client5: ", doctor.Out, StringComparison.Ordinal);
        foreach (var part in (string[])["configuration", "dnsmasq", "boot", "exports", "clones", "identities", "held"]) Assert.Contains($"ok       {part}: ", doctor.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Adopt_twice_changes_nothing()
    {
        using var cluster = new GuideCluster();
        InOrder(cluster.Run("adopt", "--apply"));
        var before = cluster.Snapshot();

        var again = cluster.Run("adopt", "--apply");

        InOrder(again);
        Assert.Contains("Nothing is left to adopt.", again.Out, StringComparison.Ordinal);
        Assert.Equal(before, cluster.Snapshot());
    }

    [Fact]
    public void Adopt_leaves_a_clone_in_an_unfinished_merge_with_all_its_entries_and_takes_it_later()
    {
        using var cluster = new GuideCluster();
        cluster.Disagree(4);
        var merging = cluster.Read(4, "motd");

        var adopted = cluster.Run("adopt", "--apply");

        Assert.Equal(2, adopted.Code);
        Assert.Contains("It stays so until the client is adopted.", adopted.Out, StringComparison.Ordinal);
        Assert.Equal(merging, cluster.Read(4, "motd"));
        Assert.True(Directory.Exists(cluster.Clone(4, ".git")));
        Assert.Contains("/srv/etc-client4\t192.168.78.54/24", File.ReadAllText(cluster.Etc("exports")), StringComparison.Ordinal);
        Assert.DoesNotContain("client4", File.ReadAllText(cluster.Etc("exports.d/etcsync.exports")), StringComparison.Ordinal);
        Assert.Contains("client4,192.168.78.54", File.ReadAllText(cluster.Etc("dnsmasq.conf")), StringComparison.Ordinal);
        Assert.Contains("client5", File.ReadAllText(cluster.Etc("exports.d/etcsync.exports")), StringComparison.Ordinal);

        Assert.Contains("Nothing more can be adopted before a person has settled what is said of client4.", cluster.Run("adopt").Out, StringComparison.Ordinal);

        Tool.Git(cluster.Clone(4), "merge", "--abort");
        InOrder(cluster.Run("adopt", "--apply"));
        Assert.Contains("/srv/etc-client4\t192.168.78.54(rw,", File.ReadAllText(cluster.Etc("exports.d/etcsync.exports")), StringComparison.Ordinal);
        Assert.DoesNotContain("client4", File.ReadAllText(cluster.Etc("exports")) + File.ReadAllText(cluster.Etc("dnsmasq.conf")) , StringComparison.Ordinal);
    }

    [Fact]
    public void Adopt_with_a_kept_identity_leaves_that_part_alone()
    {
        using var cluster = new GuideCluster();

        InOrder(cluster.Run("adopt", "--apply", "--keep-identity", "client1:ssh-host-keys", "--keep-identity", "client1:machine-id"));

        Assert.Equal("upstream's private key\n", cluster.Read(1, "ssh/ssh_host_ed25519_key"));
        Assert.Equal(File.ReadAllText(Path.Combine(cluster.Upstream, "machine-id")), cluster.Read(1, "machine-id"));
        Assert.NotEqual("upstream's private key\n", cluster.Read(2, "ssh/ssh_host_ed25519_key"));
    }

    [Theory]
    [InlineData("client1")]
    [InlineData("nobody:machine-id")]
    public void Adopt_with_an_identity_that_nobody_has_is_refused(string typed)
    {
        using var cluster = new GuideCluster();
        var before = cluster.Snapshot();

        Assert.Equal(1, cluster.Run("adopt", "--apply", "--keep-identity", typed).Code);
        Assert.Equal(before, cluster.Snapshot());
    }

    [Fact]
    public void Adopt_after_init_keeps_what_is_configured()
    {
        using var cluster = new GuideCluster();
        Directory.CreateDirectory(cluster.Etc("etcsync"));
        File.WriteAllText(cluster.Etc("etcsync/etcsync.yaml"), "version: 1\nupstream:\n  branch: master\nnames:\n  etc-hosts: false\n");
        File.WriteAllText(cluster.Etc("etcsync/inventory.yaml"), "version: 1\nclients:\n  - name: client0\n    mac: 00:e0:66:59:89:84\n    ip: 192.168.78.50\n    groups: [lab]\n");

        InOrder(cluster.Run("adopt", "--apply"));

        Assert.Contains("etc-hosts: false", File.ReadAllText(cluster.Etc("etcsync/etcsync.yaml")), StringComparison.Ordinal);
        Assert.Contains("groups: [lab]", File.ReadAllText(cluster.Etc("etcsync/inventory.yaml")), StringComparison.Ordinal);
        Assert.Contains("client5", File.ReadAllText(cluster.Etc("etcsync/inventory.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void Adopt_where_somebody_elses_file_is_in_the_way_writes_nothing()
    {
        using var cluster = new GuideCluster();
        Directory.CreateDirectory(cluster.Etc("exports.d"));
        File.WriteAllText(cluster.Etc("exports.d/etcsync.exports"), "/home *(rw)\n");
        var before = cluster.Snapshot();

        Assert.Equal(1, cluster.Run("adopt", "--apply").Code);
        Assert.Equal(before, cluster.Snapshot());
    }

    [Fact]
    public void Adopt_as_json_has_the_plan()
    {
        using var cluster = new GuideCluster();

        using var json = JsonDocument.Parse(cluster.Run("adopt", "--json").Out);

        Assert.False(json.RootElement.GetProperty("applied").GetBoolean());
        Assert.Equal(GuideCluster.Clients, json.RootElement.GetProperty("clients").GetArrayLength());
        Assert.Equal("adopt", json.RootElement.GetProperty("clients")[0].GetProperty("state").GetString());
    }

    private static void InOrder(CommandOutput output) => Assert.True(output.Code == 0, $"{output.Code}:\n{output.Error}{output.Out}");
}
