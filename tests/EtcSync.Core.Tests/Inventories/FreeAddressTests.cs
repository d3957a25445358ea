using System.Net;
using EtcSync.Core.Configuration;
using EtcSync.Core.Inventories;

namespace EtcSync.Core.Tests.Inventories;

public sealed class FreeAddressTests
{
    [Fact]
    public void Address_of_a_new_client_is_the_next_to_those_of_the_others() =>
        Assert.Equal("192.168.9.12", First(Settings("192.168.9.0/24"), "192.168.9.10", "192.168.9.11", "192.168.9.13"));

    [Fact]
    public void Nobody_elses_address_is_taken()
    {
        var settings = Settings("192.168.9.0/24") with { Dhcp = new() { Router = IPAddress.Parse("192.168.9.2"), NameServers = [IPAddress.Parse("192.168.9.3")] } };

        Assert.Equal("192.168.9.5", FreeAddress.Of(settings, Inventory.Empty, new HashSet<IPAddress> { IPAddress.Parse("192.168.9.4") }).First().ToString());
    }

    [Fact]
    public void Pool_comes_last()
    {
        var settings = Settings("192.168.9.0/29") with { Dhcp = new() { Range = new(IPAddress.Parse("192.168.9.2"), IPAddress.Parse("192.168.9.4")) } };

        Assert.Equal(["5", "6", "2", "3", "4"], FreeAddress.Of(settings, Inventory.Empty, new HashSet<IPAddress>()).Select(address => address.ToString()[10..]));
    }

    [Fact]
    public void Network_that_is_full_has_none() =>
        Assert.Empty(FreeAddress.Of(Settings("192.168.9.0/30"), Clients("192.168.9.2"), new HashSet<IPAddress>()));

    [Fact]
    public void Without_a_network_there_is_none() => Assert.Empty(FreeAddress.Of(new(), Clients("192.168.9.2"), new HashSet<IPAddress>()));

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.255", "10.0.0.2")]
    [InlineData("10.0.0.0/16", "10.0.1.255", "10.0.2.0")]
    [InlineData("2001:db8::/64", "2001:db8::10", "2001:db8::11")]
    public void Large_networks_are_counted_through(string network, string client, string expected) => Assert.Equal(expected, First(Settings(network), client));

    private static string First(Settings settings, params string[] clients) => FreeAddress.Of(settings, Clients(clients), new HashSet<IPAddress>()).First().ToString();

    private static Settings Settings(string network)
    {
        var parsed = IPNetwork.Parse(network);
        var bytes = parsed.BaseAddress.GetAddressBytes();
        bytes[^1]++;
        return new() { Server = new() { Networks = [parsed], Addresses = [new IPAddress(bytes)] } };
    }

    private static Inventory Clients(params string[] addresses) => Inventory.Load("f", "version: 1\nclients:\n" + string.Concat(addresses.Select((address, i) => $"  c{i}: {{mac: '02:00:00:00:00:0{i}', ip: '{address}'}}\n"))).Value!;
}
