using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Doctor;

namespace EtcSync.Core.Tests.Doctor;

public sealed class NfsTablesTests
{
    private static readonly IPAddress Address = IPAddress.Parse("192.168.78.50");

    // As fs/nfsd/export.c and net/sunrpc/cache.c print it.
    private const string Exports =
        "#path domain(flags)\n"
        + "/srv/etc-client0\t192.168.78.0/24,192.168.78.50(rw,no_root_squash,sync,wdelay,uuid=01234567:89abcdef:01234567:89abcdef,sec=1)\n"
        + "/srv/root\t192.168.78.0/24,192.168.78.50(ro,no_root_squash,sync,wdelay,uuid=01234567:89abcdef:01234567:89abcdef,sec=1)\n"
        + "# /srv/etc-client1\t192.168.78.0/24,192.168.78.51(rw,no_root_squash,sync,wdelay,sec=1)\n"
        + "/srv/etc-client2\t192.168.78.0/24,192.168.78.52()\n"
        + "/srv/with\\040space\t192.168.78.0/24(ro,sync,sec=1)\n";

    [Fact]
    public void Exports_in_use_are_read_without_what_is_out_of_date_or_does_not_exist() =>
        Assert.Equal(
            [
                new("/srv/etc-client0", "192.168.78.0/24,192.168.78.50"),
                new("/srv/root", "192.168.78.0/24,192.168.78.50"),
                new("/srv/with space", "192.168.78.0/24"),
            ],
            NfsTables.ReadExports(Exports).ToArray());

    [Fact]
    public void Handles_that_were_resolved_are_uses() =>
        Assert.Equal(
            [new("/srv/root", "192.168.78.0/24,192.168.78.50")],
            NfsTables.ReadHandles("#domain fsidtype fsid [path]\n192.168.78.0/24,192.168.78.50 7 0x0000000201234567 /srv/root\n192.168.78.0/24,192.168.78.51 7 0x0000000201234567\n").ToArray());

    [Fact]
    public void Domains_are_read_by_address()
    {
        var domains = NfsTables.ReadDomains("#class IP domain\nnfsd 192.168.78.50 192.168.78.0/24,192.168.78.50\nnfsd 10.0.0.1 -no-domain-\n# nfsd 192.168.78.51 x\nnfsd fd00:0000:0000:0000:0000:0000:0000:0050 fd00::/64,fd00::50\n");

        Assert.Equal("192.168.78.0/24,192.168.78.50", domains[Address]);
        Assert.Equal("fd00::/64,fd00::50", domains[IPAddress.Parse("fd00::50")]);
        Assert.Equal(2, domains.Count);
    }

    [Fact]
    public void A_client_of_NFSv4_is_read()
    {
        var client = NfsTables.ReadClient("""
            clientid: 0x4d9e5e0f64f1d0a1
            address: "192.168.78.50:790"
            status: confirmed
            seconds from last renew: 45
            name: "Linux NFSv4.2 client0"
            minor version: 2
            Implementation domain: "kernel.org"
            Implementation name: "Linux 6.1.0-12-amd64 #1 SMP"
            Implementation time: [0, 0]
            callback state: UP
            callback address: 192.168.78.50:0

            """);

        Assert.Equal(new NfsClient(Address, "confirmed", 45), client);
        Assert.True(client!.IsAlive);
    }

    [Theory]
    [InlineData("status: courtesy\naddress: \"192.168.78.50:790\"\nseconds from last renew: 4500\n")]
    [InlineData("status: confirmed\naddress: \"192.168.78.50:790\"\nseconds from last renew: 91\n")]
    public void A_client_of_which_nothing_is_heard_is_not_alive(string info) => Assert.False(NfsTables.ReadClient(info)!.IsAlive);

    [Theory]
    [InlineData("")]
    [InlineData("address: \"somewhere\"")]
    [InlineData("name: \"address: 192.168.78.50:1\"")]
    public void An_info_without_address_is_no_client(string info) => Assert.Null(NfsTables.ReadClient(info));

    [Fact]
    public void An_address_uses_what_its_domain_uses()
    {
        var tables = new NfsTables(null, NfsTables.ReadExports(Exports), ImmutableDictionary<IPAddress, string>.Empty.Add(Address, "192.168.78.0/24,192.168.78.50"), [], []);

        Assert.True(tables.IsUsing(Address, "/srv/etc-client0"));
        Assert.False(tables.IsUsing(Address, "/srv/etc-client1"));
        Assert.False(tables.IsUsing(IPAddress.Parse("192.168.78.51"), "/srv/etc-client1"));
    }
}
