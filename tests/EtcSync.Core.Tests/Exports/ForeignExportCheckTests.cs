using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Exports;
using EtcSync.Core.Server;
using static EtcSync.Core.Tests.Exports.Cluster;

namespace EtcSync.Core.Tests.Exports;

public sealed class ForeignExportCheckTests
{
    private static readonly ServerObservation Two = Of(Client("pc01", "192.168.1.50"), Client("pc02", "192.168.1.51"));

    [Theory]
    [InlineData("/srv/etc-pc01 192.168.1.50/24(rw,no_root_squash)", "Every machine in 192.168.1.0/24 can read and write the /etc of pc01, its host keys and password hashes too. Remove this line: EtcSync exports it to 192.168.1.50 alone.")]
    [InlineData("/srv/etc-pc01 192.168.1.51(ro,no_root_squash)", "The machine with the address 192.168.1.51 can read the /etc of pc01, its host keys and password hashes too.")]
    [InlineData("/srv/etc-pc01/ssh *(ro)", "Every machine that can reach the server can read the /etc of pc01. Remove")]
    [InlineData("/srv/etc-pc01", "Every machine that can reach the server can read the /etc of pc01. Remove")]
    [InlineData("/srv/etc-pc01 pc01 (rw)", "EtcSync exports '/srv/etc-pc01' to 192.168.1.50 too.")]
    [InlineData("/srv/etc-pc01 pc02(rw)", "The machine called 'pc02' can read and write the /etc of pc01")]
    [InlineData("/srv/etc-pc01 *.lab(rw)", "Every machine with a name like '*.lab' can read and write")]
    [InlineData("/srv/etc-pc01 @lab(rw)", "Every member of the netgroup 'lab' can read and write")]
    [InlineData("/srv 192.168.1.50(ro)", "The machine with the address 192.168.1.50 can read '/srv', and with it the /etc of every client, the shared root.")]
    [InlineData("/ 192.168.1.50(ro)", "can read '/', and with it the /etc of every client, the shared root, EtcSync's own state.")]
    [InlineData("/srv/../srv/./ 192.168.1.50(ro)", "can read '/srv', and with it")]
    [InlineData("/var/lib 192.168.1.50(rw)", "can read and write '/var/lib', and with it EtcSync's own state.")]
    [InlineData("/var/lib/etcsync/hub.git 192.168.1.50(ro)", "can read EtcSync's own state in /var/lib/etcsync")]
    [InlineData("/srv/root 192.168.1.50(rw)", "The machine with the address 192.168.1.50 can write '/srv/root', and so what every client runs.")]
    [InlineData("/srv/root/usr 192.168.1.0/24(rw)", "Every machine in 192.168.1.0/24 can write '/srv/root/usr', and so what every client runs.")]
    [InlineData("/srv/root *(ro,no_root_squash)", "Every machine that can reach the server can read '/srv/root' of the shared root, what only root may read with it, and is not known to be in the clients' network.")]
    [InlineData("/srv/root/etc 10.0.0.0/8(ro)", "Every machine in 10.0.0.0/8 can read '/srv/root/etc' of the shared root, and is not known")]
    [InlineData("/srv/root 192.168.1.50(ro)", "its root is nobody there ('no_root_squash' is missing), so it cannot boot.")]
    [InlineData("/srv/root 192.168.1.0/255.255.255.0(ro,subtree_check)", "EtcSync exports '/srv/root' to 192.168.1.0/24 too. exportfs takes the one that it reads first and complains of the other; this one has other options (root_squash).")]
    [InlineData("/srv/etc-pc01 192.168.1.50(rw,no_root_squash,subtree_check)", "EtcSync exports '/srv/etc-pc01' to 192.168.1.50 too. exportfs takes the one that it reads first and complains of the other. Remove this line, or have 'etcsync adopt' do it.")]
    [InlineData("/srv/etc-old 192.168.1.77(rw)", "can read and write '/srv/etc-old', the /etc of 'old', which is no client of the inventory with a clone.")]
    [InlineData("/srv/data host(rw", "exportfs stops reading the file here.")]
    public void Foreign_entry_that_opens_what_is_ours_is_a_hole(string line, string said)
    {
        var findings = Findings(Two.WithForeign($"# theirs\n{line}\n"));

        Assert.StartsWith("/etc/exports:2: ", findings[0], StringComparison.Ordinal);
        Assert.Contains(findings, finding => finding.Contains(said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/srv/etc-old 192.168.1.77(rw)", false, FindingLevel.Note)]
    [InlineData("/srv/etc-old 192.168.1.77(rw)", true, FindingLevel.Warning)]
    [InlineData("/srv/etc-old 192.168.1.0/24(rw)", false, FindingLevel.Warning)]
    public void Released_machine_with_its_etc_to_itself_needs_nobody_and_a_removed_one_does(string line, bool isRemoved, FindingLevel level)
    {
        var observation = Two.WithForeign(line + "\n");
        if (isRemoved) observation = observation with { Places = observation.Places with { Removed = [ClientName.Parse("old")] } };

        Assert.Equal(level, new ExportsFiles().Check(observation).First(finding => finding.File == "/etc/exports").Level);
    }

    [Theory]
    [InlineData("/srv/data *(rw)")]
    [InlineData("/srv/root2 *(rw)")]
    [InlineData("/srv/roo *(rw)")]
    [InlineData("/home 192.168.1.0/24(rw)")]
    [InlineData("/srv/root/usr/share 192.168.1.0/25(ro)")]
    [InlineData("/srv/root 192.168.1.50(ro,no_root_squash)")]
    [InlineData("/srv/etc-pc01/skel 192.168.1.50(rw)")]
    [InlineData("# /srv/root *(rw)")]
    [InlineData("/srv/etc-NOT *(ro)")]
    public void Foreign_entry_that_opens_nothing_is_left_alone(string line) => Assert.Empty(Findings(Two.WithForeign(line + "\n")));

    [Fact]
    public void Boot_directory_for_the_boot_builder_is_no_hole()
    {
        var observation = Two.With(new() { BootBuilder = ClientName.Parse("pc02") });

        Assert.Empty(Findings(observation.WithForeign("/srv/root/boot/loader 192.168.1.51(rw)\n")));
        Assert.Single(Findings(observation.WithForeign("/srv/root/boot 192.168.1.50(rw)\n")));
    }

    [Fact]
    public void Entries_with_hostile_characters_are_shown_harmless()
    {
        var finding = Assert.Single(Findings(Two.WithForeign("/srv/etc-pc01 \"ho\\033[31m\\012st\"(rw)\n")));

        Assert.DoesNotContain(finding, char.IsControl);
    }

    [Fact]
    public void Guides_cluster_shows_each_etc_open_to_the_whole_network()
    {
        var clients = Enumerable.Range(0, 6).Select(i => Client($"client{i}", $"192.168.78.{50 + i}")).ToArray();
        var observation = Of(clients);
        observation = observation with { Settings = observation.Settings with { Server = new() { Networks = [System.Net.IPNetwork.Parse("192.168.78.0/24")] } } };
        var lines = "/srv/root    192.168.78.0/24(ro,no_root_squash,subtree_check)\n" + string.Concat(clients.Select(client => $"{client.Directory}\t{client.Client.Address}/24(rw,no_root_squash,subtree_check)\n"));

        var findings = Findings(observation.WithForeign(lines));

        Assert.Equal(7, findings.Length);
        Assert.All(findings[1..], finding => Assert.Contains("Every machine in 192.168.78.0/24 can read and write the /etc of client", finding, StringComparison.Ordinal));
    }
}
