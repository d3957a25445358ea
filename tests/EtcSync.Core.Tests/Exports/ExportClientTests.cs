using System.Net;
using EtcSync.Core.Exports;

namespace EtcSync.Core.Tests.Exports;

public sealed class ExportClientTests
{
    private static readonly IPNetwork[] Networks = [IPNetwork.Parse("192.168.1.0/24"), IPNetwork.Parse("fd00:1::/64")];

    [Theory]
    [InlineData("", "every machine that can reach the server")]
    [InlineData("*", "every machine that can reach the server")]
    [InlineData("gss/krb5", "every machine that can reach the server")]
    [InlineData("192.168.1.50", "the machine with the address 192.168.1.50")]
    [InlineData("192.168.1.50/32", "the machine with the address 192.168.1.50")]
    [InlineData("192.168.1.50/24", "every machine in 192.168.1.0/24")]
    [InlineData("192.168.1.50/255.255.255.0", "every machine in 192.168.1.0/24")]
    [InlineData("192.168.1.50/255.0.255.0", "every machine in 192.0.1.0/255.0.255.0")]
    [InlineData("192.168.1.50/", "every machine in 0.0.0.0/0")]
    [InlineData("fd00:1::50/64", "every machine in fd00:1::/64")]
    [InlineData("fd00:1::50/128", "the machine with the address fd00:1::50")]
    [InlineData("fd00:1::50", "the machine with the address fd00:1::50")]
    [InlineData("192.168.1.50/33", "the machine called '192.168.1.50/33'")]
    [InlineData("host/24", "the machine called 'host/24'")]
    [InlineData("192.168.*", "every machine with a name like '192.168.*'")]
    [InlineData("pc[0-9]", "every machine with a name like 'pc[0-9]'")]
    [InlineData("@lab", "every member of the netgroup 'lab'")]
    [InlineData("pc01.lab", "the machine called 'pc01.lab'")]
    public void Client_of_an_export_is_understood_as_mountd_does(string text, string who) => Assert.Equal(who, ExportClient.Parse(text).Describe());

    [Theory]
    [InlineData("192.168.1.50", true)]
    [InlineData("192.168.2.50", false)]
    [InlineData("192.168.1.128/25", true)]
    [InlineData("192.168.1.0/24", true)]
    [InlineData("192.168.1.0/23", false)]
    [InlineData("fd00:1::/65", true)]
    [InlineData("fd00::/16", false)]
    [InlineData("192.168.1.1/255.0.255.255", false)]
    [InlineData("*", false)]
    [InlineData("pc01", false)]
    [InlineData("@lab", false)]
    public void Client_is_within_networks_only_where_that_is_sure(string text, bool isWithin) => Assert.Equal(isWithin, ExportClient.Parse(text).IsWithin(Networks));

    [Theory]
    [InlineData("192.168.1.50/24", "192.168.1.7", true)]
    [InlineData("192.168.1.50/24", "192.168.2.7", false)]
    [InlineData("192.168.1.50/24", "fd00:1::7", false)]
    [InlineData("fd00:1::/64", "fd00:1::7", true)]
    [InlineData("192.168.1.7", "192.168.1.7", true)]
    [InlineData("*", "192.168.1.7", true)]
    [InlineData("pc01", "192.168.1.7", false)]
    public void Client_covers_an_address_that_is_surely_its(string text, string address, bool covers) => Assert.Equal(covers, ExportClient.Parse(text).Covers(IPAddress.Parse(address)));
}
