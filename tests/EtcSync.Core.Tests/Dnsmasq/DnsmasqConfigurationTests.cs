using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Server;

namespace EtcSync.Core.Tests.Dnsmasq;

public sealed class DnsmasqConfigurationTests
{
    private const string ByHand = """
        listen-address=192.168.78.1
        dhcp-range=192.168.78.50,192.168.78.150,12h

        # Change 8.8.8.8 to DNS servers of your choice
        dhcp-option=option:dns-server,192.168.78.1,8.8.8.8

        dhcp-host=00:e0:66:59:89:84,client0,192.168.78.50,set:diskless
        dhcp-host=00:e0:66:59:88:8b,client1,192.168.78.51,set:diskless

        enable-tftp
        tftp-root=/srv/root/boot
        dhcp-boot=tag:diskless,pxelinux.0
        """;

    [Fact]
    public void Configuration_by_hand_is_understood()
    {
        var read = Read(("/etc/dnsmasq.conf", ByHand));

        Assert.Equal(["client0", "client1"], read.Hosts.Select(host => host.Name));
        Assert.Equal(("/etc/dnsmasq.conf", 8), (read.Hosts[1].File, read.Hosts[1].Line));
        Assert.Equal("192.168.78.50-192.168.78.150 12h", $"{read.Ranges[0].Start}-{read.Ranges[0].End} {read.Ranges[0].Lease}");
        Assert.Equal(new DhcpBoot("/etc/dnsmasq.conf", 12, ["diskless"], "pxelinux.0", "", ""), Assert.Single(read.Boots));
        Assert.Equal(["192.168.78.1"], read.All("listen-address").Select(line => line.First));
    }

    [Fact]
    public void Lists_are_read_as_what_the_configuration_names_them()
    {
        var read = Read(
            ("/etc/dnsmasq.conf", "dhcp-hostsfile=/etc/hosts.dhcp\nhostsdir=/etc/names.d/\nread-ethers\n"),
            ("/etc/hosts.dhcp", "# a comment\n02:00:00:00:00:01,pc1\n"),
            ("/etc/names.d/x", "10.0.0.7 pc7 pc7.lab # seven\n"),
            ("/etc/ethers", "02:00:00:00:00:02 10.0.0.2\n2:0:0:0:0:3\tpc3 # three\n02:00:00:00:00:04\n"));

        Assert.Equal(["pc1", null, "pc3", null], read.Hosts.Select(host => host.Name));
        Assert.Equal(MacAddress.Parse("02:00:00:00:00:03"), Assert.Single(read.Hosts[2].Macs));
        Assert.Equal(IPAddress.Parse("10.0.0.2"), Assert.Single(read.Hosts[1].Addresses));
        Assert.NotNull(read.Hosts[3].Problem);
        Assert.Equal(["pc7", "pc7.lab"], Assert.Single(read.Names).Names);
        Assert.Equal(["dhcp-hostsfile", "hostsdir", "read-ethers"], read.Options.Select(line => line.Option));
    }

    [Theory]
    [InlineData("conf-dir=/etc/dnsmasq.d", true)]
    [InlineData("conf-dir=/etc/dnsmasq.d/,*.conf", true)]
    [InlineData("conf-dir=/etc/dnsmasq.d,.bak,.conf", false)]
    [InlineData("conf-dir=/etc/dnsmasq.d,*.dns", false)]
    [InlineData("#conf-dir=/etc/dnsmasq.d/,*.conf", false)]
    [InlineData("conf-file=/etc/dnsmasq.d/etcsync.conf", true)]
    public void Our_file_is_read_where_the_configuration_includes_it(string line, bool isRead) =>
        Assert.Equal(isRead, Read(("/etc/dnsmasq.conf", line)).Includes(DnsmasqPaths.Configuration));

    [Theory]
    [InlineData("CONFIG_DIR=/etc/dnsmasq.d,.dpkg-dist,.dpkg-old,.dpkg-new\n", true)]
    [InlineData("#CONFIG_DIR=/etc/dnsmasq.d\n", false)]
    [InlineData("CONFIG_DIR=/etc/dnsmasq.d\nCONFIG_DIR=\"\"\n", false)]
    public void Debians_service_names_a_directory(string text, bool isRead) =>
        Assert.Equal(isRead, Read(("/etc/default/dnsmasq", text), ("/etc/dnsmasq.conf", "")).Includes(DnsmasqPaths.Configuration));

    [Theory]
    [InlineData("a.conf", true)]
    [InlineData(".a.conf", false)]
    [InlineData("a.conf~", false)]
    [InlineData("#a.conf#", false)]
    [InlineData(".conf", false)]
    [InlineData("a.bak.conf", true)]
    public void Names_of_editors_and_hidden_ones_are_passed_over(string name, bool isRead) =>
        Assert.Equal(isRead, ConfigurationDirectory.Read(["/d", "*.conf", "*", ""]).Reads(name));

    [Theory]
    [InlineData("tag:a,set:b,10.0.0.0,static,255.255.255.0,12h", "10.0.0.0||a|b|static|255.255.255.0|12h|")]
    [InlineData("10.0.0.5,10.0.0.9,255.255.255.0,10.0.0.255,infinite", "10.0.0.5|10.0.0.9||||255.255.255.0|infinite|")]
    [InlineData("fd00::1,fd00::ff,64,1h", "fd00::1|fd00::ff|||||1h|64")]
    [InlineData("::,constructor:eth0,ra-only", "::||||constructor:eth0,ra-only|||")]
    public void Range_is_understood(string value, string expected)
    {
        var range = Read(("f", "dhcp-range=" + value)).Ranges[0];

        Assert.Equal(expected, $"{range.Start}|{range.End}|{string.Join(',', range.Tags)}|{range.Set}|{string.Join(',', range.Modes)}|{range.Netmask}|{range.Lease}|{range.PrefixLength}");
    }

    [Fact]
    public void Whatever_is_in_the_files_they_are_read()
    {
        var random = new Random(7);
        string[] pieces = ["\"", "\\", "\n", "\r", "\0", "\t", " ", "#", "=", ",", ":", "dhcp-host=", "dhcp-range=", "dhcp-boot=tag:", "conf-dir=", "dhcp-hostsfile=/etc/l\n", "[", "]", "*", "-", "06-", "set:", "id:", "aa:bb", "10.0.0.1", "fd00::", "12h", "%", "\xff", "\u0085", "infinite"];
        for (var round = 0; round < 20000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)]));

            var read = Read(("/etc/default/dnsmasq", text), ("/etc/dnsmasq.conf", "dhcp-hostsfile=/etc/l\naddn-hosts=/etc/n\n" + text), ("/etc/l", text), ("/etc/n", text), ("/etc/ethers", text));

            Assert.Equal(text, string.Concat(FileLines.Split(text)));
            Assert.All(read.Options, line => Assert.DoesNotContain(line.Fields, field => field.Any(c => c > '\xff')));
            Assert.All(read.Hosts, host => Assert.InRange(host.Line, 1, int.MaxValue));
        }
    }

    private static DnsmasqConfiguration Read(params (string Path, string Text)[] files) => DnsmasqConfiguration.Read(files.Select(file => new ForeignFile(file.Path, file.Text)));
}
