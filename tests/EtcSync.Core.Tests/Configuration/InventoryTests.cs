using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Tests.Configuration;

public sealed class InventoryTests
{
    [Fact]
    public void List_and_map_say_the_same()
    {
        var list = Load("""
            version: 1
            clients:
              - name: pc02
                mac: 52:54:00:00:00:02
              - name: pc01
                mac: [52:54:00:00:00:01, AA-BB-CC-00-00-02]
                ip: 192.168.1.1
                groups: [lab, kiosk]
                rollout: schedule
                cron: "0 0 3  * * ?"
                time-zone: UTC
                identity: {hostname: keep}
            """);
        var map = Load("""
            version: 1
            clients:
              pc01: {mac: [52:54:00:00:00:01, AA-BB-CC-00-00-02], ip: 192.168.1.1, groups: [lab, kiosk], rollout: schedule, cron: "0 0 3 * * ?", time-zone: UTC, identity: {hostname: keep}}
              pc02:
                mac: 52:54:00:00:00:02
            """);

        Assert.Equal(["pc01", "pc02"], list.Clients.Select(c => c.Name.Value));
        Assert.Equal(
            list.Clients.Select(c => c with { Rollout = null }),
            map.Clients.Select(c => c with { Rollout = null }));
        var client = list.Find(ClientName.Parse("pc01"))!;
        Assert.Equal(["52:54:00:00:00:01", "aa:bb:cc:00:00:02"], client.Macs.Select(m => m.ToString()));
        Assert.Equal(IPAddress.Parse("192.168.1.1"), client.Address);
        Assert.Equal(["lab", "kiosk"], client.Groups.Select(g => g.Value));
        Assert.Equal(new(RolloutMode.Schedule, "0 0 3 * * ?", "UTC", new("f", 9)), client.Rollout);
        Assert.Equal(new(null, null, HostnamePolicy.Keep), client.Identity);
        Assert.Equal((5, 3), (list.LineOf(client.Name), map.LineOf(client.Name)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("version: 1\nclients:\n")]
    [InlineData("version: 1\nclients: []\n")]
    public void Inventory_without_clients_is_empty(string text) => Assert.Empty(Load(text).Clients);

    [Fact]
    public void Template_is_valid_and_its_example_too()
    {
        var template = InventoryTemplate.Render();
        var example = string.Join('\n', template.Split('\n').Where(l => l.StartsWith("#   ", StringComparison.Ordinal)).Select(l => l[1..]));

        Assert.Empty(Load(template).Clients);
        Assert.Equal("pc01", Assert.Single(Load(template + example + "\n").Clients).Name.Value);
    }

    private static Inventory Load(string text)
    {
        var loaded = Inventory.Load("f", text);
        Assert.Empty(loaded.Problems);
        return loaded.Value!;
    }
}
