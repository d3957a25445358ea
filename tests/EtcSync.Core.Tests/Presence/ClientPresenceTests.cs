using System.Net;
using EtcSync.Core.Doctor;
using EtcSync.Core.Clients;
using EtcSync.Core.Presence;
using EtcSync.Core.Tests.Configuration;

namespace EtcSync.Core.Tests.Presence;

public sealed class ClientPresenceTests
{
    private const string Tcp = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0109A8C0:0801 0B09A8C0:02F1 01 00000000:00000000 00:00000000 00000000     0        0 0 1
           1: 0109A8C0:0801 0C09A8C0:02F1 06 00000000:00000000 00:00000000 00000000     0        0 0 1
           2: 0109A8C0:0016 0D09A8C0:02F1 01 00000000:00000000 00:00000000 00000000     0        0 0 1
           3: 0109A8C0:0801 nonsense:02F1 01 00000000:00000000
        """;

    private const string Tcp6 = """
          sl  local_address                         remote_address                        st
           0: B80D0120000000000000000001000000:0801 B80D0120000000000000000005000000:0345 01 0:0 00:0 0 0 0 1
           1: 0000000000000000FFFF00000109A8C0:0801 0000000000000000FFFF00000E09A8C0:0345 01 0:0 00:0 0 0 0 1
        """;

    private static readonly Client Pc01 = InventoryEditorTests.Client("pc01", "02:00:00:00:00:01", "192.168.9.11");

    [Fact]
    public void Connections_to_the_nfs_server_are_those_that_stand() => Assert.Equal(
        ["192.168.9.11", "2001:db8::5", "192.168.9.14"],
        NetworkTables.ConnectedToNfs(Tcp).Concat(NetworkTables.ConnectedToNfs(Tcp6)).Select(address => address.ToString()));

    [Theory]
    [InlineData("clientid: 0x1\naddress: \"192.168.9.11:882\"\nname: \"Linux NFSv4.2 pc01\"\n", "192.168.9.11")]
    [InlineData("address: \"[2001:db8::5]:882\"\n", "2001:db8::5")]
    [InlineData("address: \"nonsense\"\n", null)]
    [InlineData("name: \"x\"\n", null)]
    public void Client_of_nfs_is_read_from_its_info(string info, string? address) => Assert.Equal(address, NfsTables.ReadClient(info, states: "")?.Address.ToString());

    [Fact]
    public void Client_with_a_connection_is_up()
    {
        var presence = ClientPresence.Of(Pc01, FormerClient.Of(Pc01.Name), NetworkTables.Unknown with { NfsConnections = [IPAddress.Parse("192.168.9.11")] });

        Assert.True(presence.IsUp);
        Assert.Equal("192.168.9.11 has a connection to the NFS server", Assert.Single(presence.Signs));
    }

    [Fact]
    public void Client_is_looked_for_at_its_former_address_and_at_what_it_was_leased()
    {
        var former = FormerClient.Of(Pc01.Name) with { Addresses = [IPAddress.Parse("192.168.9.99")] };
        var presence = ClientPresence.Of(Pc01, former, NetworkTables.Unknown with
        {
            Leases = [new(null, MacAddress.Parse("02:00:00:00:00:01"), IPAddress.Parse("192.168.9.150"), "pc01")],
            NfsClients = [IPAddress.Parse("192.168.9.150"), IPAddress.Parse("192.168.9.12")],
        });

        Assert.Equal(["192.168.9.11", "192.168.9.150", "192.168.9.99"], presence.Addresses.Select(address => address.ToString()));
        Assert.Equal("the NFS server knows 192.168.9.150 as a client", Assert.Single(presence.Signs));
    }

    [Fact]
    public void Lease_alone_says_nothing()
    {
        var lease = NetworkTables.Unknown with { Leases = [new(null, MacAddress.Parse("02:00:00:00:00:01"), IPAddress.Parse("192.168.9.11"), "pc01")] };

        Assert.False(ClientPresence.Of(Pc01, FormerClient.Of(Pc01.Name), lease).IsUp);
    }
}
