using System.Text.Json;
using EtcSync.Tests.Cli;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Dnsmasq;

public sealed class DiscoverTests
{
    [Fact]
    public void Discover_listsMachinesThatAsked_andObeysNothingThatTheySay()
    {
        using var cluster = new Cluster(["pc01"]);
        Put(cluster, "/etc/dnsmasq.conf", "log-facility=/var/log/asked\ndhcp-leasefile=/var/lib/leases\n");
        Put(cluster, "/var/log/asked", "Nov 22 17:00:00 dnsmasq-dhcp[1]: 7 DHCPDISCOVER(eth0) 02:00:00:00:00:99 \n");
        Put(cluster, "/var/lib/leases", "0 02:00:00:00:00:98 10.0.0.200 \u001b[31mred *\n0 02:00:00:00:00:00 10.0.0.1 pc01 *\n");

        var answer = cluster.Cli("discover");
        var json = JsonDocument.Parse(cluster.Cli("discover", "--json").Out).RootElement;

        Assert.Equal(0, answer.Code);
        Assert.Contains("02:00:00:00:00:99", answer.Out, StringComparison.Ordinal);
        Assert.Contains("\\x1b[31mred", answer.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', answer.Out);
        Assert.Equal(["02:00:00:00:00:99", "02:00:00:00:00:98"], json.GetProperty("machines").EnumerateArray().Select(machine => machine.GetProperty("mac").GetString()));
    }

    private static void Put(Cluster cluster, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(cluster.Root + path)!);
        File.WriteAllText(cluster.Root + path, text);
    }
}
