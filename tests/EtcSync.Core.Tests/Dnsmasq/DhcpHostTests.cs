using EtcSync.Core.Dnsmasq;

namespace EtcSync.Core.Tests.Dnsmasq;

public sealed class DhcpHostTests
{
    [Theory]
    [InlineData("00:e0:66:59:89:84,client0,192.168.78.50,set:diskless", "macs=00:e0:66:59:89:84 name=client0 addresses=192.168.78.50 sets=diskless")]
    [InlineData("0:E0:66:59:89:84,[fd00::5],[::56],[fd00::50/126],10.0.0.5", "macs=00:e0:66:59:89:84 addresses=fd00::5,::56,10.0.0.5 others=fd00::50/126")]
    [InlineData("02:00:00:00:00:01,02:00:00:00:00:02,10.0.0.5,pc1.lab,45m", "macs=02:00:00:00:00:01,02:00:00:00:00:02 name=pc1.lab addresses=10.0.0.5 lease=45m")]
    [InlineData("id:01:02:03,id:*,net:old,tag:lab,infinite", "ids=01:02:03,* sets=old tags=lab lease=infinite")]
    [InlineData("00:20:e0:3b:13:*,ignore", "hardware=00:20:e0:3b:13:* ignored")]
    [InlineData("06-00:20:e0:3b:13:af,10.0.0.5", "hardware=06-00:20:e0:3b:13:af addresses=10.0.0.5")]
    [InlineData("01-00:20:e0:3b:13:af", "macs=00:20:e0:3b:13:af")]
    [InlineData("02:00:00:00:00:01,12h,\"13h\"", "macs=02:00:00:00:00:01 name=13h lease=12h")]
    [InlineData("02:00:00:00:00:01,\"ignore\"", "macs=02:00:00:00:00:01 name=ignore")]
    [InlineData("02:00:00:00:00:01,100", "macs=02:00:00:00:00:01 lease=100")]
    [InlineData("02:00:00:00:zz:01", "'02:00:00:00:zz:01' is no hardware address.")]
    [InlineData("ff:ff:ff:ff:ff:ff,x", "hardware=ff:ff:ff:ff:ff:ff name=x")]
    [InlineData("", "")]
    public void Reservation_is_read_as_dnsmasq_reads_it(string text, string expected) => Assert.Equal(expected, Describe(DhcpHost.Read(DnsmasqSyntax.List(new("f", text + " \n")) is [var line] ? line : new("f", 1, "", true, [], null))));

    private static string Describe(DhcpHost host) => string.Join(' ', new[]
    {
        List("macs", host.Macs), List("hardware", host.OtherHardware), List("ids", host.ClientIds), host.Name is null ? "" : $"name={host.Name}",
        List("addresses", host.Addresses), List("others", host.OtherAddresses), List("sets", host.Sets), List("tags", host.Tags),
        host.Lease is null ? "" : $"lease={host.Lease}", host.IsIgnored ? "ignored" : "", host.Problem ?? "",
    }.Where(part => part.Length > 0));

    private static string List<T>(string name, IReadOnlyList<T> items) => items.Count == 0 ? "" : $"{name}={string.Join(',', items)}";
}
