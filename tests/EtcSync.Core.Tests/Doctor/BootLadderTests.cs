using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Doctor;

namespace EtcSync.Core.Tests.Doctor;

public sealed class BootLadderTests
{
    private const string Ack = "DHCPACK(eth0) 192.168.78.50 52:54:00:00:00:50 client0";
    private const string Domain = "192.168.78.0/24,192.168.78.50";

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress Address = IPAddress.Parse("192.168.78.50");

    private static readonly string[] Boot =
    [
        "11:40:00 dnsmasq-dhcp[1]: DHCPDISCOVER(eth0) 52:54:00:00:00:50 ",
        "11:40:01 dnsmasq-dhcp[1]: " + Ack,
        "11:40:02 dnsmasq-tftp[1]: sent /srv/root/boot/pxelinux.0 to 192.168.78.50",
        "11:40:03 dnsmasq-tftp[1]: file /srv/root/boot/pxelinux.cfg/01-52-54-00-00-00-50 not found for 192.168.78.50",
        "11:40:03 dnsmasq-tftp[1]: sent /srv/root/boot/pxelinux.cfg/default to 192.168.78.50",
        "11:40:05 dnsmasq-tftp[1]: sent /srv/root/boot/vmlinuz-linux to 192.168.78.50",
        "11:40:06 dnsmasq-tftp[1]: sent /srv/root/boot/intel-ucode.img to 192.168.78.50",
        "11:40:09 dnsmasq-tftp[1]: sent /srv/root/boot/initramfs-linux.img to 192.168.78.50",
    ];

    [Theory]
    [InlineData(0, Rung.None)]
    [InlineData(1, Rung.None)]
    [InlineData(2, Rung.Lease)]
    [InlineData(3, Rung.BootLoader)]
    [InlineData(5, Rung.BootLoader)]
    [InlineData(6, Rung.BootLoader)]
    [InlineData(7, Rung.BootLoader)]
    [InlineData(8, Rung.Kernel)]
    public void Each_step_of_the_log_is_a_rung(int lines, Rung rung) => Assert.Equal(rung, Of(Boot[..lines]).Reached);

    [Fact]
    public void One_that_stopped_after_the_boot_loader_needs_a_person_and_says_where()
    {
        var ladder = Of(Boot[..5]);

        Assert.Equal(LadderVerdict.Stopped, ladder.Verdict);
        Assert.Contains("fetched the boot loader, and nothing after that", ladder.Message, StringComparison.Ordinal);
        Assert.Equal(Now.AddMinutes(-20).AddSeconds(3), ladder.LastSeen);
    }

    [Fact]
    public void A_missing_kernel_is_named()
    {
        var ladder = Of([.. Boot[..5], "11:40:05 dnsmasq-tftp[1]: file /srv/root/boot/vmlinuz-gone not found for 192.168.78.50"]);

        Assert.Contains("/srv/root/boot/vmlinuz-gone", ladder.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_dnsmasq_could_not_read_right_after_its_last_step_is_named()
    {
        var ladder = Of([.. Boot[..6], "11:40:06 dnsmasq-tftp[1]: cannot access /srv/root/boot/initramfs-linux.img: Permission denied"]);

        Assert.Contains("dnsmasq could not read /srv/root/boot/initramfs-linux.img (Permission denied)", ladder.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_was_seen_just_now_is_booting() =>
        Assert.Equal(LadderVerdict.Booting, Of([.. Boot[..5].Select(line => line.Replace("11:40:", "11:59:", StringComparison.Ordinal))]).Verdict);

    [Fact]
    public void One_that_was_seen_long_ago_is_off() => Assert.Equal(LadderVerdict.Off, Of([.. Boot.Select(line => line.Replace("11:40:", "08:40:", StringComparison.Ordinal))]).Verdict);

    [Fact]
    public void One_that_renewed_its_address_and_was_switched_off_is_off() =>
        Assert.Equal(LadderVerdict.Off, Of([.. Boot.Select(line => line.Replace("11:40:", "08:40:", StringComparison.Ordinal)), "11:50:00 dnsmasq-dhcp[1]: " + Ack]).Verdict);

    [Fact]
    public void A_newer_boot_starts_the_ladder_anew() =>
        Assert.Equal(Rung.BootLoader, Of([.. Boot, "11:45:00 dnsmasq-dhcp[1]: " + Ack, "11:45:02 dnsmasq-tftp[1]: sent /srv/root/boot/pxelinux.0 to 192.168.78.50"]).Reached);

    [Fact]
    public void A_newer_boot_of_the_firmware_starts_the_ladder_anew_before_anything_is_fetched() =>
        Assert.Equal(Rung.Lease, Of([.. Boot, "11:45:00 dnsmasq-dhcp[1]: 77 vendor class: PXEClient:Arch:00000:UNDI:002001", "11:45:01 dnsmasq-dhcp[1]: 77 DHCPDISCOVER(eth0) 52:54:00:00:00:50 ", "11:45:01 dnsmasq-dhcp[1]: 77 " + Ack]).Reached);

    [Fact]
    public void One_that_dnsmasq_ignores_is_told()
    {
        var ladder = Of(["11:59:00 dnsmasq-dhcp[1]: DHCPDISCOVER(eth0) 52:54:00:00:00:50 ignored"]);

        Assert.Equal(LadderVerdict.Stopped, ladder.Verdict);
        Assert.Contains("dnsmasq does not answer it", ladder.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_another_machine_did_from_the_same_address_does_not_count() =>
        Assert.Equal(Rung.Lease, Of([Boot[0], Boot[1], "11:41:00 dnsmasq-dhcp[1]: DHCPACK(eth0) 192.168.78.50 52:54:00:00:00:99 other", "11:41:02 dnsmasq-tftp[1]: sent /srv/root/boot/pxelinux.0 to 192.168.78.50"]).Reached);

    [Fact]
    public void One_that_uses_its_own_etc_is_up()
    {
        var ladder = Of(Boot, nfs: Nfs("/srv/root", "/srv/etc-client0"));

        Assert.Equal((Rung.Etc, LadderVerdict.Up), (ladder.Reached, ladder.Verdict));
    }

    [Fact]
    public void One_that_uses_the_root_without_its_own_etc_is_on_upstreams()
    {
        var ladder = Of(Boot, nfs: Nfs("/srv/root"));

        Assert.Equal((Rung.Root, LadderVerdict.OnUpstream), (ladder.Reached, ladder.Verdict));
        Assert.True(ladder.NeedsPerson);
        Assert.Contains("upstream's /etc", ladder.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Soon_after_the_tables_were_emptied_nobody_is_said_to_be_on_upstreams() =>
        Assert.Equal((Rung.Root, LadderVerdict.Unknown), (Of(Boot, nfs: Nfs(true, Now.AddMinutes(-2), "/srv/root")).Reached, Of(Boot, nfs: Nfs(true, Now.AddMinutes(-2), "/srv/root")).Verdict));

    [Fact]
    public void A_while_after_the_tables_were_emptied_it_is_told() => Assert.Equal(LadderVerdict.OnUpstream, Of(Boot, nfs: Nfs(true, Now.AddMinutes(-11), "/srv/root")).Verdict);

    [Fact]
    public void A_file_that_it_has_open_in_its_own_etc_says_enough()
    {
        var tables = new NfsTables([new("/srv/root", Domain)], ImmutableDictionary<IPAddress, string>.Empty.Add(Address, Domain), [new(Address, "confirmed", 3, ["etc-client0/hostname"])], [], null);

        Assert.Equal(LadderVerdict.Up, Of(Boot, nfs: tables).Verdict);
    }

    [Fact]
    public void A_use_from_the_boot_before_does_not_hide_that_this_one_mounted_only_the_root() =>
        Assert.Equal(
            LadderVerdict.OnUpstream,
            Of([.. Boot, "11:40:20 rpc.mountd[9]: authenticated mount request from 192.168.78.50:909 for /srv/root (/srv/root)"], nfs: Nfs("/srv/root", "/srv/etc-client0")).Verdict);

    [Fact]
    public void Uses_that_are_left_of_a_machine_that_went_count_for_nothing() =>
        Assert.Equal(LadderVerdict.Stopped, Of(Boot, nfs: Nfs(false, null, "/srv/root")).Verdict);

    [Fact]
    public void Mounts_of_NFSv3_are_taken_from_the_log() =>
        Assert.Equal(
            LadderVerdict.OnUpstream,
            Of([.. Boot, "11:40:20 rpc.mountd[9]: authenticated mount request from 192.168.78.50:909 for /srv/root (/srv/root)"], nfs: Nfs()).Verdict);

    [Theory]
    [InlineData(ProbeResult.Answered, ProbeResult.Answered, Rung.Ssh, LadderVerdict.Up)]
    [InlineData(ProbeResult.Answered, ProbeResult.Closed, Rung.Ping, LadderVerdict.Stopped)]
    [InlineData(ProbeResult.Silent, ProbeResult.Silent, Rung.Etc, LadderVerdict.Stopped)]
    [InlineData(ProbeResult.Silent, ProbeResult.Answered, Rung.Ssh, LadderVerdict.Up)]
    public void What_it_answers_are_the_last_rungs(ProbeResult ping, ProbeResult ssh, Rung rung, LadderVerdict verdict)
    {
        var ladder = Of(Boot, nfs: Nfs("/srv/root", "/srv/etc-client0"), probe: new(ping, ssh));

        Assert.Equal((rung, verdict), (ladder.Reached, ladder.Verdict));
    }

    [Fact]
    public void A_root_without_ssh_server_ends_the_ladder_at_the_ping() =>
        Assert.Equal(LadderVerdict.Up, Of(Boot, nfs: Nfs("/srv/root", "/srv/etc-client0"), probe: new(ProbeResult.Answered, ProbeResult.Closed), hasSsh: false).Verdict);

    [Fact]
    public void One_that_answers_and_mounted_nothing_needs_a_person() =>
        Assert.Equal(LadderVerdict.Stopped, Of(Boot, nfs: Nfs(false, null), probe: new(ProbeResult.Answered, ProbeResult.Closed)).Verdict);

    [Fact]
    public void Without_the_servers_tables_it_is_not_guessed() =>
        Assert.Equal(LadderVerdict.Unknown, Of(Boot, nfs: NfsTables.Unknown("the NFS server does not run.")).Verdict);

    [Fact]
    public void One_of_which_nothing_is_known_is_off() => Assert.Equal((Rung.None, LadderVerdict.Off), (Of([]).Reached, Of([]).Verdict));

    [Theory]
    [InlineData(null, LadderVerdict.Off)]
    [InlineData("no log was found.", LadderVerdict.Unknown)]
    public void One_with_a_lease_is_off_only_if_a_log_would_tell_of_its_boot(string? unreadable, LadderVerdict verdict)
    {
        var mac = MacAddress.Parse("52:54:00:00:00:50");
        var ladder = new BootLadder(new(Now, "/srv/root", [], unreadable, [new(Now.AddHours(12), mac, Address, "client0")], Nfs(false, null), HasSsh: true));

        var one = ladder.Of(new(ClientName.Parse("client0"), [mac], [Address], "/srv/etc-client0", ClientProbe.None));
        Assert.Equal((Rung.Lease, verdict), (one.Reached, one.Verdict));
    }

    private static NfsTables Nfs(params string[] used) => Nfs(true, null, used);

    private static NfsTables Nfs(bool isConnected, DateTimeOffset? flushed, params string[] used) =>
        new(used.Select(path => new ExportUse(path, Domain)), ImmutableDictionary<IPAddress, string>.Empty.Add(Address, Domain), [], isConnected ? [Address] : [], flushed);

    private static ClientLadder Of(string[] lines, NfsTables? nfs = null, ClientProbe? probe = null, bool hasSsh = true)
    {
        var events = BootLog.Read(string.Join('\n', lines.Select(line => "Nov 22 " + line)), Now);
        var ladder = new BootLadder(new(Now, "/srv/root", events, null, [], nfs ?? Nfs(false, null), hasSsh));
        return ladder.Of(new(ClientName.Parse("client0"), [MacAddress.Parse("52:54:00:00:00:50")], [Address], "/srv/etc-client0", probe ?? ClientProbe.None));
    }
}
