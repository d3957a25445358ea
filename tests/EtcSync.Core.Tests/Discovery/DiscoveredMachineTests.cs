using System.Collections.Immutable;
using EtcSync.Core.Configuration;
using EtcSync.Core.Discovery;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Doctor;

namespace EtcSync.Core.Tests.Discovery;

public sealed class DiscoveredMachineTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);

    private static readonly Inventory Inventory = Inventory.Load("inventory.yaml", "version: 1\nclients:\n  - name: pc01\n    mac: 02:00:00:00:00:01\n").Value!;

    [Fact]
    public void Machines_that_are_no_clients_are_listed_the_latest_first()
    {
        var found = Find("""
            Nov 22 17:00:00 dnsmasq-dhcp[1]: 7 vendor class: PXEClient:Arch:00000:UNDI:002001
            Nov 22 17:00:00 dnsmasq-dhcp[1]: 7 DHCPDISCOVER(eth0) 02:00:00:00:00:99 ignored
            Nov 22 17:00:02 dnsmasq-dhcp[1]: 7 DHCPDISCOVER(eth0) 02:00:00:00:00:99 ignored
            Nov 22 17:30:00 dnsmasq-dhcp[1]: 8 DHCPDISCOVER(eth0) 02:00:00:00:00:01
            Nov 22 17:40:00 dnsmasq-dhcp[1]: 9 DHCPACK(eth0) 10.0.0.200 02:00:00:00:00:98 laptop

            """, "0 02:00:00:00:00:98 10.0.0.200 laptop *\n0 02:00:00:00:00:97 10.0.0.201 * *\n0 02:00:00:00:00:01 10.0.0.1 pc01 *\n");

        Assert.Equal(
            ["02:00:00:00:00:98 17:40:00 1 False 10.0.0.200 laptop", "02:00:00:00:00:99 17:00:02 2 True  ", "02:00:00:00:00:97  0 False 10.0.0.201 "],
            found.Select(machine => $"{machine.Mac} {machine.Asked:HH:mm:ss} {machine.Times} {machine.IsBooting} {machine.Address} {machine.CallsItself}"));
    }

    [Fact]
    public void The_card_by_which_EtcSync_asks_is_nobody() =>
        Assert.Empty(Find($"Nov 22 17:00:00 dnsmasq-dhcp[1]: 7 DHCPDISCOVER(eth0) {DiscoveredMachine.Asker} ignored\n", ""));

    [Fact]
    public void Without_log_and_leases_there_is_nobody() => Assert.Empty(Find("", ""));

    private static ImmutableArray<DiscoveredMachine> Find(string log, string leases) => DiscoveredMachine.Find(Inventory, BootLog.Read(log, Now), DhcpLease.Read(leases));
}
