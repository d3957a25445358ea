using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Tests.Adoption;

public sealed class HandMadeFilesTests
{
    [Fact]
    public void Of_the_guides_files_only_comments_stay()
    {
        var edits = Edit(GuideCluster.Server, _ => true);

        Assert.Equal("/etc/dnsmasq.conf /etc/exports /etc/hosts", string.Join(' ', edits.Select(edit => edit.Path)));
        Assert.Equal("\n# Change 8.8.8.8 to DNS servers of your choice\n\n\n", edits[0].After);
        Assert.Equal("", edits[1].After + edits[2].After);
    }

    [Fact]
    public void What_is_not_ours_keeps_every_byte()
    {
        const string dnsmasq = "# mine\nserver=/lab/10.0.0.1\r\ndhcp-host=00:e0:66:59:89:84,client0,192.168.78.50\ndhcp-host=00:e0:66:00:00:01,printer,192.168.78.60\ndhcp-option=42,0.0.0.0";
        const string exports = "/home\t*(rw)  # all\n/srv/root 192.168.78.0/24(ro,no_root_squash,subtree_check) 10.9.0.0/16(ro)\n";

        var edits = Edit(GuideCluster.With(dnsmasq: dnsmasq, exports: exports, hosts: "127.0.0.1 localhost\n192.168.78.50 client0 nas\n"), _ => true);

        Assert.Equal("# mine\nserver=/lab/10.0.0.1\r\ndhcp-host=00:e0:66:00:00:01,printer,192.168.78.60\ndhcp-option=42,0.0.0.0", edits[0].After);
        Assert.Equal("/home\t*(rw)  # all\n/srv/root 10.9.0.0/16(ro)\n", edits[1].After);
        Assert.Equal(2, edits.Length);
    }

    [Fact]
    public void A_client_that_is_left_out_keeps_its_lines_and_what_it_boots_by()
    {
        var edits = Edit(GuideCluster.Server, client => client.Value != "client3");

        Assert.Contains("client3,192.168.78.53,set:diskless", edits[0].After, StringComparison.Ordinal);
        Assert.Contains("dhcp-boot=tag:diskless,pxelinux.0", edits[0].After, StringComparison.Ordinal);
        Assert.Equal("/srv/etc-client3\t192.168.78.53/24(rw,no_root_squash,subtree_check)\n", edits[1].After);
        Assert.Equal("192.168.78.53\tclient3\n", edits[2].After);
    }

    [Fact]
    public void A_line_that_depends_on_a_tag_gets_the_tags_new_name() => Assert.Equal(
        "dhcp-option=tag:etcsync,tag:!other,42,192.168.78.1\n",
        Edit(GuideCluster.With(dnsmasq: "dhcp-host=00:e0:66:59:89:84,client0,192.168.78.50,set:diskless\ndhcp-host=00:e0:66:59:88:8b,client1,192.168.78.51,set:diskless\ndhcp-option=tag:diskless,tag:!other,42,192.168.78.1\n"), _ => true)[0].After);

    [Fact]
    public void Where_no_client_is_taken_over_nothing_changes() => Assert.Empty(Edit(GuideCluster.Server, _ => false));

    [Fact]
    public void Done_twice_is_done_once()
    {
        var first = Edit(GuideCluster.Server, _ => true);

        Assert.Empty(Edit(GuideCluster.With(first[0].After, first[1].After, first[2].After), _ => true));
    }

    private static System.Collections.Immutable.ImmutableArray<HandMadeEdit> Edit(HandMadeServer server, Func<ClientName, bool> isAdopted)
    {
        var understood = HandMadeServerReader.Read(server);
        var settings = Settings.Load("etcsync.yaml", SettingsText.With(SettingsTemplate.Render(new(null, "master", null, null, null)), understood.Settings, out _));
        Assert.Empty(settings.Problems);
        return HandMadeFiles.Edit(server, understood, settings.Value!, understood.Clients.Select(client => client.Client.Name).Where(isAdopted).ToHashSet());
    }
}
