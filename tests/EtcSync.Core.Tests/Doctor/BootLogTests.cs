using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Doctor;

namespace EtcSync.Core.Tests.Doctor;

public sealed class BootLogTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 18, 0, 0, TimeSpan.FromHours(1));
    private static readonly MacAddress Mac = MacAddress.Parse("02:00:00:00:00:11");
    private static readonly IPAddress Address = IPAddress.Parse("10.77.0.11");

    // What dnsmasq 2.90 wrote for udhcpc, which said that it is PXEClient, and for tftp-hpa.
    private const string Real = """
        Nov 22 17:32:41 dnsmasq[6101]: started, version 2.90 DNS disabled
        Nov 22 17:32:41 dnsmasq-dhcp[6101]: DHCP, IP range 10.77.0.50 -- 10.77.0.60, lease time 1h
        Nov 22 17:32:41 dnsmasq-tftp[6101]: TFTP root is /srv/root/boot  
        Nov 22 17:32:42 dnsmasq-dhcp[6101]: 660119659 available DHCP range: 10.77.0.50 -- 10.77.0.60
        Nov 22 17:32:42 dnsmasq-dhcp[6101]: 660119659 vendor class: PXEClient:Arch:00000:UNDI:002001
        Nov 22 17:32:42 dnsmasq-dhcp[6101]: 660119659 DHCPDISCOVER(vs) 02:00:00:00:00:11 
        Nov 22 17:32:42 dnsmasq-dhcp[6101]: 660119659 DHCPOFFER(vs) 10.77.0.11 02:00:00:00:00:11 
        Nov 22 17:32:42 dnsmasq-dhcp[6101]: 660119659 sent size:  7 option: 12 hostname  client0
        Nov 22 17:32:42 dnsmasq-dhcp[6101]: 660119659 DHCPREQUEST(vs) 10.77.0.11 02:00:00:00:00:11 
        Nov 22 17:32:42 dnsmasq-dhcp[6101]: 660119659 DHCPACK(vs) 10.77.0.11 02:00:00:00:00:11 client0
        Nov 22 17:32:42 dnsmasq-tftp[6101]: sent /srv/root/boot/pxelinux.0 to 10.77.0.11
        Nov 22 17:32:42 dnsmasq-tftp[6101]: file /srv/root/boot/pxelinux.cfg/01-02-00-00-00-00-11 not found for 10.77.0.11
        Nov 22 17:32:42 dnsmasq-tftp[6101]: cannot access /srv/root/boot/initramfs-linux.img: Permission denied
        Nov 22 17:32:42 dnsmasq-dhcp[6101]: 1666121067 vendor class: udhcp 1.35.0
        Nov 22 17:32:42 dnsmasq-dhcp[6101]: 1666121067 DHCPDISCOVER(vs) 02:00:00:00:00:98 ignored
        Nov 22 17:32:48 dnsmasq-dhcp[6101]: 3419186770 DHCPDISCOVER(vs) 10.9.9.9 02:00:00:00:00:97 
        """;

    [Fact]
    public void A_log_of_dnsmasq_gives_its_events_in_order()
    {
        var at = new DateTimeOffset(2026, 11, 22, 17, 32, 42, TimeSpan.FromHours(1));

        Assert.Equal(
            [
                new BootEvent.Asked(at, Mac, IsFirmware: true, IsIgnored: false),
                new BootEvent.Asked(at, Mac, IsFirmware: true, IsIgnored: false),
                new BootEvent.Given(at, Address, Mac, IsFirmware: true),
                new BootEvent.Fetched(at, Address, "/srv/root/boot/pxelinux.0"),
                new BootEvent.NotFound(at, Address, "/srv/root/boot/pxelinux.cfg/01-02-00-00-00-00-11"),
                new BootEvent.Unreadable(at, "/srv/root/boot/initramfs-linux.img", "Permission denied"),
                new BootEvent.Asked(at, MacAddress.Parse("02:00:00:00:00:98"), IsFirmware: false, IsIgnored: true),
                new BootEvent.Asked(at.AddSeconds(6), MacAddress.Parse("02:00:00:00:00:97"), IsFirmware: false, IsIgnored: false),
            ],
            BootLog.Read(Real, Now).ToArray());
    }

    [Theory]
    [InlineData("1795365162.123456 server dnsmasq-dhcp[6101]: ")]
    [InlineData("2026-11-22T17:32:42+0100 server dnsmasq-dhcp[6101]: ")]
    [InlineData("2026-11-22T17:32:42.123456+01:00 server dnsmasq-dhcp[6101]: ")]
    [InlineData("Nov 22 17:32:42 server dnsmasq-dhcp[6101]: ")]
    public void A_line_with_any_usual_prefix_has_its_time(string prefix)
    {
        var one = Assert.IsType<BootEvent.Given>(Assert.Single(BootLog.Read(prefix + "DHCPACK(eth0) 10.77.0.11 02:00:00:00:00:11 client0", Now)));

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795365162), new DateTimeOffset(one.At!.Value.UtcDateTime.AddTicks(-one.At.Value.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero));
    }

    [Fact]
    public void A_line_without_prefix_has_no_time() =>
        Assert.Equal([new BootEvent.Given(null, Address, Mac, false)], BootLog.Read("dnsmasq-dhcp: DHCPACK(eth0) 10.77.0.11 02:00:00:00:00:11 ", Now).ToArray());

    [Fact]
    public void A_time_without_year_that_would_be_ahead_is_of_the_year_before() =>
        Assert.Equal(2025, Assert.Single(BootLog.Read("Dec 24 10:00:00 dnsmasq-tftp[1]: sent /srv/root/boot/pxelinux.0 to 10.77.0.11", Now)).At!.Value.Year);

    [Fact]
    public void A_file_name_that_looks_like_dnsmasqs_words_is_only_a_name() =>
        Assert.Equal(
            [new BootEvent.NotFound(null, Address, "/srv/root/boot/x to 10.77.0.12 not found for 10.77.0.12")],
            BootLog.Read("dnsmasq-tftp[1]: file /srv/root/boot/x to 10.77.0.12 not found for 10.77.0.12 not found for 10.77.0.11", Now).ToArray());

    [Theory]
    [InlineData("dnsmasq-dhcp[1]: DHCPNAK(eth0) 10.9.9.9 02:00:00:00:00:11 wrong network", "wrong network")]
    [InlineData("dnsmasq-dhcp[1]: DHCPDISCOVER(eth0) 02:00:00:00:00:11 no address available", "no address available")]
    public void A_refusal_tells_why(string line, string reason) => Assert.Equal([new BootEvent.Refused(null, Mac, reason)], BootLog.Read(line, Now).ToArray());

    [Fact]
    public void An_address_of_IPv6_is_read() =>
        Assert.Equal(
            [new BootEvent.Given(null, IPAddress.Parse("fd00::11"), null, false), new BootEvent.Fetched(null, IPAddress.Parse("fd00::11"), "/srv/root/boot/syslinux.efi")],
            BootLog.Read("dnsmasq-dhcp[1]: DHCPREPLY(eth0) fd00::11 00:01:00:01:2c:6b:d8:a4:02:00:00:00:00:11 client0\ndnsmasq-tftp[1]: sent /srv/root/boot/syslinux.efi to fd00::11", Now).ToArray());

    [Fact]
    public void A_mount_that_mountd_logged_is_read() =>
        Assert.Equal(
            [new BootEvent.Mounted(null, Address, "/srv/root")],
            BootLog.Read("rpc.mountd[1147]: authenticated mount request from 10.77.0.11:909 for /srv/root (/srv/root)", Now).ToArray());

    [Theory]
    [InlineData("")]
    [InlineData("dnsmasq-dhcp[1]: ")]
    [InlineData("dnsmasq-dhcp[1]: DHCPACK(eth0) 10.77.0.11")]
    [InlineData("dnsmasq-dhcp[1]: DHCPACK(eth0) 999.77.0.11 02:00:00:00:00:11")]
    [InlineData("dnsmasq-dhcp[1]: DHCPACK(eth0) 10.77.0.11 ff:ff:ff:ff:ff:ff evil")]
    [InlineData("dnsmasq-tftp[1]: sent  to ")]
    [InlineData("dnsmasq-tftp[1]: sent /a to nobody")]
    [InlineData("kernel: dnsmasq-tftp[1]: sent /a to 10.77.0.11")]
    [InlineData("Nov 99 17:32:42 a b c dnsmasq-tftp[1]: sent /a to 10.77.0.11")]
    public void What_is_no_such_line_is_skipped(string line) => Assert.DoesNotContain(BootLog.Read(line, Now), one => one is BootEvent.Given { Mac: not null } or BootEvent.Fetched { At: not null });

    [Fact]
    public void Damaged_lines_never_throw()
    {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var text = Real.ToCharArray();
            for (var n = 0; n < 40; n++) text[random.Next(text.Length)] = (char)random.Next(0, 300);
            BootLog.Read(new string(text), Now);
        }
    }
}
