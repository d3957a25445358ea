using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Tests.Configuration;

public sealed class InventoryChangeTests
{
    [Fact]
    public void Set_changes_the_values_and_leaves_everything_beside_them()
    {
        var text = Set(InventoryEditorTests.Commented, "pc01", client => client with { Macs = [MacAddress.Parse("52:54:00:00:00:0a")], Addresses = [IPAddress.Parse("192.168.1.10"), IPAddress.Parse("2001:db8::")] });

        Assert.Equal(
            InventoryEditorTests.Commented.Replace("    mac: 52:54:00:00:00:01\n    ip:   192.168.1.1\n", "    mac: 52:54:00:00:00:0a\n    ip:   [192.168.1.10, \"2001:db8::\"]\n", StringComparison.Ordinal),
            text);
    }

    [Fact]
    public void Set_in_a_list_with_a_line_for_each_keeps_the_lines_of_those_that_stay()
    {
        var text = Set(InventoryEditorTests.Commented, "pc02", client => client with { Macs = [client.Macs[1], MacAddress.Parse("52:54:00:00:00:22")] });

        Assert.Equal(
            InventoryEditorTests.Commented.Replace(
                "      - 52:54:00:00:00:02\n      - 52:54:00:00:00:12   # the second card\n",
                "      - 52:54:00:00:00:12   # the second card\n      - 52:54:00:00:00:22\n",
                StringComparison.Ordinal),
            text);
    }

    [Fact]
    public void Set_of_nothing_removes_the_line_and_of_something_new_adds_one()
    {
        var text = Set(InventoryEditorTests.Commented, "pc01", client => client with { Addresses = [], Groups = [GroupName.Parse("lab")] });

        Assert.Equal(InventoryEditorTests.Commented.Replace("    ip:   192.168.1.1\n", "    groups: lab\n", StringComparison.Ordinal), text);
    }

    [Theory]
    [InlineData("clients: {a: {mac: 52:54:00:00:00:01, ip: 10.0.0.1}}\nversion: 1\n", "clients: {a: {mac: 52:54:00:00:00:01, ip: 10.0.0.9, groups: g}}\nversion: 1\n")]
    [InlineData("clients: [{name: a, mac: 52:54:00:00:00:01}]\nversion: 1\n", "clients: [{name: a, mac: 52:54:00:00:00:01, ip: 10.0.0.9, groups: g}]\nversion: 1\n")]
    [InlineData("clients:\n-\n  mac: 52-54-00-00-00-01 # card\n  name: a\n  ip:\n  groups: []\nversion: 1\n", "clients:\n-\n  mac: 52-54-00-00-00-01 # card\n  name: a\n  ip: 10.0.0.9\n  groups: [g]\nversion: 1\n")]
    [InlineData("clients:\r\n  a:\r\n    mac: 52:54:00:00:00:01\r\nversion: 1\r\n", "clients:\r\n  a:\r\n    mac: 52:54:00:00:00:01\r\n    ip: 10.0.0.9\r\n    groups: g\r\nversion: 1\r\n")]
    public void Set_keeps_the_layout(string before, string after) =>
        Assert.Equal(after, Set(before, "a", client => client with { Addresses = [IPAddress.Parse("10.0.0.9")], Groups = [GroupName.Parse("g")] }));

    [Fact]
    public void Set_to_what_is_taken_is_refused_with_the_line_of_who_has_it() => Assert.Equal(
        "f: The MAC address 52:54:00:00:00:12 belongs to the client 'pc02' already, on line 11. Each client needs its own.",
        Assert.Single(InventoryEditor.Set("f", InventoryEditorTests.Commented, InventoryEditorTests.Client("pc01", "52:54:00:00:00:12")).Problems).ToString());

    [Fact]
    public void Set_of_an_unknown_client_suggests_a_known_one() => Assert.Equal(
        "There is no client 'pc10' in the inventory. Did you mean 'pc01'?",
        Assert.Single(InventoryEditor.Set("f", InventoryEditorTests.Commented, InventoryEditorTests.Client("pc10", "52:54:00:00:00:12")).Problems).Message);

    [Theory]
    [InlineData("pc01", "- name: pc01      # by", "- name: desk      # by")]
    [InlineData("pc02", "- name: \"pc02\"", "- name: desk")]
    public void Rename_changes_the_name_and_nothing_else(string name, string before, string after) =>
        Assert.Equal(InventoryEditorTests.Commented.Replace(before, after, StringComparison.Ordinal), Renamed(InventoryEditorTests.Commented, name, "desk"));

    [Fact]
    public void Rename_in_a_map_changes_the_key() => Assert.Equal(
        InventoryEditorTests.MapOfFlow.Replace("pc01:", "desk:", StringComparison.Ordinal), Renamed(InventoryEditorTests.MapOfFlow, "pc01", "desk"));

    [Fact]
    public void Rename_to_a_word_that_means_nothing_is_quoted() =>
        Assert.Contains("- name: \"null\"", Renamed(InventoryEditorTests.Commented, "pc01", "null"), StringComparison.Ordinal);

    [Fact]
    public void Rename_to_a_name_that_is_taken_is_refused() => Assert.Equal(
        "f:11: clients.pc02: The client 'pc02' is in the inventory already. Take another name.",
        Assert.Single(InventoryEditor.Rename("f", InventoryEditorTests.Commented, ClientName.Parse("pc01"), ClientName.Parse("pc02")).Problems).ToString());

    private static string Set(string text, string name, Func<Client, Client> change)
    {
        var edited = InventoryEditor.Set("f", text, change(Inventory.Load("f", text).Value!.Find(ClientName.Parse(name))!));
        Assert.Empty(edited.Problems);
        return edited.Value!;
    }

    private static string Renamed(string text, string name, string newName)
    {
        var edited = InventoryEditor.Rename("f", text, ClientName.Parse(name), ClientName.Parse(newName));
        Assert.Empty(edited.Problems);
        return edited.Value!;
    }
}
