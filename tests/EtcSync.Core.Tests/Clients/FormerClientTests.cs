using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Tests.Configuration;

namespace EtcSync.Core.Tests.Clients;

public sealed class FormerClientTests
{
    private static readonly DateTimeOffset When = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Client Pc01 = InventoryEditorTests.Client("pc01", "02:00:00:00:00:01", "192.168.9.11");
    private static readonly Client Desk = Pc01 with { Name = ClientName.Parse("desk"), Addresses = [IPAddress.Parse("192.168.9.12")] };
    private static readonly FormerClient Former = FormerClient.Of(Pc01.Name).Changed(Pc01, Desk, When);

    [Fact]
    public void Change_leaves_the_name_and_the_address_behind()
    {
        Assert.Equal("desk", Former.Name.Value);
        Assert.Equal(["pc01"], Former.Names.Select(name => name.Value));
        Assert.Equal(["192.168.9.11"], Former.Addresses.Select(address => address.ToString()));
    }

    [Fact]
    public void Change_back_leaves_only_the_way() =>
        Assert.Equal(["desk"], Former.Changed(Desk, Pc01, When).Names.Select(name => name.Value));

    [Fact]
    public void Change_of_what_is_no_name_and_no_address_leaves_nothing() =>
        Assert.True(FormerClient.Of(Pc01.Name).Changed(Pc01, Pc01 with { Groups = [GroupName.Parse("lab")] }, When).IsEmpty);

    [Fact]
    public void What_belongs_to_another_client_now_is_no_longer_its()
    {
        var left = Former.Without(new HashSet<ClientName> { ClientName.Parse("pc01") }, new HashSet<IPAddress> { IPAddress.Parse("192.168.9.11") });

        Assert.True(left.IsEmpty);
    }

    [Fact]
    public void Connection_shows_a_new_address_and_no_new_name()
    {
        ClientSighting[] seen = [new ClientSighting.Connection(IPAddress.Parse("192.168.9.12"), When.AddMinutes(1))];

        Assert.False(Former.HasBooted(Desk, "/srv/etc-desk", seen));
        Assert.True((Former with { Names = [] }).HasBooted(Desk, "/srv/etc-desk", seen));
    }

    [Theory]
    [InlineData("192.168.9.12", null, 1, true)]
    [InlineData("192.168.9.12", "/srv/etc-desk", 1, true)]
    [InlineData("192.168.9.12", "/srv/root", 1, false)]
    [InlineData("192.168.9.12", "/srv/etc-pc01", 1, false)]
    [InlineData("192.168.9.11", null, 1, false)]
    [InlineData("192.168.9.12", null, -1, false)]
    public void Client_has_booted_when_it_was_seen_booting_as_what_it_is(string address, string? directory, int minutes, bool expected) =>
        Assert.Equal(expected, Former.HasBooted(Desk, "/srv/etc-desk", [
            directory is null ? new ClientSighting.Boot(IPAddress.Parse(address), When.AddMinutes(minutes)) : new ClientSighting.Mount(IPAddress.Parse(address), directory, When.AddMinutes(minutes)),
        ]));
}
