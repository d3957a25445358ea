using EtcSync.Core.Clients;
using EtcSync.Core.Dnsmasq;

namespace EtcSync.Core.Tests.Dnsmasq;

public sealed class DhcpLeaseTests
{
    private const string Text = """
        1700000000 02:00:00:00:00:01 192.168.9.11 pc01 01:02:00:00:00:00:01
        0 02:00:00:00:00:02 192.168.9.12 * *
        duid 00:01:00:01:2c:aa
        1700000000 1234 2001:db8::5 pc01 00:01:00:01:2c
        1700000000 06-02:00:00:00:00:03 192.168.9.13 pc03 *

        """;

    [Fact]
    public void Lease_file_gives_cards_addresses_names_and_times()
    {
        var leases = DhcpLease.Read(Text);

        Assert.Equal(4, leases.Length);
        Assert.Equal((MacAddress.Parse("02:00:00:00:00:01"), "192.168.9.11", "pc01"), (leases[0].Mac, leases[0].Address.ToString(), leases[0].HostName));
        Assert.Null(leases[1].HostName);
        Assert.True(leases[1].Holds(DateTimeOffset.UtcNow));
        Assert.False(leases[0].Holds(DateTimeOffset.UtcNow));
        Assert.Null(leases[2].Mac);
    }

    [Theory]
    [InlineData("")]
    [InlineData("99999999999999999999 02:00:00:00:00:01 192.168.9.11 x *")]
    [InlineData("999999999999999999 02:00:00:00:00:01 192.168.9.11 x *")]
    [InlineData("-5 02:00:00:00:00:01 192.168.9.11 x *")]
    [InlineData("5 02:00:00:00:00:01 nowhere x *\n\0\u00ff 1 2")]
    public void What_is_no_lease_is_passed_over(string text) => Assert.Empty(DhcpLease.Read(text));
}
