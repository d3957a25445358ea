using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Exports;
using EtcSync.Core.Server;
using static EtcSync.Core.Tests.Exports.Cluster;

namespace EtcSync.Core.Tests.Exports;

public sealed class ExportsFilesTests
{
    [Fact]
    public void Cluster_exports_the_root_to_its_network_and_each_etc_to_its_client()
    {
        var observation = Of(Client("pc01", "192.168.1.50"), Client("pc02", "192.168.1.51"));

        Assert.Equal(
            [
                "/srv/root\t192.168.1.0/24(ro,sync,no_root_squash,subtree_check,sec=sys)",
                "/srv/etc-pc01\t192.168.1.50(rw,sync,no_root_squash,subtree_check,sec=sys)",
                "/srv/etc-pc02\t192.168.1.51(rw,sync,no_root_squash,subtree_check,sec=sys)",
            ],
            Lines(observation));
        Assert.Empty(Findings(observation));
    }

    [Fact]
    public void File_begins_with_who_owns_it_and_is_read_again_after_a_change()
    {
        var file = Assert.Single(new ExportsFiles().Render(Of()));

        Assert.Equal(ReloadKind.Reread, file.Reload);
        Assert.StartsWith(FileHeader.Line, ((GeneratedContent.Whole)file.Content).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Exports_that_somebody_else_manages_are_neither_written_nor_judged()
    {
        var observation = Of(Client("pc01")).With(new() { Manage = false }).WithForeign("/ *(rw)\n");

        Assert.Empty(new ExportsFiles().Render(observation));
        Assert.Empty(Findings(observation));
    }

    [Fact]
    public void Client_with_two_addresses_has_an_export_for_each()
    {
        var observation = Of(Client("pc01", "192.168.1.50", "fd00:1::50"));
        observation = observation with { Settings = observation.Settings with { Server = observation.Settings.Server with { Networks = [IPNetwork.Parse("192.168.1.0/24"), IPNetwork.Parse("fd00:1::/64")] } } };

        Assert.Equal(["/srv/root\t192.168.1.0/24", "/srv/root\tfd00:1::/64", "/srv/etc-pc01\t192.168.1.50", "/srv/etc-pc01\tfd00:1::50"], Lines(observation).Select(line => line[..line.IndexOf('(', StringComparison.Ordinal)]));
        Assert.Empty(Findings(observation));
    }

    [Fact]
    public void Client_without_an_address_is_exported_to_nobody_and_told_so()
    {
        var observation = Of(Client("pc01"));

        Assert.DoesNotContain(Lines(observation), line => line.Contains("pc01", StringComparison.Ordinal));
        Assert.Equal("pc01 has no address of its own, so its /etc cannot be exported to it alone, and is exported to nobody. Give it one: 'etcsync client set pc01 --ip ADDRESS'.", Assert.Single(Findings(observation)));
    }

    [Fact]
    public void Client_outside_all_networks_is_pointed_out()
    {
        Assert.Contains("no IPv6 network", Assert.Single(Findings(Of(Client("pc01", "192.168.1.50", "fd00:1::50")))), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_network_is_refused()
    {
        var observation = Of();
        observation = observation with { Settings = observation.Settings with { Server = new() } };

        var finding = Assert.Single(new ExportsFiles().Check(observation));

        Assert.Equal(FindingLevel.Refusal, finding.Level);
        Assert.Contains("server.network", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Former_address_is_exported_too_and_may_mount_the_root_from_outside_the_network()
    {
        var observation = Of(Client("pc01", "192.168.1.50") with { FormerAddresses = [IPAddress.Parse("192.168.1.60"), IPAddress.Parse("10.0.0.5")] });

        Assert.Equal(
            ["/srv/root 192.168.1.0/24", "/srv/root 10.0.0.5", "/srv/etc-pc01 192.168.1.50", "/srv/etc-pc01 192.168.1.60", "/srv/etc-pc01 10.0.0.5"],
            Lines(observation).Select(line => line[..line.IndexOf('(', StringComparison.Ordinal)].Replace('\t', ' ')));
    }

    [Fact]
    public void Former_address_that_another_client_has_now_gets_only_that_clients_etc()
    {
        var observation = Of(Client("pc01", "192.168.1.60") with { FormerAddresses = [IPAddress.Parse("192.168.1.50")] }, Client("pc02", "192.168.1.50"));

        Assert.DoesNotContain(Lines(observation), line => line.StartsWith("/srv/etc-pc01\t192.168.1.50(", StringComparison.Ordinal));
        Assert.Equal("pc01 may still be running with 192.168.1.50, which 'pc02' has too: its /etc is no longer exported there. Restart pc01.", Assert.Single(Findings(observation)));
    }

    [Fact]
    public void Former_address_of_two_clients_gets_neither_etc()
    {
        var observation = Of(
            Client("pc01", "192.168.1.60") with { FormerAddresses = [IPAddress.Parse("192.168.1.50")] },
            Client("pc02", "192.168.1.61") with { FormerAddresses = [IPAddress.Parse("192.168.1.50")] });

        Assert.DoesNotContain(Lines(observation), line => line.Contains("192.168.1.50", StringComparison.Ordinal));
        Assert.Equal(2, Findings(observation).Length);
    }

    [Fact]
    public void Boot_builder_alone_may_write_the_boot_directory()
    {
        var observation = Of(Client("pc01", "192.168.1.50"), Client("pc02", "192.168.1.51")).With(new() { BootBuilder = ClientName.Parse("pc02") });

        Assert.Equal("/srv/root/boot\t192.168.1.51(rw,sync,no_root_squash,subtree_check,sec=sys)", Assert.Single(Lines(observation), line => line.StartsWith("/srv/root/boot", StringComparison.Ordinal)));
    }

    [Fact]
    public void Boot_builder_that_is_no_client_is_pointed_out()
    {
        var observation = Of().With(new() { BootBuilder = ClientName.Parse("pc02") });

        Assert.Contains("'pc02' is no client of the inventory", Assert.Single(Findings(observation)), StringComparison.Ordinal);
        Assert.Empty(Findings(observation with { Waiting = [ClientName.Parse("pc02")] }));
    }

    [Fact]
    public void Options_of_the_settings_replace_the_defaults_that_they_are_about()
    {
        var observation = Of(Client("pc01", "192.168.1.50")).With(new() { Security = "krb5p:krb5i", SubtreeCheck = false, RootOptions = ["crossmnt", "fsid=7"], ClientOptions = ["async", "mp=/srv/clones"], BootBuilder = ClientName.Parse("pc01") });

        Assert.Equal(
            [
                "/srv/root\t192.168.1.0/24(ro,sync,no_root_squash,no_subtree_check,sec=krb5p:krb5i,crossmnt,fsid=7)",
                "/srv/root/boot\t192.168.1.50(rw,no_root_squash,no_subtree_check,sec=krb5p:krb5i,async)",
                "/srv/etc-pc01\t192.168.1.50(rw,no_root_squash,no_subtree_check,sec=krb5p:krb5i,async,mp=/srv/clones)",
            ],
            Lines(observation));
    }

    [Fact]
    public void Directories_on_file_systems_without_identity_get_one_each_that_stays()
    {
        var observation = Of(Client("pc01", "192.168.1.50"), Client("pc02", "192.168.1.51"));
        observation = observation with { Places = ExportedPlaces.Ordinary with { WithoutIdentity = ExportedPlaces.Ordinary.WithoutIdentity.Union(["/srv/root", "/srv/etc-pc01", "/srv/etc-pc02"]) } };

        var lines = Lines(observation);

        Assert.Equal("/srv/etc-pc01\t192.168.1.50(rw,sync,no_root_squash,subtree_check,sec=sys,fsid=58262d3c-bb01-ad1f-ecbb-7fb42cfbb9f0)", lines[1]);
        Assert.Equal(3, lines.Select(line => line[line.IndexOf("fsid=", StringComparison.Ordinal)..]).Distinct().Count());
    }

    [Fact]
    public void Options_that_are_too_long_for_exportfs_are_refused()
    {
        var observation = Of(Client("pc01", "192.168.1.50")).With(new() { ClientOptions = [.. Enumerable.Range(0, 3).Select(i => $"mp=/{new string((char)('a' + i), 190)}")] });

        Assert.Contains(new ExportsFiles().Check(observation), finding => finding.Level == FindingLevel.Refusal && finding.Message.Contains("longer than exportfs reads", StringComparison.Ordinal));
    }

    [Fact]
    public void Clones_beside_other_files_without_subtree_check_are_pointed_out()
    {
        var observation = Of(Client("pc01", "192.168.1.50")) with { Places = ExportedPlaces.Ordinary with { BesideClones = ["the shared root"] } };

        Assert.Empty(Findings(observation));
        Assert.Contains("guess file handles", Assert.Single(Findings(observation.With(new() { SubtreeCheck = false }))), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_back_as_it_was_meant()
    {
        var observation = Of(Client("pc01", "192.168.1.50")).With(new() { ClientOptions = ["async", "no_acl"] });
        var text = ((GeneratedContent.Whole)new ExportsFiles().Render(observation)[0].Content).Text;

        var entries = ExportsFile.Parse(new(ExportsFiles.File, text)).Entries.ToList();

        Assert.Equal(Lines(observation), entries.Select(entry => entry.ToString()));
    }
}
