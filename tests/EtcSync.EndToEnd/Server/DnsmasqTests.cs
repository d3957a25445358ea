using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Server;

/// <summary>The real dnsmasq with our files, and machines that ask it, in namespaces of their own.</summary>
public sealed class DnsmasqTests : IDisposable
{
    private const string Settings = """
        server: {address: 10.77.0.1, interface: lan, network: 10.77.0.0/24}
        exports: {manage: false}
        names: {domain: lab.example}
        dhcp:
          restart-command: [/etc/restart-dnsmasq]

        """;

    private const string Card = "02:00:00:00:00:11";

    private readonly Cluster _cluster = new([], Settings);
    private readonly NetworkedMachine _machine;

    public DnsmasqTests()
    {
        Inventory(("pc01", Card, "10.77.0.11"), ("pc02", "02:00:00:00:00:12", "10.77.0.12"));
        _machine = new(_cluster);
        // The user is one that every machine has; there is no other name server to be asked.
        _machine.Write("/etc/dnsmasq.conf", "user=nobody\nno-resolv\nno-hosts\nno-ping\ndhcp-leasefile=/run/leases\n#conf-dir=/etc/dnsmasq.d/,*.conf\n");
        _machine.Write("/etc/restart-dnsmasq", "#!/bin/sh\n[ ! -f /run/dnsmasq.pid ] || kill \"$(cat /run/dnsmasq.pid)\"\nsleep 0.1\necho >> /run/restarts\nexec dnsmasq --pid-file=/run/dnsmasq.pid\n", executable: true);
        foreach (var file in (string[])["pxelinux.0", "ldlinux.c32"])
        {
            Directory.CreateDirectory(_machine.Place("/srv/root/boot"));
            File.Copy(ServerPrograms.BootFile(file), _machine.Place("/srv/root/boot/" + file));
        }

        foreach (var file in (string[])["vmlinuz-linux", "initramfs-linux.img", "efi64/syslinux.efi", "efi64/ldlinux.e64"]) _machine.Write("/srv/root/boot/" + file, file);
        Assert.Equal(0, _machine.Etcsync("sync").Code);
    }

    [NamespaceFact]
    public void Known_card_gets_its_address_name_and_boot_file_and_an_unknown_one_nothing()
    {
        Apply();

        var got = _machine.Boot(Card);
        Assert.Equal(("10.77.0.11", "pc01", "pxelinux.0", "10.77.0.1"), (got["ip"], got["hostname"], got["bootfile"], got["siaddr"]));
        Assert.Equal(("lab.example", "43200"), (got["domain"], got["lease"]));
        Assert.DoesNotContain("router", got.Keys);
        Assert.Equal("pxelinux.0", _machine.Boot(Card, architecture: 0)["bootfile"]);
        Assert.Equal("efi64/syslinux.efi", _machine.Boot(Card, architecture: 7)["bootfile"]);
        Assert.DoesNotContain("bootfile", _machine.Boot(Card, architecture: 11).Keys);
        Assert.Empty(_machine.Boot("02:00:00:00:00:99"));
    }

    [NamespaceFact]
    public void Boot_files_are_served_byte_for_byte()
    {
        Apply();
        _machine.Boot(Card);
        _machine.RunClient("ip", "addr", "add", "10.77.0.11/24", "dev", "card");

        foreach (var file in (string[])["pxelinux.0", "ldlinux.c32", "vmlinuz-linux", "pxelinux.cfg/default"])
        {
            var (code, output) = _machine.RunClient("tftp", "-m", "binary", "10.77.0.1", "-c", "get", file, "/run/fetched");
            Assert.True(code == 0, output);
            Assert.Equal("same\n", _machine.Run("sh", "-c", $"cmp /run/fetched /srv/root/boot/{file} && echo same").Output);
        }
    }

    [NamespaceFact]
    public void Unknown_machine_gets_an_address_of_the_pool_and_nothing_to_boot_where_that_is_wanted()
    {
        Configure(Settings + "  range: 10.77.0.200-10.77.0.210\n  unknown-machines: serve\n");
        Apply();

        var got = _machine.Boot("02:00:00:00:00:99");

        Assert.InRange(int.Parse(got["ip"].Split('.')[3]), 200, 210);
        Assert.DoesNotContain("bootfile", got.Keys);
        Assert.Equal("10.77.0.11", _machine.Boot(Card)["ip"]);
    }

    [NamespaceFact]
    public void Clients_come_change_and_go_without_a_restart()
    {
        Apply();
        Assert.Equal("10.77.0.11", _machine.Boot(Card)["ip"]);
        var process = Process();

        Inventory(("pc01", "02:00:00:00:00:21", "10.77.0.11"), ("pc02", "02:00:00:00:00:12", "10.77.0.32"), ("pc03", "02:00:00:00:00:13", "10.77.0.13"));
        Assert.Equal(0, _machine.Etcsync("sync").Code);
        Apply();

        Assert.Equal(("10.77.0.11", "pc01"), IpAndName("02:00:00:00:00:21"));
        Assert.Empty(_machine.Boot(Card));
        Assert.Equal(("10.77.0.32", "pc02"), IpAndName("02:00:00:00:00:12"));
        Assert.Equal(("10.77.0.13", "pc03"), IpAndName("02:00:00:00:00:13"));

        Inventory(("pc02", "02:00:00:00:00:12", "10.77.0.32"));
        Apply();

        Assert.Empty(_machine.Boot("02:00:00:00:00:13"));
        Assert.DoesNotContain("10.77.0.13", _machine.Run("cat", "/run/leases").Output, StringComparison.Ordinal);
        Assert.Equal(process, Process());
        Assert.Equal("\n", _machine.Run("cat", "/run/restarts").Output);
    }

    [NamespaceFact]
    public void Commands_bring_clients_in_and_take_them_out_without_a_restart()
    {
        Apply();

        Do("client", "add", "pc05", "--mac", "02:00:00:00:00:15", "--ip", "10.77.0.15");
        Assert.Equal(("10.77.0.15", "pc05"), IpAndName("02:00:00:00:00:15"));

        Do("client", "set", "pc05", "--mac", "02:00:00:00:00:25");
        Assert.Equal(("10.77.0.15", "pc05"), IpAndName("02:00:00:00:00:25"));
        Assert.Empty(_machine.Boot("02:00:00:00:00:15"));

        Do("client", "remove", "pc05", "--yes", "--force");
        Assert.Empty(_machine.Boot("02:00:00:00:00:25"));
        Assert.Equal("\n", _machine.Run("cat", "/run/restarts").Output);
    }

    [NamespaceFact]
    public void List_of_others_with_which_dnsmasq_would_crash_has_it_restarted()
    {
        File.AppendAllText(_machine.Place("/etc/dnsmasq.conf"), "dhcp-hostsfile=/etc/others\n");
        _machine.Write("/etc/others", "02:00:00:00:00:77,set:printers,10.77.0.77\n");
        Apply();
        Assert.Equal("10.77.0.77", _machine.Boot("02:00:00:00:00:77")["ip"]);
        Assert.DoesNotContain("bootfile", _machine.Boot("02:00:00:00:00:77").Keys);

        Inventory(("pc01", Card, "10.77.0.11"));
        Apply();

        Assert.Equal("\n\n", _machine.Run("cat", "/run/restarts").Output);
        Assert.Equal("10.77.0.11", _machine.Boot(Card)["ip"]);
    }

    [NamespaceFact]
    public void Names_are_answered_and_change_with_the_inventory()
    {
        Apply();
        Assert.Contains("10.77.0.12", Ask("pc02.lab.example"), StringComparison.Ordinal);

        Inventory(("pc02", "02:00:00:00:00:12", "10.77.0.77"));
        Apply();

        Assert.Contains("10.77.0.77", Ask("pc02.lab.example"), StringComparison.Ordinal);
        Assert.DoesNotContain("10.77.0.11", Ask("pc01.lab.example"), StringComparison.Ordinal);
    }

    [NamespaceFact]
    public void Dnsmasq_that_reads_something_else_is_noticed()
    {
        Apply();
        _machine.Write("/etc/dnsmasq.conf", "user=nobody\nno-resolv\nno-hosts\ninterface=lan\n");
        _machine.Run("/etc/restart-dnsmasq");

        Assert.Contains("The running dnsmasq does not have what /etc/dnsmasq.d/etcsync.conf says", _machine.Etcsync("server", "show").Output, StringComparison.Ordinal);
    }

    [NamespaceFact]
    public void What_dnsmasq_does_not_take_together_with_other_files_is_never_written()
    {
        _machine.Write("/etc/dnsmasq.conf", "user=nobody\nno-resolv\nbogus-option=1\n");

        var (code, output) = _machine.Etcsync("server", "apply", "--yes");

        Assert.True(code == 1, output);
        Assert.Contains("bogus-option=1", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_machine.Place("/etc/dnsmasq.d/etcsync.conf")));
    }

    [NamespaceFact]
    public void Restart_that_fails_puts_the_old_files_back()
    {
        Apply();
        _machine.Write("/etc/restart-dnsmasq", "#!/bin/sh\necho no >&2; exit 3\n", executable: true);
        Configure(Settings + "  lease: 1h\n");
        var before = File.ReadAllText(_machine.Place("/etc/dnsmasq.d/etcsync.conf"));

        var (code, output) = _machine.Etcsync("server", "apply", "--yes");

        Assert.True(code == 1, output);
        Assert.Contains("returned 3: no", output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_machine.Place("/etc/dnsmasq.d/etcsync.conf")));
    }

    [NamespaceFact]
    public void Other_server_that_answers_is_told_before_the_first_time_and_by_the_doctor()
    {
        _machine.RunClient("ip", "addr", "add", "10.77.0.2/24", "dev", "card");
        _machine.RunClient("ip", "link", "set", "card", "up");
        _machine.RunClient("dnsmasq", "--conf-file=/dev/null", "--port=0", "--user=nobody", "--interface=card", "--dhcp-range=10.77.0.100,10.77.0.110", "--no-ping", "--pid-file=/run/other.pid", "--dhcp-leasefile=/run/other.leases");

        Assert.Contains("Another DHCP server answers on lan: 10.77.0.2.", _machine.Etcsync("server", "apply", "--yes").Output, StringComparison.Ordinal);
        Assert.Contains("trouble  dnsmasq: Another DHCP server answers on lan: 10.77.0.2.", _machine.Etcsync("doctor").Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Core.Discovery.DiscoveredMachine.Asker.ToString(), _machine.Etcsync("discover").Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _machine.Dispose();
        _cluster.Dispose();
    }

    private void Apply() => Do("server", "apply", "--yes");

    private void Do(params string[] arguments)
    {
        var (code, output) = _machine.Etcsync(arguments);
        Assert.True(code == 0, output);
    }

    private (string Ip, string Name) IpAndName(string mac)
    {
        var got = _machine.Boot(mac);
        return (got.GetValueOrDefault("ip", ""), got.GetValueOrDefault("hostname", ""));
    }

    private string Process() => _machine.Run("cat", "/run/dnsmasq.pid").Output.Trim();

    private string Ask(string name) => _machine.Run("busybox", "nslookup", "-type=a", name, "10.77.0.1").Output;

    private void Configure(string settings) => File.WriteAllText(Path.Combine(_cluster.Root, "etc/etcsync/etcsync.yaml"), $"version: 1\nupstream:\n  branch: master\n{settings}");

    private void Inventory(params (string Name, string Mac, string Ip)[] clients) => File.WriteAllText(
        Path.Combine(_cluster.Root, "etc/etcsync/inventory.yaml"),
        "version: 1\nclients:\n" + string.Concat(clients.Select(client => $"  - name: {client.Name}\n    mac: {client.Mac}\n    ip: {client.Ip}\n")));
}
