using System.Collections.Immutable;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Server;
using static EtcSync.Core.Tests.Dnsmasq.Servers;

namespace EtcSync.Core.Tests.Dnsmasq;

public sealed class DnsmasqConflictsTests
{
    [Theory]
    [InlineData("dhcp-host=02:00:00:00:00:01,pc01,192.168.78.50", "dnsmasq goes by this line and not by ours")]
    [InlineData("dhcp-host=02:00:00:00:00:01,pc01,192.168.78.60", "something else for a network card of pc01")]
    [InlineData("dhcp-host=02:00:00:00:00:01,ignore", "something else for a network card of pc01")]
    [InlineData("dhcp-host=02:00:00:00:00:99,192.168.78.50", "reserves an address of pc01 for another machine")]
    [InlineData("dhcp-host=02:00:00:00:00:99,PC01.lab", "gives the name of pc01 to another machine")]
    [InlineData("dhcp-range=192.168.78.100,192.168.78.150,12h", "gives addresses in the clients' network")]
    [InlineData("dhcp-boot=pxelinux.0", "Every machine that gets an address boots from this")]
    [InlineData("dhcp-boot=tag:etcsync,other.0", "to boot something else")]
    [InlineData("port=0", "answers no DNS query")]
    [InlineData("except-interface=eth*", "does not serve eth0")]
    [InlineData("no-dhcp-interface=eth0", "does not serve eth0")]
    [InlineData("tftp-secure", "only files that its own user owns")]
    [InlineData("tftp-unique-root=mac", "a directory for each client")]
    [InlineData("dhcp-ignore=tag:etcsync", "ignores clients")]
    [InlineData("dhcp-lease-max=0", "at most 0 leases")]
    public void What_contradicts_ours_is_found_with_file_and_line(string line, string message)
    {
        var finding = Assert.Single(Check("# one\n" + line + "\n"));

        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
        Assert.Equal((FindingLevel.Warning, "/etc/dnsmasq.conf", 2), (finding.Level, finding.File, finding.Line));
    }

    [Theory]
    [InlineData("dhcp-host=02:00:00:00:00:99,printer,192.168.78.9")]
    [InlineData("dhcp-range=10.0.0.10,10.0.0.20")]
    [InlineData("dhcp-boot=tag:diskless,pxelinux.0")]
    [InlineData("except-interface=eth1\nlisten-address=10.0.0.1\ninterface=eth1\ntftp-root=/srv/tftp\ndhcp-ignore=tag:!known\nport=53\ndhcp-lease-max=5000")]
    public void What_goes_with_ours_is_left_alone(string lines) => Assert.Empty(Check(lines));

    [Theory]
    [InlineData("192.168.78.60 pc01", "pc01 stands here for 192.168.78.60")]
    [InlineData("127.0.1.1 PC01.lab", "pc01 stands here for 127.0.1.1")]
    [InlineData("192.168.78.50 printer", "192.168.78.50 stands here for other names")]
    public void Names_that_are_given_to_others_are_found(string line, string message)
    {
        var observation = Observe(Settings + "names:\n  domain: lab\n", Served("pc01 02:00:00:00:00:01 192.168.78.50"));
        var finding = Assert.Single(new DnsmasqFiles().Check(observation with { Foreign = observation.Foreign with { Hosts = new("/etc/hosts", "127.0.0.1 localhost\n192.168.78.50 pc01 mine\nfd00::1 pc01\n" + line) } }));

        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
        Assert.Equal(("/etc/hosts", 4), (finding.File, finding.Line));
    }

    private static ImmutableArray<ServerFinding> Check(string text) =>
        new DnsmasqFiles().Check(Observe(Settings, Served("pc01 02:00:00:00:00:01 192.168.78.50")).WithFiles(("/etc/dnsmasq.conf", text)));
}
