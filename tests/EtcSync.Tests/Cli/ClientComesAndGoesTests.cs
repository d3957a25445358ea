using System.Net;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Inventories;
using EtcSync.State;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Cli;

public sealed class ClientComesAndGoesTests
{
    private const string Network = "server:\n  address: 192.168.9.1\n  network: 192.168.9.0/24\ndhcp:\n  range: 192.168.9.100-192.168.9.200\n";

    [Fact]
    public void Added_client_has_a_free_address_and_its_clone_at_once()
    {
        using var cluster = new Cluster(["pc01"], Network);
        cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.10");
        Put(cluster, "/var/lib/misc/dnsmasq.leases", "0 02:00:00:00:00:99 192.168.9.11 phone *\n");
        Put(cluster, "/etc/hosts", "127.0.0.1 localhost\n192.168.9.12 printer\n");

        var answer = cluster.Cli("client", "add", "pc02", "--mac", "02:00:00:00:00:77");

        Assert.Equal(0, answer.Code);
        Assert.Contains("pc02 was added and has 192.168.9.13, which was free.", answer.Out, StringComparison.Ordinal);
        Assert.Contains("02:00:00:00:00:77", answer.Out, StringComparison.Ordinal);
        Assert.Equal("pc02\n", cluster.Read("pc02", "hostname"));
        cluster.AssertInOrder("pc02");
    }

    [Fact]
    public void A_whole_room_is_told_in_short_and_the_log_too()
    {
        using var cluster = new Cluster([], Network);
        Put(cluster, "/room.csv", string.Concat(Enumerable.Range(1, 5).Select(i => $"room{i},02:00:00:00:01:0{i},,room\n")));

        var answer = cluster.Cli("client", "import", cluster.Root + "/room.csv", "--yes");

        Assert.Equal(0, answer.Code);
        Assert.DoesNotContain("The machine with", answer.Out, StringComparison.Ordinal);
        Assert.Contains("server show' shows what they get.", answer.Out, StringComparison.Ordinal);
        Assert.Contains("And 2 more", cluster.Cli("inventory", "log").Out, StringComparison.Ordinal);
        Assert.Contains("added room5: ", cluster.Cli("inventory", "log", "--json").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_is_to_be_adopted_the_next_step_is_told()
    {
        using var cluster = new Cluster([]);

        var answer = cluster.Cli("adopt");

        Assert.Equal(0, answer.Code);
        Assert.StartsWith("There is nothing to adopt", answer.Out.TrimStart(), StringComparison.Ordinal);
    }

    [Fact]
    public void Client_that_is_held_is_added_without_a_clone_and_that_is_said()
    {
        using var cluster = new Cluster([], Network);
        cluster.Cli("hold", "--all");

        var answer = cluster.Cli("client", "add", "pc02", "--mac", "02:00:00:00:00:77");

        Assert.Equal(2, answer.Code);
        Assert.Contains("pc02 is in the inventory and has no clone", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void New_card_takes_the_place_of_the_old_one()
    {
        using var cluster = new Cluster(["pc01"], Network);

        Assert.Equal(0, cluster.Cli("client", "set", "pc01", "--mac", "02:00:00:00:00:aa", "--add-mac", "02:00:00:00:00:bb").Code);
        Assert.Equal(["02:00:00:00:00:aa", "02:00:00:00:00:bb"], Macs());
        Assert.Equal(0, cluster.Cli("client", "set", "pc01", "--remove-mac", "02:00:00:00:00:aa").Code);
        Assert.Equal(["02:00:00:00:00:bb"], Macs());
        Assert.Equal(1, cluster.Cli("client", "set", "pc01", "--remove-mac", "02:00:00:00:00:bb").Code);
        Assert.Equal(1, cluster.Cli("client", "set", "pc01", "--remove-mac", "02:00:00:00:00:cc").Code);
        Assert.Equal(1, cluster.Cli("client", "set", "pc01").Code);

        IEnumerable<string?> Macs() => cluster.Cli("client", "show", "pc01", "--json").Json.GetProperty("client").GetProperty("macs").EnumerateArray().Select(mac => mac.GetString());
    }

    [Fact]
    public void Changed_address_stays_known_until_the_client_has_booted_with_the_new_one()
    {
        using var cluster = new Cluster(["pc01", "pc02"], Network);
        cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.10");

        var answer = cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.20", "--ip", "2001:db8::20");

        Assert.Equal(0, answer.Code);
        Assert.Contains("192.168.9.10", answer.Out, StringComparison.Ordinal);
        var formers = new FormerStore(cluster.Workspace.State);
        Assert.Equal(["192.168.9.10"], formers.Find(ClientName.Parse("pc01")).Addresses.Select(address => address.ToString()));
        Assert.Equal(1, cluster.Cli("client", "set", "pc02", "--ip", "192.168.9.10").Code);
        Assert.Equal(0, cluster.Cli("client", "booted", "pc01").Code);
        Assert.Equal(0, cluster.Cli("client", "set", "pc02", "--ip", "192.168.9.10").Code);
    }

    [Fact]
    public void Client_is_settled_by_what_is_seen_of_it_once_the_servers_know()
    {
        using var cluster = new Cluster(["pc01"], Network);
        cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.10");
        cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.20");
        cluster.Reload();
        var formers = new FormerClients(cluster.Workspace);
        ClientSighting[] seen = [new ClientSighting.Connection(IPAddress.Parse("192.168.9.20"), DateTimeOffset.UtcNow.AddMinutes(1))];
        var told = Core.Server.InstalledFiles.None with { Clients = [new(ClientName.Parse("pc01"), [MacAddress.Parse("02:00:00:00:00:00")], [IPAddress.Parse("192.168.9.20")])] };

        Assert.Empty(formers.Forget(Core.Server.InstalledFiles.None, () => seen));
        Assert.Equal(["pc01"], formers.Forget(told, () => seen).Select(name => name.Value));
        Assert.Empty(new FormerStore(cluster.Workspace.State).All());
    }

    [Fact]
    public void Client_that_is_up_is_removed_only_by_force()
    {
        using var cluster = new Cluster(["pc01"], Network);
        cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.10");
        Put(cluster, "/proc/fs/nfsd/clients/7/info", "clientid: 0x1\naddress: \"192.168.9.10:882\"\n");

        var refused = cluster.Cli("client", "remove", "pc01", "--yes");

        Assert.Equal(1, refused.Code);
        Assert.Contains("the NFS server knows 192.168.9.10 as a client", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Cli("client", "remove", "pc01", "--yes", "--force").Code);
    }

    [Fact]
    public void Imported_clients_come_all_or_none()
    {
        using var cluster = new Cluster(["pc01"], Network);
        var list = Path.Combine(cluster.Root, "list.csv");
        File.WriteAllText(list, "pc02,02:00:00:00:00:72,192.168.9.20,lab\npc03,02:00:00:00:00:73\n../x,02:00:00:00:00:00\n");

        var refused = cluster.Cli("client", "import", list, "--yes");
        Assert.Equal(1, refused.Code);
        Assert.Contains("list.csv:3", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("pc02", File.ReadAllText(cluster.Workspace.Locations.InventoryFile), StringComparison.Ordinal);

        File.WriteAllText(list, "pc02,02:00:00:00:00:72,192.168.9.20,lab\npc03,02:00:00:00:00:73\n");
        Assert.Equal(1, cluster.Cli("client", "import", list).Code);
        Assert.Equal(0, cluster.Cli("client", "import", list, "--yes").Code);
        Assert.Equal("192.168.9.2", cluster.Cli("client", "show", "pc03", "--json").Json.GetProperty("client").GetProperty("ip").GetString());
        cluster.AssertInOrder("pc02");
        cluster.AssertInOrder("pc03");
        Assert.Contains("already", cluster.Cli("client", "import", list, "--yes").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Machine_that_asked_for_an_address_is_taken_in_and_no_other()
    {
        using var cluster = new Cluster([], Network);
        Put(cluster, "/etc/dnsmasq.conf", "log-facility=/var/log/boot.log\n");
        Put(cluster, "/var/log/boot.log", "Nov 22 17:32:36 dnsmasq-dhcp[7]: DHCPDISCOVER(eth0) 02:00:00:00:00:77 no address available\n");

        Assert.Equal(1, cluster.Cli("client", "add", "pc02").Code);
        Assert.Equal(1, cluster.Cli("client", "add", "pc02", "--from-discovered", "02:00:00:00:00:78").Code);
        Assert.Equal(0, cluster.Cli("client", "add", "pc02", "--from-discovered", "02:00:00:00:00:77").Code);
        Assert.Contains("02:00:00:00:00:77", File.ReadAllText(cluster.Workspace.Locations.InventoryFile), StringComparison.Ordinal);
    }

    [Fact]
    public void Address_that_dnsmasq_keeps_for_another_machine_is_not_given_away()
    {
        using var cluster = new Cluster([], Network);
        Put(cluster, "/etc/dnsmasq.conf", "dhcp-host=02:00:00:00:00:99,192.168.9.2,printer\n");

        Assert.Contains("has 192.168.9.3", cluster.Cli("client", "add", "pc02", "--mac", "02:00:00:00:00:77").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Client_that_boots_is_settled_by_what_the_servers_logged()
    {
        using var cluster = new Cluster(["pc01"], Network);
        cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.10");
        cluster.Cli("client", "rename", "pc01", "desk");
        cluster.Reload();
        Put(cluster, "/etc/dnsmasq.conf", "log-facility=/var/log/boot.log\n");
        Put(cluster, "/var/log/boot.log", $"{DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeSeconds()}.000000 server dnsmasq-tftp[7]: sent /srv/root/boot/vmlinuz to 192.168.9.10\n");
        var told = Core.Server.InstalledFiles.None with { Clients = [new(ClientName.Parse("desk"), [MacAddress.Parse("02:00:00:00:00:00")], [IPAddress.Parse("192.168.9.10")])] };

        Assert.Equal(["desk"], new FormerClients(cluster.Workspace).Forget(told, () => new EtcSync.Presence.SightingReader(cluster.Workspace).Read()).Select(name => name.Value));
    }

    [Fact]
    public void Inventory_keeps_what_it_was_and_becomes_that_again()
    {
        using var cluster = new Cluster(["pc01"], Network);
        var file = Path.Combine(cluster.Root, "etc/etcsync/inventory.yaml");
        var first = File.ReadAllText(file);
        cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.10");
        File.AppendAllText(file, "# by hand\n");
        cluster.Cli("client", "set", "pc01", "--group", "lab");

        var revisions = cluster.Cli("inventory", "log", "--json").Json.GetProperty("revisions").EnumerateArray().ToList();

        Assert.Equal(["client set pc01", InventoryHistory.ByHand, "client set pc01", "as it was found"], revisions.Select(one => one.GetProperty("what").GetString()));
        Assert.Equal(["tester", "unknown", "tester", "unknown"], revisions.Select(one => one.GetProperty("by").GetString()));
        Assert.Equal("pc01: groups none became lab", revisions[0].GetProperty("changes")[0].GetString());
        var start = revisions[^1].GetProperty("id").GetString()!;
        Assert.Equal(1, cluster.Cli("inventory", "revert", "zzzz").Code);
        Assert.Equal(1, cluster.Cli("inventory", "revert", start).Code);
        var reverted = cluster.Cli("inventory", "revert", start[..10], "--yes");
        Assert.Equal(0, reverted.Code);
        Assert.Contains("-# by hand", reverted.Out, StringComparison.Ordinal);
        Assert.Equal(first, File.ReadAllText(file));
        Assert.StartsWith("inventory revert ", cluster.Cli("inventory", "log", "--json").Json.GetProperty("revisions")[0].GetProperty("what").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Inventory_that_was_broken_by_hand_is_brought_back()
    {
        using var cluster = new Cluster(["pc01"], Network);
        cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.10");
        var file = cluster.Workspace.Locations.InventoryFile;
        var good = File.ReadAllText(file);
        File.WriteAllText(file, good + "  - name: [\n");
        var revision = cluster.Cli("inventory", "log", "--json").Json.GetProperty("revisions")[0].GetProperty("id").GetString()!;

        Assert.Equal(1, cluster.Cli("client", "list").Code);
        Assert.Equal(0, cluster.Cli("inventory", "revert", revision, "--yes").Code);

        Assert.Equal(good, File.ReadAllText(file));
        Assert.Equal("it is not valid any more", cluster.Cli("inventory", "log", "--json").Json.GetProperty("revisions")[1].GetProperty("changes")[0].GetString());
    }

    [Fact]
    public void Inventory_that_was_deleted_is_brought_back()
    {
        using var cluster = new Cluster(["pc01"], Network);
        cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.10");
        var file = cluster.Workspace.Locations.InventoryFile;
        var good = File.ReadAllText(file);
        File.Delete(file);
        Assert.Contains("inventory revert", cluster.Cli("client", "list").Error, StringComparison.Ordinal);
        var revision = cluster.Cli("inventory", "log", "--json").Json.GetProperty("revisions")[0].GetProperty("id").GetString()!;

        Assert.Equal(0, cluster.Cli("inventory", "revert", revision, "--yes").Code);

        Assert.Equal(good, File.ReadAllText(file));
    }

    [Fact]
    public void Damaged_history_stops_nobody()
    {
        using var cluster = new Cluster(["pc01"], Network);
        cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.10");
        File.WriteAllText(Path.Combine(cluster.Workspace.State.InventoryHistory, "refs/heads/main"), "nonsense\n");

        var answer = cluster.Cli("client", "set", "pc01", "--ip", "192.168.9.11");

        Assert.Equal(0, answer.Code);
        Assert.Contains("history cannot be kept", answer.Error, StringComparison.Ordinal);
    }

    internal static void Put(Cluster cluster, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(cluster.Root + path)!);
        File.WriteAllText(cluster.Root + path, text);
    }
}
