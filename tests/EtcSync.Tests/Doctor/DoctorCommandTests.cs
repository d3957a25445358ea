using System.Globalization;
using System.Text.RegularExpressions;
using EtcSync.Tests.Cli;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Doctor;

/// <summary>The doctor on clusters in sandboxes, with logs as dnsmasq writes them and tables as the kernel prints them.</summary>
public sealed partial class DoctorCommandTests
{
    private const string Domain = "192.168.78.0/24,192.168.78.50";

    [Fact]
    public void A_client_on_its_own_etc_is_up()
    {
        using var cluster = Make();
        Boot(cluster);
        Mounted(cluster, "/srv/root", "/srv/etc-pc01");

        var client = Assert.Single(cluster.Cli("doctor", "--json").Json.GetProperty("clients").EnumerateArray());

        Assert.Equal(("etc", "up", false), (client.GetProperty("rung").GetString(), client.GetProperty("verdict").GetString(), client.GetProperty("needsPerson").GetBoolean()));
    }

    [Fact]
    public void A_client_on_upstreams_etc_is_called_out()
    {
        using var cluster = Make();
        Boot(cluster);
        Mounted(cluster, "/srv/root");

        var answer = cluster.Cli("doctor", "pc01");

        Assert.Equal(2, answer.Code);
        Assert.Contains("pc01: It mounted the shared root and not its own /etc (/srv/etc-pc01): it is running on upstream's /etc", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_has_the_rung_in_a_column_and_calls_out_the_same()
    {
        using var cluster = Make();
        Boot(cluster);
        Mounted(cluster, "/srv/root");

        var answer = cluster.Cli("status");

        Assert.Matches(@"RUNG", answer.Out);
        Assert.Contains("root (on-upstream)", answer.Out, StringComparison.Ordinal);
        Assert.Contains("pc01: it runs on upstream's /etc", answer.Out, StringComparison.Ordinal);
        Assert.Equal("root", cluster.Cli("status", "--json").Json.GetProperty("clients")[0].GetProperty("rung").GetString());
    }

    [Fact]
    public void What_is_seen_and_not_named_by_anybody_is_shown_whole()
    {
        using var cluster = Make();
        Mounted(cluster);

        Assert.Equal(
            """
            ok       configuration: It is valid.
            trouble  exposed: Every machine in the clients' network can read upstream's whole history (/srv/root/etc/.git), with every secret that was ever committed: modes do not help, because root is not squashed. To hide it, move the repository out of the shared root and mount it back with 'mount --bind NEW-PLACE /srv/root/etc/.git' (and in /etc/fstab): NFS does not pass a mount point, unless the export has 'crossmnt' or 'nohide', so that clients see an empty directory, and etckeeper works as before. Or accept it.
                     'etcsync --root DIR doctor --acknowledge exposed-history' accepts it.

            CLIENT  RUNG  LAST SEEN
            pc01    unknown  -
            pc01: Nothing is known of it: no log of dnsmasq's was found: neither in a file that 'log-facility' names, nor in the journal, nor in /var/log.

            A person is needed.

            """,
            Normal(cluster, WithoutServerFiles(cluster.Cli("doctor").Out)));
    }

    [Fact]
    public void An_acknowledged_secret_counts_no_more_until_that_is_taken_back()
    {
        using var cluster = Make();

        Assert.Equal(0, cluster.Cli("doctor", "--acknowledge", "exposed-history").Code);
        var known = cluster.Cli("doctor");
        Assert.Contains("known    exposed: exposed-history (acknowledged by tester, ", known.Out, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Cli("doctor", "--revoke", "exposed-history").Code);

        Assert.Contains("trouble  exposed: ", cluster.Cli("doctor").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_acknowledged_is_refused_with_what_can()
    {
        using var cluster = Make();

        var answer = cluster.Cli("doctor", "--acknowledge", "exposed-histroy");

        Assert.Equal(1, answer.Code);
        Assert.Contains("Did you mean 'exposed-history'?", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_is_not_valid_is_the_only_thing_that_is_told()
    {
        using var cluster = Make();
        File.AppendAllText(Path.Combine(cluster.Root, "etc/etcsync/etcsync.yaml"), "nonsense: 1\n");

        var answer = cluster.Cli("doctor", "--json");

        Assert.Equal(2, answer.Code);
        Assert.Equal("configuration", Assert.Single(answer.Json.GetProperty("checks").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public void Identities_that_clients_share_are_told_and_links_in_their_place_are_not_followed()
    {
        using var cluster = new Cluster(["pc01", "pc02", "pc03"]);
        Assert.Equal(0, cluster.Cli("sync").Code);
        foreach (var client in (string[])["pc01", "pc02"]) File.WriteAllText(cluster.ClientPath(client, "machine-id"), "00000000000000000000000000000001\n");
        File.Delete(cluster.ClientPath("pc03", "machine-id"));
        File.CreateSymbolicLink(cluster.ClientPath("pc03", "machine-id"), cluster.ClientPath("pc01", "machine-id"));

        var answer = cluster.Cli("doctor").Out;

        Assert.Contains("machine-id is the same for pc01, pc02.", answer, StringComparison.Ordinal);
        Assert.Contains("unknown  identities: machine-id of pc03 is not a regular file", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_id_is_the_same_with_and_without_a_line_break()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);
        Assert.Equal(0, cluster.Cli("sync").Code);
        File.WriteAllText(cluster.ClientPath("pc01", "machine-id"), "00000000000000000000000000000001\n");
        File.WriteAllText(cluster.ClientPath("pc02", "machine-id"), "00000000000000000000000000000001");

        Assert.Contains("machine-id is the same for pc01, pc02.", cluster.Cli("doctor").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_key_of_an_old_type_that_clients_share_is_told()
    {
        using var cluster = new Cluster(["pc01", "pc02"]);
        Assert.Equal(0, cluster.Cli("sync").Code);
        foreach (var client in (string[])["pc01", "pc02"])
        {
            Directory.CreateDirectory(cluster.ClientPath(client, "ssh"));
            File.WriteAllText(cluster.ClientPath(client, "ssh/ssh_host_dsa_key"), "one key\n");
        }

        Assert.Contains("ssh/ssh_host_dsa_key is the same for pc01, pc02.", cluster.Cli("doctor").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_held_client_is_told_once_packages_changed()
    {
        using var cluster = Make();
        Assert.Equal(0, cluster.Cli("hold", "pc01").Code);
        Directory.CreateDirectory(Path.Combine(cluster.Root, "srv/root/var/lib/dpkg"));
        var status = Path.Combine(cluster.Root, "srv/root/var/lib/dpkg/status");
        File.WriteAllText(status, "");
        File.SetLastWriteTimeUtc(status, DateTime.UtcNow.AddHours(-1));
        Assert.DoesNotContain("pc01 is held since", cluster.Cli("doctor").Out, StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(status, DateTime.UtcNow.AddMinutes(1));

        Assert.Contains("trouble  held: pc01 is held since", cluster.Cli("doctor").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Passwords_and_keys_in_the_shared_root_are_told()
    {
        using var cluster = Make();
        cluster.Put("shadow", "root:$6$salt$hash:19000:0:99999:7:::\n");
        cluster.Put("ssh/ssh_host_ed25519_key", "a key\n");

        var answer = cluster.Cli("doctor").Out;

        Assert.Contains("can read the hashes of upstream's passwords (/srv/root/etc/shadow)", answer, StringComparison.Ordinal);
        Assert.Contains("note     exposed: Every machine in the clients' network can read upstream's own ssh host keys", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_without_a_word_of_a_client_says_that_it_never_asked()
    {
        using var cluster = Make();
        Write(cluster, "var/log/dnsmasq.log", $"{Now()} dnsmasq[1]: started, version 2.90 DNS disabled\n");

        Assert.Equal("off", cluster.Cli("doctor", "--json").Json.GetProperty("clients")[0].GetProperty("verdict").GetString());
    }

    [Fact]
    public void A_control_sequence_in_a_log_is_not_obeyed()
    {
        using var cluster = Make();
        Boot(cluster, $"{Now()} dnsmasq-tftp[1]: file /srv/root/boot/\e[31mred not found for 192.168.78.50\n");

        Assert.DoesNotContain('\e', cluster.Cli("doctor").Out);
    }

    [Fact]
    public void Files_that_were_never_written_are_told_by_part()
    {
        using var cluster = Served();

        Assert.Equal(
            [
                "trouble dnsmasq: They were never written. 'etcsync --root DIR server plan' shows what they will be, 'etcsync --root DIR server apply' writes them.",
                "trouble boot: They were never written. 'etcsync --root DIR server plan' shows what they will be, 'etcsync --root DIR server apply' writes them.",
                "trouble exports: They were never written. 'etcsync --root DIR server plan' shows what they will be, 'etcsync --root DIR server apply' writes them.",
            ],
            Troubles(cluster));
    }

    [Fact]
    public void A_cluster_that_was_applied_and_acknowledged_has_nothing_to_say()
    {
        using var cluster = Served();
        Apply(cluster);

        var answer = cluster.Cli("doctor");

        Assert.Equal(0, answer.Code);
        Assert.Empty(Troubles(cluster));
        Assert.EndsWith("Nothing is to be done.\n", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_were_edited_removed_or_overtaken_are_told_in_the_order_in_which_a_client_needs_them()
    {
        using var cluster = Served();
        Apply(cluster);
        File.AppendAllText(Path.Combine(cluster.Root, "etc/exports.d/etcsync.exports"), "/srv *(rw)\n");
        File.Delete(Path.Combine(cluster.Root, "srv/root/boot/pxelinux.cfg/default"));
        var settings = Path.Combine(cluster.Root, "etc/etcsync/etcsync.yaml");
        File.WriteAllText(settings, File.ReadAllText(settings) + "dhcp:\n  lease: 1h\n");

        var troubles = Troubles(cluster);

        Assert.Equal(
            [
                "trouble dnsmasq: /var/lib/etcsync-dnsmasq/reservations is not what the inventory and the settings say now. 'etcsync --root DIR server plan' shows the difference, 'etcsync --root DIR server apply' writes it.",
                "trouble boot: /srv/root/boot/pxelinux.cfg/default is missing. 'etcsync --root DIR server apply' writes it.",
                "trouble exports: /etc/exports.d/etcsync.exports was changed by hand. 'etcsync --root DIR server plan' shows what; 'etcsync --root DIR server apply' puts it back and keeps the edited one.",
            ],
            troubles.Where(line => !line.StartsWith("trouble dnsmasq: ", StringComparison.Ordinal) || line.Contains("/reservations ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_kernel_that_not_everybody_may_read_is_told()
    {
        using var cluster = Served();
        Apply(cluster);
        File.SetUnixFileMode(Path.Combine(cluster.Root, "srv/root/boot/vmlinuz-linux"), (UnixFileMode)0x180);

        Assert.Contains(Troubles(cluster), line => line.StartsWith("trouble boot: ", StringComparison.Ordinal) && line.Contains("vmlinuz-linux", StringComparison.Ordinal));
    }

    private static Cluster Served()
    {
        var cluster = new Cluster(["pc01"], "server:\n  address: 192.168.78.1\n  interface: eth0\n  network: 192.168.78.0/24\n");
        File.WriteAllText(Path.Combine(cluster.Root, "etc/etcsync/inventory.yaml"), "version: 1\nclients:\n  - name: pc01\n    mac: 52:54:00:00:00:50\n    ip: 192.168.78.50\n");
        foreach (var file in (string[])["boot/vmlinuz-linux", "boot/initramfs-linux.img", "usr/lib/syslinux/bios/pxelinux.0", "usr/lib/syslinux/bios/ldlinux.c32"])
        {
            Write(cluster, $"srv/root/{file}", file);
            File.SetUnixFileMode(Path.Combine(cluster.Root, "srv/root", file), (UnixFileMode)0x1A4);
        }

        Assert.Equal(0, cluster.Cli("sync").Code);
        Assert.Equal(0, cluster.Cli("doctor", "--acknowledge", "exposed-history").Code);
        Boot(cluster);
        Mounted(cluster, "/srv/root", "/srv/etc-pc01");
        return cluster;
    }

    private static void Apply(Cluster cluster)
    {
        var answer = cluster.Cli("server", "apply", "--yes");
        Assert.True(answer.Code == 0, answer.Out + answer.Error);
    }

    private static List<string> Troubles(Cluster cluster) =>
        [.. cluster.Cli("doctor").Out.Replace(cluster.Root, "DIR", StringComparison.Ordinal).Split('\n').Where(line => line.StartsWith("trouble", StringComparison.Ordinal)).Select(line => line.Replace("trouble  ", "trouble ", StringComparison.Ordinal))];

    private static Cluster Make()
    {
        var cluster = new Cluster(["pc01"]);
        var inventory = Path.Combine(cluster.Root, "etc/etcsync/inventory.yaml");
        File.WriteAllText(inventory, "version: 1\nclients:\n  - name: pc01\n    mac: 52:54:00:00:00:50\n    ip: 192.168.78.50\n");
        Assert.Equal(0, cluster.Cli("sync").Code);
        return cluster;
    }

    private static string Now() => DateTime.Now.ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static void Boot(Cluster cluster, string more = "") => Write(cluster, "var/log/dnsmasq.log",
        $"{Now()} dnsmasq-dhcp[1]: DHCPACK(eth0) 192.168.78.50 52:54:00:00:00:50 pc01\n{Now()} dnsmasq-tftp[1]: sent /srv/root/boot/pxelinux.0 to 192.168.78.50\n{more}");

    // As a kernel with nfsd prints them; that of the tests may have none.
    private static void Mounted(Cluster cluster, params string[] paths)
    {
        Write(cluster, "proc/net/rpc/nfsd.export/content", "#path domain(flags)\n" + string.Concat(paths.Select(path => $"{path}\t{Domain}(rw,no_root_squash,sync,wdelay,uuid=0:0:0:0,sec=1)\n")));
        Write(cluster, "proc/net/rpc/auth.unix.ip/content", $"#class IP domain\nnfsd 192.168.78.50 {Domain}\n");
        Write(cluster, "proc/net/tcp", $"  sl  local_address rem_address   st\n{(paths.Length == 0 ? "" : "   1: 014EA8C0:0801 324EA8C0:0316 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0\n")}");
    }

    private static void Write(Cluster cluster, string path, string text)
    {
        var file = Path.Combine(cluster.Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    // What the parts of the server's files say is tested with them.
    private static string WithoutServerFiles(string text) =>
        string.Join('\n', text.Split('\n').Where(line => !ServerFiles().IsMatch(line)));

    private static string Normal(Cluster cluster, string text) => Blanks().Replace(text.Replace(cluster.Root, "DIR", StringComparison.Ordinal), "  ").Replace("\n  '", "\n         '", StringComparison.Ordinal);

    [GeneratedRegex("^[a-z]+ +(dnsmasq|boot|exports|clones|identities|held): ")]
    private static partial Regex ServerFiles();

    [GeneratedRegex("(?<=[A-Za-z)]) {3,}(?=[A-Z-])")]
    private static partial Regex Blanks();
}
