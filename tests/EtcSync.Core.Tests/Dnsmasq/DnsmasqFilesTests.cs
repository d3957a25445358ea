using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Server;
using static EtcSync.Core.Tests.Dnsmasq.Servers;

namespace EtcSync.Core.Tests.Dnsmasq;

public sealed class DnsmasqFilesTests
{
    private static readonly ServedClient Pc01 = Served("pc01 02:00:00:00:00:01 02:00:00:00:00:02 192.168.78.50 fd00:1::50 @lab");

    [Fact]
    public void Options_say_where_is_served_what_is_given_and_what_is_booted() => Assert.Equal(
        """
        interface=eth0
        bind-dynamic
        dhcp-hostsfile=/var/lib/etcsync-dnsmasq/reservations
        addn-hosts=/var/lib/etcsync-dnsmasq/names
        dhcp-range=set:etcsync-network,192.168.78.0,static,255.255.255.0,12h
        dhcp-ignore-names=tag:eth0,tag:!known
        dhcp-option=tag:etcsync-network,option:router
        log-dhcp
        tag-if=set:etcsync,tag:eth0,tag:known
        enable-tftp=eth0
        tftp-root=/srv/root/boot,eth0
        tftp-no-fail
        dhcp-match=set:etcsync-arch,option:client-arch
        dhcp-match=set:etcsync-bios,option:client-arch,0
        dhcp-boot=tag:etcsync,tag:etcsync-bios,pxelinux.0,,192.168.78.1
        dhcp-boot=tag:etcsync,tag:!etcsync-arch,pxelinux.0,,192.168.78.1
        dhcp-match=set:etcsync-efi64,option:client-arch,7
        dhcp-match=set:etcsync-efi64,option:client-arch,9
        dhcp-boot=tag:etcsync,tag:etcsync-efi64,efi64/syslinux.efi,,192.168.78.1

        """,
        Text(Observe(Settings, Pc01).WithBoot("pxelinux.0", "ldlinux.c32", "efi64/syslinux.efi", "efi64/ldlinux.e64"), DnsmasqPaths.Configuration));

    [Theory]
    [InlineData("dhcp:\n  range: 192.168.78.200-192.168.78.250\n  lease: 90m\n", "dhcp-range=set:etcsync-network,192.168.78.200,192.168.78.250,255.255.255.0,90m")]
    [InlineData("dhcp:\n  range: 192.168.78.200-192.168.78.250\n", "dhcp-ignore=tag:eth0,tag:!known")]
    [InlineData("dhcp:\n  router: 192.168.78.254\n", "dhcp-option=tag:etcsync-network,option:router,192.168.78.254")]
    [InlineData("dhcp:\n  name-servers: [192.168.78.1, 9.9.9.9, 'fd00:1::1']\n", "dhcp-option=tag:etcsync-network,option:dns-server,192.168.78.1,9.9.9.9")]
    [InlineData("dhcp:\n  name-servers: [192.168.78.1, 9.9.9.9, 'fd00:1::1']\n", "dhcp-option=tag:etcsync-network,option6:dns-server,[fd00:1::1]")]
    [InlineData("names:\n  domain: lab.example\n", "domain=lab.example,192.168.78.0/24")]
    public void Setting_becomes_an_option(string setting, string line) => Assert.Contains(line, Text(Observe(Settings + setting), DnsmasqPaths.Configuration).Split('\n'));

    [Fact]
    public void Unknown_machines_are_served_from_the_pool_only_where_that_is_said()
    {
        var text = Text(Observe(Settings + "dhcp:\n  range: 192.168.78.200-192.168.78.250\n  unknown-machines: serve\n"), DnsmasqPaths.Configuration);

        Assert.DoesNotContain("dhcp-ignore=", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_kinds_of_addresses_are_given_where_both_networks_are_known()
    {
        var text = Text(Observe("version: 1\nserver:\n  address: [192.168.78.1, 'fd00:1::1']\n  network: [192.168.78.0/24, 'fd00:1::/64']\n"), DnsmasqPaths.Configuration);

        Assert.Contains("listen-address=192.168.78.1\nlisten-address=fd00:1::1\n", text, StringComparison.Ordinal);
        Assert.Contains("dhcp-range=set:etcsync-network,fd00:1::,static,64,12h\n", text, StringComparison.Ordinal);
        Assert.Contains("tag-if=set:etcsync,tag:known\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Interfaces_that_others_bound_stay_bound() =>
        Assert.DoesNotContain("bind-dynamic", Text(Observe(Settings).WithFiles(("/etc/dnsmasq.conf", "bind-interfaces\n")), DnsmasqPaths.Configuration), StringComparison.Ordinal);

    [Fact]
    public void Options_stay_the_same_when_clients_come_and_go() => Assert.Equal(
        Text(Observe(Settings), DnsmasqPaths.Configuration), Text(Observe(Settings, Pc01, Served("pc02 02:00:00:00:00:03 192.168.78.51")), DnsmasqPaths.Configuration));

    [Fact]
    public void Group_is_a_tag_where_somebody_uses_it() => Assert.Contains(
        "dhcp-mac=set:group-lab,02:00:00:00:00:01\ndhcp-mac=set:group-lab,02:00:00:00:00:02\n",
        Text(Observe(Settings, Pc01).WithFiles(("/etc/dnsmasq.d/site.conf", "dhcp-option=tag:group-lab,option:ntp-server,192.168.78.9\n")), DnsmasqPaths.Configuration), StringComparison.Ordinal);

    [Fact]
    public void Machines_that_others_reserved_are_no_clients() => Assert.Contains(
        "dhcp-mac=set:etcsync-others,02:00:00:00:00:77\ndhcp-mac=set:etcsync-others,02:00:00:00:01:*\ntag-if=set:etcsync,tag:eth0,tag:known,tag:!etcsync-others\n",
        Text(Observe(Settings, Pc01).WithFiles(("/etc/dnsmasq.conf", "dhcp-host=02:00:00:00:00:77,printer\ndhcp-host=02:00:00:00:01:*,ignore\n")), DnsmasqPaths.Configuration), StringComparison.Ordinal);

    [Fact]
    public void Many_clients_get_room_for_their_leases() =>
        Assert.Contains("dhcp-lease-max=2048\n", Text(Observe(Settings, [.. Enumerable.Range(0, 700).Select(i => Served($"pc{i} 02:00:00:00:{i / 256:x2}:{i % 256:x2}"))]), DnsmasqPaths.Configuration), StringComparison.Ordinal);

    [Fact]
    public void Reservation_has_all_cards_and_addresses_and_a_name_that_is_nothing_else() => Assert.Equal(
        "02:00:00:00:00:01,02:00:00:00:00:02,id:*,192.168.78.50,[fd00:1::50],\"pc01\",12h\n02:00:00:00:00:03,id:*,\"12h\",12h\n",
        Text(Observe(Settings, Pc01, Served("12h 02:00:00:00:00:03")), DnsmasqPaths.Reservations));

    [Theory]
    [InlineData("100")]
    [InlineData("12h")]
    [InlineData("ignore")]
    [InlineData("infinite")]
    [InlineData("1d-2")]
    public void Reservation_is_read_back_as_what_was_meant(string name)
    {
        var text = Text(Observe(Settings, Served($"{name} 02:00:00:00:00:01 192.168.78.50 fd00::5")), DnsmasqPaths.Reservations);

        var host = DhcpHost.Read(Assert.Single(DnsmasqSyntax.List(new(DnsmasqPaths.Reservations, text))));
        Assert.Equal((name, "12h", false, null, 2, 1), (host.Name, host.Lease, host.IsIgnored, host.Problem, host.Addresses.Count, host.Macs.Count));
    }

    [Fact]
    public void Names_stand_for_all_addresses_and_former_ones_until_they_are_somebody_elses()
    {
        var renamed = Pc01 with
        {
            FormerNames = [ClientName.Parse("old"), ClientName.Parse("pc02")],
            FormerAddresses = [IPAddress.Parse("192.168.78.90"), IPAddress.Parse("192.168.78.51")],
        };
        Assert.Equal(
            "192.168.78.50\tpc01.lab pc01 old.lab old\nfd00:1::50\tpc01.lab pc01 old.lab old\n192.168.78.90\tpc01.lab pc01 old.lab old\n192.168.78.51\tpc02.lab pc02\n",
            Text(Observe(Settings + "names:\n  domain: lab\n", renamed, Served("pc02 02:00:00:00:00:03 192.168.78.51")), DnsmasqPaths.Names));
    }

    [Fact]
    public void Every_file_says_whose_it_is() =>
        Assert.All(Render(Observe(Settings, Pc01)).Select(file => file.Content).OfType<GeneratedContent.Whole>(), file => Assert.StartsWith(FileHeader.Line, file.Text, StringComparison.Ordinal));

    [Fact]
    public void Clients_alone_need_no_restart() => Assert.Equal(
        [(DnsmasqPaths.Reservations, ReloadKind.Reread), (DnsmasqPaths.Names, ReloadKind.Reread), (DnsmasqPaths.Configuration, ReloadKind.Restart)],
        Render(Observe(Settings, Pc01).WithFiles(("/etc/dnsmasq.conf", "conf-dir=/etc/dnsmasq.d\n"))).Select(file => (file.Path, file.Reload)));

    [Theory]
    [InlineData("#conf-dir=/etc/dnsmasq.d/,*.conf\n", true)]
    [InlineData("conf-dir=/etc/dnsmasq.d/,*.conf\n", false)]
    public void Line_is_added_where_dnsmasq_would_not_read_our_file(string main, bool isAdded)
    {
        var block = Render(Observe(Settings).WithFiles(("/etc/dnsmasq.conf", main))).FirstOrDefault(file => file.Path == "/etc/dnsmasq.conf");

        Assert.Equal(isAdded ? new GeneratedContent.Block("conf-file=/etc/dnsmasq.d/etcsync.conf") : null, block?.Content);
    }

    [Fact]
    public void Names_are_put_into_etc_hosts_where_that_is_wanted()
    {
        var file = Render(Observe(Settings + "names:\n  etc-hosts: true\n", Pc01)).Single(file => file.Path == "/etc/hosts");

        Assert.Equal(new GeneratedContent.Block("192.168.78.50\tpc01\nfd00:1::50\tpc01\n"), file.Content);
    }

    [Fact]
    public void Server_that_is_nowhere_is_refused() =>
        Assert.Equal(FindingLevel.Refusal, Assert.Single(new DnsmasqFiles().Check(Observe("version: 1\n"))).Level);

    [Fact]
    public void Client_that_would_get_no_address_is_told_of() =>
        Assert.Contains("pc09 gets no IPv4 address", Assert.Single(new DnsmasqFiles().Check(Observe(Settings, Served("pc09 02:00:00:00:00:09")))).Message, StringComparison.Ordinal);

    [Fact]
    public void Reservation_that_dnsmasq_would_cut_is_refused()
    {
        var macs = string.Join(' ', Enumerable.Range(0, 60).Select(i => $"02:00:00:00:00:{i:x2}"));

        Assert.Contains(new DnsmasqFiles().Check(Observe(Settings, Served($"pc01 {macs} 192.168.78.50"))), finding => finding.Level == FindingLevel.Refusal && finding.Message.Contains("pc01", StringComparison.Ordinal));
    }

    private static ImmutableArray<GeneratedFile> Render(ServerObservation observation) => new DnsmasqFiles().Render(observation);

    [Fact]
    public void Lists_have_a_name_of_their_own_for_each_version()
    {
        string Mark(params ServedClient[] clients) => Whole(Observe(Settings, clients), DnsmasqPaths.Names).Split('\n')[1];

        Assert.Equal(Mark(Pc01), Mark(Pc01));
        Assert.NotEqual(Mark(Pc01), Mark(Pc01 with { Client = Pc01.Client with { Macs = [MacAddress.Parse("02:00:00:00:00:09")] } }));
    }

    private static string Whole(ServerObservation observation, string path) => ((GeneratedContent.Whole)Render(observation).Single(file => file.Path == path).Content).Text;

    // Without the first line and the fingerprint.
    private static string Text(ServerObservation observation, string path) =>
        string.Concat(FileLines.Split(Whole(observation, path)).Skip(1).Where(line => !line.Contains("etcsync.invalid", StringComparison.Ordinal)));
}
