using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Tests.Configuration;

public sealed class InventoryEditorTests
{
    internal const string Commented = """
        # our machines
        version: 1   # do not touch

        clients:
          # the first room
          - name: pc01      # by the window
            mac: 52:54:00:00:00:01
            ip:   192.168.1.1
            # rollout: manual

          - name: "pc02"
            mac:
              - 52:54:00:00:00:02
              - 52:54:00:00:00:12   # the second card
            groups: [lab, kiosk]
            rollout: schedule
            cron: '0 0 3 * * ?'
            # has a bad fan

        # the end

        """;

    internal const string MapOfFlow = """
        version: 1
        clients:
            pc01: {mac: 52:54:00:00:00:01, ip: 192.168.1.1}   # by the window
            pc02: {mac: 52:54:00:00:00:02}

        """;

    [Fact]
    public void Add_to_a_commented_list_puts_the_client_behind_the_last_one()
    {
        var added = Added(Commented, Full());

        Assert.Equal(
            Commented.Replace(
                "    # has a bad fan\n",
                """
                    # has a bad fan
                  - name: pc07
                    mac: [52:54:00:00:00:07, 52:54:00:00:00:17]
                    ip: "2001:db8::"
                    groups: [kiosk, lab]
                    rollout: schedule
                    cron: "0 30 3 * * ?"
                    time-zone: Europe/Berlin
                    identity: {machine-id: keep, ssh-host-keys: remove, hostname: keep}

                """,
                StringComparison.Ordinal),
            added);
    }

    [Fact]
    public void Add_to_a_map_of_flow_clients_writes_one_line_like_the_others()
    {
        var added = Added(MapOfFlow, Client("pc07", "52:54:00:00:00:07", "192.168.1.7"));

        Assert.Equal(MapOfFlow + "    pc07: {mac: 52:54:00:00:00:07, ip: 192.168.1.7}\n", added);
    }

    [Theory]
    [InlineData("", "version: 1\nclients:\n  - name: pc07\n    mac: 52:54:00:00:00:07\n")]
    [InlineData("# nothing yet", "# nothing yet\nversion: 1\nclients:\n  - name: pc07\n    mac: 52:54:00:00:00:07\n")]
    [InlineData("version: 1", "version: 1\nclients:\n  - name: pc07\n    mac: 52:54:00:00:00:07\n")]
    [InlineData("version: 1\r\n", "version: 1\r\nclients:\r\n  - name: pc07\r\n    mac: 52:54:00:00:00:07\r\n")]
    [InlineData("\uFEFFversion: 1\n", "\uFEFFversion: 1\nclients:\n  - name: pc07\n    mac: 52:54:00:00:00:07\n")]
    [InlineData("version: 1\nclients: # all\n# end\n", "version: 1\nclients: # all\n  - name: pc07\n    mac: 52:54:00:00:00:07\n# end\n")]
    [InlineData("version: 1\nclients: [] # all\n", "version: 1\nclients: # all\n  - name: pc07\n    mac: 52:54:00:00:00:07\n")]
    [InlineData("clients: ~\nversion: 1\n", "clients:\n  - name: pc07\n    mac: 52:54:00:00:00:07\nversion: 1\n")]
    [InlineData("clients: {\n}\nversion: 1\n", "clients:\n  - name: pc07\n    mac: 52:54:00:00:00:07\nversion: 1\n")]
    [InlineData("clients: [{name: a, mac: 52:54:00:00:00:01}, ]\nversion: 1\n", "clients: [{name: a, mac: 52:54:00:00:00:01}, {name: pc07, mac: 52:54:00:00:00:07}, ]\nversion: 1\n")]
    [InlineData("clients: {a: {mac: 52:54:00:00:00:01}}\nversion: 1\n", "clients: {a: {mac: 52:54:00:00:00:01}, pc07: {mac: 52:54:00:00:00:07}}\nversion: 1\n")]
    [InlineData("clients:\n-\n  name: a\n  mac: 52:54:00:00:00:01\nversion: 1\n", "clients:\n-\n  name: a\n  mac: 52:54:00:00:00:01\n- name: pc07\n  mac: 52:54:00:00:00:07\nversion: 1\n")]
    [InlineData("clients:\n- {name: a, mac: 52:54:00:00:00:01}\nversion: 1\n", "clients:\n- {name: a, mac: 52:54:00:00:00:01}\n- {name: pc07, mac: 52:54:00:00:00:07}\nversion: 1\n")]
    [InlineData("clients:\n  a:\n    mac: 52:54:00:00:00:01\nversion: 1\n", "clients:\n  a:\n    mac: 52:54:00:00:00:01\n  pc07:\n    mac: 52:54:00:00:00:07\nversion: 1\n")]
    [InlineData("clients:\n- name: a\n  mac: >-\n    52:54:00:00:00:01\nversion: 1\n", "clients:\n- name: a\n  mac: >-\n    52:54:00:00:00:01\n- name: pc07\n  mac: 52:54:00:00:00:07\nversion: 1\n")]
    public void Add_keeps_the_layout_of_everything_else(string before, string after)
    {
        Assert.Equal(after, Added(before, Client("pc07", "52:54:00:00:00:07")));
    }

    [Fact]
    public void Add_to_the_inventory_of_init_gives_a_valid_inventory()
    {
        var added = Added(Added(InventoryTemplate.Render(), Full()), Client("pc08", "52:54:00:00:00:08"));

        Assert.Equal(["pc07", "pc08"], Inventory.Load("f", added).Value!.Clients.Select(c => c.Name.Value));
        Assert.StartsWith(InventoryTemplate.Render(), added, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pc01", "52:54:00:00:00:99", null, "f:6: clients.pc01: The client 'pc01' is in the inventory already. Remove it first, or give the new one another name.")]
    [InlineData("pc03", "52:54:00:00:00:12", null, "f: The MAC address 52:54:00:00:00:12 belongs to the client 'pc02' already, on line 14. Each client needs its own.")]
    [InlineData("pc03", "52:54:00:00:00:03", "192.168.1.1", "f: The address 192.168.1.1 belongs to the client 'pc01' already, on line 8. Each client needs its own.")]
    public void Add_of_what_is_taken_is_refused(string name, string mac, string? ip, string expected) =>
        Assert.Equal([expected], InventoryEditor.Add("f", Commented, Client(name, mac, ip)).Problems.Select(p => p.ToString()));

    [Theory]
    [InlineData("{version: 1}\n")]
    [InlineData("version: 1\n...\n")]
    public void Add_to_a_layout_that_cannot_be_edited_shows_what_to_add_by_hand(string text)
    {
        var problem = Assert.Single(InventoryEditor.Add("f", text, Client("pc07", "52:54:00:00:00:07")).Problems);

        Assert.Equal("The file is laid out in a way that cannot be edited safely. Add this by hand:\n  - name: pc07\n    mac: 52:54:00:00:00:07", problem.Message);
    }

    [Fact]
    public void Add_to_a_broken_inventory_reports_what_is_broken() =>
        Assert.Equal(2, Assert.Single(InventoryEditor.Add("f", "version: 1\nclients: 3\n", Full()).Problems).Line);

    [Theory]
    [InlineData("pc01")]
    [InlineData("pc02")]
    public void Remove_takes_the_client_and_nothing_else(string name)
    {
        var removed = Removed(Commented, name);

        string[] own = name == "pc01"
            ? ["  - name: pc01      # by the window", "    mac: 52:54:00:00:00:01", "    ip:   192.168.1.1", "    # rollout: manual"]
            : ["  - name: \"pc02\"", "    mac:", "      - 52:54:00:00:00:02", "      - 52:54:00:00:00:12   # the second card", "    groups: [lab, kiosk]", "    rollout: schedule", "    cron: '0 0 3 * * ?'", "    # has a bad fan", ""];
        Assert.Equal(Commented.Replace(string.Join('\n', own) + "\n", "", StringComparison.Ordinal), removed);
    }

    [Theory]
    [InlineData("pc01", "version: 1\nclients:\n    pc02: {mac: 52:54:00:00:00:02}\n")]
    [InlineData("pc02", "version: 1\nclients:\n    pc01: {mac: 52:54:00:00:00:01, ip: 192.168.1.1}   # by the window\n")]
    public void Remove_from_a_map_takes_the_line(string name, string expected) => Assert.Equal(expected, Removed(MapOfFlow, name));

    [Theory]
    [InlineData("a", "clients: [{name: b, mac: 52:54:00:00:00:02}]\nversion: 1\n")]
    [InlineData("b", "clients: [{name: a, mac: 52:54:00:00:00:01}]\nversion: 1\n")]
    public void Remove_from_a_flow_list_takes_its_comma(string name, string expected) =>
        Assert.Equal(expected, Removed("clients: [{name: a, mac: 52:54:00:00:00:01}, {name: b, mac: 52:54:00:00:00:02}]\nversion: 1\n", name));

    [Fact]
    public void Remove_after_add_gives_the_same_text_again()
    {
        foreach (var text in new[] { Commented, MapOfFlow })
            Assert.Equal(text, Removed(Added(text, Full()), "pc07"));
    }

    [Fact]
    public void Remove_of_the_last_client_leaves_an_empty_inventory() =>
        Assert.Equal("version: 1\nclients:\n", Removed("version: 1\nclients:\n  - name: a\n    mac: 52:54:00:00:00:01\n", "a"));

    [Fact]
    public void Remove_of_an_unknown_client_suggests_a_known_one() => Assert.Equal(
        "There is no client 'pc10' in the inventory. Did you mean 'pc01'?",
        Assert.Single(InventoryEditor.Remove("f", Commented, ClientName.Parse("pc10")).Problems).Message);

    internal static Client Client(string name, string mac, string? ip = null) =>
        new(ClientName.Parse(name), [MacAddress.Parse(mac)], ip is null ? [] : [IPAddress.Parse(ip)], [], null, IdentityOverrides.None);

    private static Client Full() => new(
        ClientName.Parse("pc07"),
        [MacAddress.Parse("52:54:00:00:00:07"), MacAddress.Parse("52:54:00:00:00:17")],
        [IPAddress.Parse("2001:db8::")],
        [GroupName.Parse("kiosk"), GroupName.Parse("lab")],
        new(RolloutMode.Schedule, "0 30 3 * * ?", "Europe/Berlin", null),
        new(MachineIdPolicy.Keep, SshHostKeyPolicy.Remove, HostnamePolicy.Keep));

    private static string Added(string text, Client client)
    {
        var added = InventoryEditor.Add("f", text, client);
        Assert.Empty(added.Problems);
        return added.Value!;
    }

    private static string Removed(string text, string name)
    {
        var removed = InventoryEditor.Remove("f", text, ClientName.Parse(name));
        Assert.Empty(removed.Problems);
        return removed.Value!;
    }
}
