using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

/// <summary>What the server has to give its clients follows them: in a sandbox, whose files are written like the machine's.</summary>
public sealed class ClientServedTests
{
    private const string Settings = "server:\n  address: 192.168.9.1\n  interface: eth0\n  network: 192.168.9.0/24\n";
    private const string Exports = "etc/exports.d/etcsync.exports";

    [Fact]
    public void Added_client_is_served_at_once_and_its_lines_are_shown()
    {
        using var cluster = Served("pc01");

        var answer = cluster.Cli("client", "add", "pc02", "--mac", "02:00:00:00:00:77", "--ip", "192.168.9.20");

        Assert.Contains("/srv/etc-pc02\t192.168.9.20(", Text(cluster, Exports), StringComparison.Ordinal);
        Assert.Contains("/srv/etc-pc02 192.168.9.20(", answer.Out, StringComparison.Ordinal);
        Assert.Contains("02:00:00:00:00:77", Everything(cluster), StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_address_is_exported_beside_the_old_one_until_the_client_has_booted()
    {
        using var cluster = Served("pc01");

        var answer = cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.30");

        // Whoever is given the address can mount.
        Assert.InRange(answer.Out.IndexOf("etcsync.exports", StringComparison.Ordinal), 0, answer.Out.IndexOf("reservations", StringComparison.Ordinal));

        Assert.Contains("192.168.9.10(", Text(cluster, Exports), StringComparison.Ordinal);
        Assert.Contains("192.168.9.30(", Text(cluster, Exports), StringComparison.Ordinal);
        cluster.Cli("client", "booted", "pc01");
        Assert.DoesNotContain("192.168.9.10", Everything(cluster), StringComparison.Ordinal);
    }

    [Fact]
    public void Renamed_client_is_exported_where_it_is_now_and_answers_to_both_names()
    {
        using var cluster = Served("pc01");

        cluster.Cli("client", "rename", "pc01", "desk");

        Assert.Contains("/srv/etc-desk\t192.168.9.10(", Text(cluster, Exports), StringComparison.Ordinal);
        Assert.DoesNotContain("/srv/etc-pc01", Text(cluster, Exports), StringComparison.Ordinal);
        Assert.Contains("pc01", Everything(cluster), StringComparison.Ordinal);
        cluster.Cli("client", "booted", "desk");
        Assert.DoesNotContain("pc01", Everything(cluster), StringComparison.Ordinal);
    }

    [Fact]
    public void Removed_client_leaves_no_trace()
    {
        using var cluster = Served("pc01");

        Assert.NotEqual(1, cluster.Cli("client", "remove", "pc01", "--yes", "--delete-clone").Code);

        var left = Everything(cluster);
        Assert.All((string[])["pc01", "192.168.9.10", "02:00:00:00:00:00", "02-00-00-00-00-00"], trace => Assert.DoesNotContain(trace, left, StringComparison.Ordinal));
        Assert.False(Directory.Exists(cluster.ClientPath("pc01")));
    }

    [Fact]
    public void Who_never_had_the_server_s_files_written_is_told_how()
    {
        using var cluster = new Cluster(["pc01"], Settings);

        Assert.Contains("server apply", cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.10").Out, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(cluster.Root, Exports)));
    }

    // Another client stays, so that nothing goes with the last one.
    private static Cluster Served(string name)
    {
        var cluster = new Cluster([name, "other"], Settings);
        Directory.CreateDirectory(Path.Combine(cluster.Root, "srv/root/boot"));
        foreach (var file in (string[])["vmlinuz-linux", "initramfs-linux.img", "initramfs-linux-fallback.img"]) File.WriteAllText(Path.Combine(cluster.Root, "srv/root/boot", file), file);
        cluster.Cli("client", "set", name, "--ip", "192.168.9.10");
        cluster.Cli("client", "set", "other", "--ip", "192.168.9.11");
        cluster.Cli("client", "booted", name);
        cluster.Cli("sync");
        var applied = cluster.Cli("server", "apply", "--yes");
        Assert.True(File.Exists(Path.Combine(cluster.Root, Exports)), applied.Out + applied.Error);
        return cluster;
    }

    private static string Text(Cluster cluster, string file) => File.ReadAllText(Path.Combine(cluster.Root, file));

    // Every file that is served, with its name.
    private static string Everything(Cluster cluster) => string.Join('\n', ((string[])["etc/exports.d", "etc/dnsmasq.d", "var/lib/etcsync-dnsmasq", "etc/etcsync-dnsmasq", "srv/root/boot"])
        .Select(directory => Path.Combine(cluster.Root, directory)).Where(Directory.Exists)
        .SelectMany(directory => Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)).Where(file => new FileInfo(file).LinkTarget is null).Select(file => $"{file}: {File.ReadAllText(file)}"));
}
