using EtcSync.Core.Adoption;

namespace EtcSync.Core.Tests.Adoption;

public sealed class HandMadeServerReaderTests
{
    private static readonly UnderstoodServer Guide = HandMadeServerReader.Read(GuideCluster.Server);

    [Fact]
    public void The_guides_clients_are_understood_with_cards_and_addresses()
    {
        Assert.Equal("client0 client1 client2 client3 client4 client5", string.Join(' ', Guide.Clients.Select(client => client.Client.Name)));
        Assert.Equal("00:e0:66:59:89:84 192.168.78.50", $"{Guide.Clients[0].Client.Macs[0]} {Guide.Clients[0].Client.Address}");
        Assert.All(Guide.Clients, client => Assert.Empty(client.Client.Groups));
    }

    [Fact]
    public void The_guides_settings_are_understood() => Assert.Equal(
        """
        server.address: "192.168.78.1"
        server.interface: "eth1"
        server.network: "192.168.78.0/24"
        dhcp.range: 192.168.78.50-192.168.78.150
        dhcp.lease: 12h
        dhcp.unknown-machines: serve
        dhcp.name-servers: [192.168.78.1, 8.8.8.8]
        dhcp.router: 192.168.78.1
        names.etc-hosts: true
        boot.kernel: vmlinuz-linux
        boot.initramfs: initramfs-linux-fallback.img
        boot.arguments: "elevator=deadline rootwait"
        """,
        string.Join('\n', Guide.Settings.Select(choice => $"{choice.Name}: {choice.Value}")));

    [Fact]
    public void Each_of_the_guides_exports_to_a_whole_network_is_a_fault()
    {
        var faults = Guide.Faults.Where(fault => fault.File == "/etc/exports").ToList();

        Assert.Equal([2, 3, 4, 5, 6, 7], faults.Select(fault => fault.Line));
        Assert.Contains("all of 192.168.78.0/24", faults[0].Message, StringComparison.Ordinal);
        Assert.Contains("192.168.78.50 alone", faults[0].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_guides_early_images_are_a_fault() =>
        Assert.Equal(2, Guide.Faults.Count(fault => fault.Message.Contains("intel-ucode.img", StringComparison.Ordinal)));

    [Fact]
    public void A_reservation_without_a_clone_is_no_client() =>
        Assert.DoesNotContain(Read(dnsmasq: "dhcp-host=00:e0:66:00:00:01,printer,192.168.78.60\n").Clients, client => client.Client.Name.Value == "printer");

    [Fact]
    public void A_tag_of_some_clients_is_a_group()
    {
        var read = Read(dnsmasq: "dhcp-host=00:e0:66:59:89:84,client0,192.168.78.50,set:diskless,set:lab\ndhcp-host=00:e0:66:59:88:8b,client1,192.168.78.51,set:diskless\n");

        Assert.Equal("lab", read.Clients[0].Client.Groups.Single().Value);
        Assert.Empty(read.Clients[1].Client.Groups);
        Assert.Equal("etcsync", read.Tags["diskless"]);
        Assert.Equal("group-lab", read.Tags["lab"]);
    }

    [Fact]
    public void An_address_that_only_hosts_has_is_taken() =>
        Assert.Equal("192.168.78.50", Read(dnsmasq: "dhcp-host=00:e0:66:59:89:84,client0\n").Clients[0].Client.Address!.ToString());

    [Fact]
    public void Hosts_that_contradict_a_reservation_are_a_fault() =>
        Assert.Contains(Read(hosts: "192.168.78.99 client0\n").Faults, fault => fault is { File: "/etc/hosts", Line: 1 });

    [Fact]
    public void An_exported_clone_without_a_reservation_needs_a_person() =>
        Assert.Contains(Read(dnsmasq: "dhcp-host=00:e0:66:59:89:84,client0,192.168.78.50\n").Faults, fault => fault is { File: "/etc/exports", Line: 3, NeedsPerson: true });

    [Fact]
    public void Exports_without_subtree_check_stay_so() =>
        Assert.Contains(Read(exports: "/srv/root 192.168.78.0/24(ro,no_root_squash,no_subtree_check)\n").Settings, choice => choice is { Name: "exports.subtree-check", Value: "false" });

    [Fact]
    public void Options_that_all_clients_have_are_kept_and_others_reported()
    {
        var read = Read(exports: "/srv/etc-client0 192.168.78.50(rw,subtree_check,mountpoint,fsid=7)\n/srv/etc-client1 192.168.78.51(rw,subtree_check,mountpoint)\n");

        Assert.Contains(read.Settings, choice => choice is { Name: "exports.client-options", Value: "[\"mountpoint\"]" });
        Assert.Contains(read.Faults, fault => fault is { Line: 1, NeedsPerson: true } && fault.Message.Contains("fsid=7", StringComparison.Ordinal));
    }

    [Fact]
    public void Mount_options_of_running_clients_stay() => Assert.Contains(
        Read(pxelinux: "DEFAULT x\nLABEL x\nKERNEL vmlinuz-linux\nAPPEND root=/dev/nfs nfsroot=192.168.78.1:/srv/root,ro,vers=3 ip=:::::eth0:dhcp etc=192.168.78.1:/srv/etc-HOSTNAME quiet\n").Settings,
        choice => choice is { Name: "boot.arguments", Value: "\"nfsroot=192.168.78.1:/srv/root,ro,vers=3 ip=:::::eth0:dhcp quiet\"" });

    [Theory]
    [InlineData("", "192.168.78.1")]
    [InlineData("dhcp-option=option:router,192.168.78.254\n", "192.168.78.254")]
    [InlineData("dhcp-option=3,0.0.0.0\n", "192.168.78.1")]
    [InlineData("dhcp-option=option:ntp-server,3\n", "192.168.78.1")]
    [InlineData("dhcp-option=3\n", null)]
    [InlineData("dhcp-option=tag:diskless,option:router,192.168.78.254\n", null)]
    public void Clients_keep_the_router_that_dnsmasq_told_them(string options, string? router)
    {
        var read = Read(dnsmasq: "dhcp-range=192.168.78.50,192.168.78.150\ndhcp-host=00:e0:66:59:89:84,client0,192.168.78.50\n" + options);

        Assert.Equal(router, read.Settings.FirstOrDefault(choice => choice.Name == "dhcp.router")?.Value);
    }

    [Fact]
    public void A_boot_file_of_one_card_stays_and_is_told()
    {
        var server = GuideCluster.Server with { Pxelinux = [.. GuideCluster.Server.Pxelinux, new("/srv/root/boot/pxelinux.cfg/01-00-e0-66-59-88-8b", "LABEL x\nKERNEL other\n")] };

        Assert.Contains(HandMadeServerReader.Read(server).Faults, fault => fault.NeedsPerson && fault.Message.StartsWith("client1 boots", StringComparison.Ordinal));
    }

    [Fact]
    public void Clones_elsewhere_are_found_by_the_boot_arguments()
    {
        var server = GuideCluster.With(pxelinux: "LABEL x\nKERNEL vmlinuz-linux\nAPPEND nfsroot=192.168.78.1:/nfs/root,ro etc=192.168.78.1:/nfs/HOSTNAME-etc\n") with { Directories = ["/nfs/client1-etc"] };

        var read = HandMadeServerReader.Read(server);

        Assert.Equal("/nfs/{name}-etc", read.Clones.Text);
        Assert.Equal("client1", Assert.Single(read.Clients).Client.Name.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dhcp-host=,,,\ndhcp-range=\ndhcp-option=\nlisten-address=\n=\n")]
    [InlineData("dhcp-host=00:e0:66:59:89:84,../../etc,192.168.78.50\ndhcp-host=00:e0:66:59:89:84,a\\nb\n")]
    public void What_cannot_be_read_gives_no_clients(string text) => Assert.Empty(HandMadeServerReader.Read(GuideCluster.With(dnsmasq: text, exports: text, hosts: text, pxelinux: text)).Clients);

    private static UnderstoodServer Read(string? dnsmasq = null, string? exports = null, string? hosts = null, string? pxelinux = null) =>
        HandMadeServerReader.Read(GuideCluster.With(dnsmasq, exports, hosts, pxelinux));
}
