using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Doctor;

namespace EtcSync.Core.Tests.Doctor;

public sealed class NfsTablesTests
{
    private static readonly IPAddress Address = IPAddress.Parse("192.168.78.50");

    // What Linux 6.1 printed for a client that had mounted both by NFSv4.2, and entries that are out of date, unknown, or oddly named.
    private const string Exports =
        "#path domain(flags)\n"
        + "/srv\t192.168.78.0/24,192.168.78.50(ro,insecure,no_root_squash,sync,no_wdelay,no_subtree_check,v4root,uuid=0c21a5be:c5395c60:81ba2613:9041c6d8,sec=390003:390004:390005:1)\n"
        + "/srv/root\t192.168.78.0/24,192.168.78.50(ro,no_root_squash,sync,wdelay,uuid=c616e676:13ec4cb7:88c1fd16:fa642cfa,sec=1)\n"
        + "/srv/etc-client0\t192.168.78.0/24,192.168.78.50(rw,no_root_squash,sync,wdelay,uuid=c616e676:13ec4cb7:88c1fd16:fa642cfa,sec=1)\n"
        + "# /srv/etc-client1\t192.168.78.0/24,192.168.78.51(rw,no_root_squash,sync,wdelay,sec=1)\n"
        + "/srv/etc-client2\t192.168.78.0/24,192.168.78.52()\n"
        + "/srv/with\\040space\t192.168.78.0/24(ro,sync,sec=1)\n";

    [Fact]
    public void Exports_in_use_are_read_without_what_is_out_of_date_or_does_not_exist() =>
        Assert.Equal(
            [
                new("/srv", "192.168.78.0/24,192.168.78.50"),
                new("/srv/root", "192.168.78.0/24,192.168.78.50"),
                new("/srv/etc-client0", "192.168.78.0/24,192.168.78.50"),
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
    public void A_client_of_NFSv4_is_read_with_what_it_has_open()
    {
        var client = NfsTables.ReadClient(
            """
            clientid: 0xa067c0c56b032e72
            address: "192.168.78.50:948"
            status: confirmed
            seconds from last renew: 1
            name: "Linux NFSv4.2 server"
            minor version: 2
            Implementation domain: "kernel.org"
            Implementation name: "Linux 6.1.0-50-cloud-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-02) x86_64"
            Implementation time: [0, 0]
            callback state: UP
            callback address: 192.168.78.50:0

            """,
            """
            - 0x00000002722e036bc5c067a002000000: { type: open, access: r-, deny: --, superblock: "fe:00:22526", filename: "etc-pc01/hostname", owner: "open id:\x00\x00\x00\x1f\xd5t\xca\x0a" }
            - 0x00000002722e036bc5c067a003000000: { type: deleg, access: r, superblock: "fe:00:22527", filename: "ssh/sshd_config" }

            """)!;

        Assert.Equal((Address, "confirmed", 1, true), (client.Address, client.Status, client.Silent, client.IsAlive));
        Assert.Equal(["etc-pc01/hostname", "ssh/sshd_config"], client.Open.ToArray());
    }

    [Theory]
    [InlineData("1795370617\n", 1795370617)]
    [InlineData("0\n", null)]
    [InlineData("", null)]
    [InlineData("99999999999999999", null)]
    public void The_time_of_the_last_flush_is_read(string text, int? seconds) => Assert.Equal(seconds, (int?)NfsTables.ReadFlush(text)?.ToUnixTimeSeconds());

    [Theory]
    [InlineData("status: courtesy\naddress: \"192.168.78.50:790\"\nseconds from last renew: 4500\n")]
    [InlineData("status: confirmed\naddress: \"192.168.78.50:790\"\nseconds from last renew: 91\n")]
    public void A_client_of_which_nothing_is_heard_is_not_alive(string info) => Assert.False(NfsTables.ReadClient(info, "")!.IsAlive);

    [Theory]
    [InlineData("")]
    [InlineData("address: \"somewhere\"")]
    [InlineData("name: \"address: 192.168.78.50:1\"")]
    public void An_info_without_address_is_no_client(string info) => Assert.Null(NfsTables.ReadClient(info, ""));

    [Fact]
    public void An_address_uses_what_its_domain_uses()
    {
        var tables = new NfsTables(NfsTables.ReadExports(Exports), ImmutableDictionary<IPAddress, string>.Empty.Add(Address, "192.168.78.0/24,192.168.78.50"), [], [], null);

        Assert.True(tables.IsUsing(Address, "/srv/etc-client0"));
        Assert.False(tables.IsUsing(Address, "/srv/etc-client1"));
        Assert.False(tables.IsUsing(IPAddress.Parse("192.168.78.51"), "/srv/etc-client1"));
    }
}
