using EtcSync.Core.Configuration;
using EtcSync.Core.Inventories;

namespace EtcSync.Core.Tests.Inventories;

public sealed class InventoryChangeTests
{
    [Theory]
    [InlineData("a: {mac: '02:00:00:00:00:01'}", "a: {mac: '02:00:00:00:00:01'}", "")]
    [InlineData("", "a: {mac: '02:00:00:00:00:01', ip: 10.0.0.1, groups: [g, h]}", "added a: 02:00:00:00:00:01; 10.0.0.1; g, h")]
    [InlineData("a: {mac: '02:00:00:00:00:01'}", "", "removed a")]
    [InlineData("a: {mac: '02:00:00:00:00:01'}", "a: {mac: '02:00:00:00:00:02', ip: 10.0.0.1}", "a: mac 02:00:00:00:00:01 became 02:00:00:00:00:02; ip none became 10.0.0.1")]
    [InlineData("a: {mac: '02:00:00:00:00:01'}", "b: {mac: '02:00:00:00:00:01'}", "a became b")]
    [InlineData("a: {mac: '02:00:00:00:00:01'}", "a: {mac: '02:00:00:00:00:01', rollout: manual, identity: {hostname: keep}}", "a: rollout; identity")]
    public void Change_is_told_client_by_client(string before, string after, string expected) =>
        Assert.Equal(expected, string.Join("|", InventoryChange.Between(Read(before), Read(after))));

    private static Inventory Read(string client) => Inventory.Load("f", $"version: 1\nclients:\n  {client}\n").Value!;
}
