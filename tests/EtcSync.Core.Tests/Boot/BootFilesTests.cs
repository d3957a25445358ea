using System.Collections.Immutable;
using EtcSync.Core.Boot;
using EtcSync.Core.Configuration;
using EtcSync.Core.Server;

namespace EtcSync.Core.Tests.Boot;

public sealed class BootFilesTests
{
    private const string Settings = "version: 1\nserver: {address: 192.168.78.1, interface: eth0, network: 192.168.78.0/24}\n";

    [Fact]
    public void EverybodysFile_namesImagesFromTheTop_andMounts()
    {
        var file = Assert.IsType<GeneratedContent.Whole>(Content(Observation(), "pxelinux.cfg/default"));
        Assert.StartsWith(FileHeader.Line, file.Text, StringComparison.Ordinal);
        Assert.EndsWith(
            """

            LABEL linux
              LINUX ::vmlinuz-linux
              INITRD ::amd-ucode.img,::intel-ucode.img,::initramfs-linux-fallback.img
              APPEND root=/dev/nfs nfsroot=192.168.78.1:/srv/root,ro ip=dhcp etc=192.168.78.1:/srv/etc-HOSTNAME
              IPAPPEND 2

            """,
            file.Text,
            StringComparison.Ordinal);
        var entry = PxelinuxFile.Parse(file.Text).Default;
        Assert.Equal(("linux", "::vmlinuz-linux"), (entry?.Label, entry?.Kernel));
    }

    [Fact]
    public void Loaders_areLinks() =>
        Assert.Equal(
            ["efi64/ldlinux.e64", "efi64/pxelinux.cfg", "efi64/syslinux.efi", "ldlinux.c32", "pxelinux.0"],
            Render(Observation()).Where(file => file.Content is GeneratedContent.Link).Select(file => file.Path["/srv/root/boot/".Length..]).Order(StringComparer.Ordinal));

    [Fact]
    public void Clients_thatBootAsAllDo_haveNoFileOfTheirOwn() => Assert.DoesNotContain(Render(Observation()), file => file.Path.Contains("/01-", StringComparison.Ordinal));

    [Fact]
    public void Variant_givesAFileForEachCard()
    {
        var observation = Observation("boot:\n  arguments: quiet\n  variants: [{groups: [headless], arguments: 'console=ttyS0,115200'}, {clients: [pc01], kernel: vmlinuz-other, initramfs: other.img}]\n");
        var own = Render(observation).Where(file => file.Path.Contains("/01-", StringComparison.Ordinal)).ToList();
        Assert.Equal(["/srv/root/boot/pxelinux.cfg/01-02-00-00-00-00-02", "/srv/root/boot/pxelinux.cfg/01-02-00-00-00-00-03", "/srv/root/boot/pxelinux.cfg/01-02-00-00-00-00-01"], own.OrderBy(file => file.Path.EndsWith("01", StringComparison.Ordinal)).Select(file => file.Path));
        Assert.Contains("etc=192.168.78.1:/srv/etc-HOSTNAME quiet console=ttyS0,115200\n", Text(own.Single(file => file.Path.EndsWith("02", StringComparison.Ordinal))), StringComparison.Ordinal);
        var other = Text(own.Single(file => file.Path.EndsWith("01", StringComparison.Ordinal)));
        Assert.Contains("LINUX ::vmlinuz-other\n", other, StringComparison.Ordinal);
        Assert.Contains("::other.img\n", other, StringComparison.Ordinal);
        Assert.DoesNotContain("console", other, StringComparison.Ordinal);
    }

    [Fact]
    public void VariantThatChangesNothing_givesNoFile() => Assert.DoesNotContain(Render(Observation("boot:\n  variants: [{groups: [headless], kernel: vmlinuz-linux}]\n")), file => file.Path.Contains("/01-", StringComparison.Ordinal));

    [Fact]
    public void ArgumentOfAPerson_standsForOurs()
    {
        var text = Text(Render(Observation("boot: {arguments: 'ip=:::::eth1:dhcp nfsroot=10.0.0.1:/r,ro,vers=3'}\n")).Single(file => file.Path.EndsWith("default", StringComparison.Ordinal)));
        Assert.Contains("APPEND root=/dev/nfs etc=192.168.78.1:/srv/etc-HOSTNAME ip=:::::eth1:dhcp nfsroot=10.0.0.1:/r,ro,vers=3\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAKernel_whatClientsWereToldStays()
    {
        var before = Render(Observation());
        var observation = Observation() with
        {
            Boot = BootDirectory.Empty("/srv/root/boot"),
            Installed = InstalledFiles.None with { Files = before.ToImmutableSortedDictionary(file => file.Path, ServerPlanner.Recorded, StringComparer.Ordinal) },
        };
        var kept = Assert.Single(Render(observation));
        Assert.Equal("/srv/root/boot/pxelinux.cfg/default", kept.Path);
        Assert.Contains(Check(observation), finding => finding.StartsWith("Warning There is no kernel in /srv/root/boot", StringComparison.Ordinal));
    }

    [Fact]
    public void NotManaged_writesNothing_andSaysNothing()
    {
        var observation = Observation("boot: {manage: false}\n") with { Boot = BootDirectory.Empty("/srv/root/boot") };
        Assert.Empty(Render(observation));
        Assert.Empty(Check(observation));
    }

    [Fact]
    public void LoaderThatSomebodyCopied_stays()
    {
        var observation = Observation();
        observation = observation with
        {
            Boot = observation.Boot with { Files = observation.Boot.Files.Add("pxelinux.0", new(1, IsReadable: true)) },
            Files = ImmutableSortedDictionary<string, CurrentFile>.Empty.WithComparers(StringComparer.Ordinal).Add("/srv/root/boot/pxelinux.0", new CurrentFile.Regular("x")),
        };
        Assert.DoesNotContain(Render(observation), file => file.Path.EndsWith("/pxelinux.0", StringComparison.Ordinal));
        Assert.Contains(Check(observation), finding => finding.StartsWith("Note /srv/root/boot/pxelinux.0: This is somebody's own file", StringComparison.Ordinal));
    }

    [Fact]
    public void GoodBootDirectory_hasNothingToSay() => Assert.Empty(Check(Observation()));

    [Theory]
    [InlineData("vmlinuz-linux", false, 10, null, null, "Warning /srv/root/boot/vmlinuz-linux: Only its owner may read")]
    [InlineData("vmlinuz-linux", true, 0, null, null, "Warning /srv/root/boot/vmlinuz-linux: This file is empty")]
    [InlineData("vmlinuz-linux", true, 10, "/boot/k", null, "Warning /srv/root/boot/vmlinuz-linux: This link leads to /boot/k")]
    [InlineData("vmlinuz-linux", true, 10, null, "6.2.0", "Warning /srv/root/boot/vmlinuz-linux: The kernel is version 6.2.0, and the shared root has modules for 6.1.0 only")]
    public void BadImage_isFound(string file, bool isReadable, long size, string? link, string? version, string message)
    {
        var observation = Observation();
        var boot = observation.Boot with { Modules = ["6.1.0"], Files = observation.Boot.Files.SetItem(file, new(size, isReadable) { Link = link, KernelVersion = version }) };
        Assert.StartsWith(message, Assert.Single(Check(observation with { Boot = boot })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("boot: {kernel: vmlinuz-none}\n", "Warning There is no vmlinuz-none in /srv/root/boot")]
    [InlineData("boot: {initramfs: none.img}\n", "Warning /srv/root/boot/none.img: The settings name this file")]
    [InlineData("boot: {arguments: 'initrd=x'}\n", "Refusal The kernel arguments 'initrd=x' name an initramfs")]
    [InlineData("boot: {variants: [{clients: [pc99], arguments: quiet}]}\n", "Warning 'boot.variants' is for a client 'pc99'")]
    [InlineData("exports: {security: krb5}\n", "Warning The exports ask for Kerberos")]
    public void BadSetting_isFound(string settings, string message) => Assert.StartsWith(message, Assert.Single(Check(Observation(settings))), StringComparison.Ordinal);

    [Fact]
    public void ArgumentsThatAKernelWouldCutOff_areRefused()
    {
        var words = string.Join(' ', Enumerable.Repeat("option=value", 75));
        Assert.StartsWith("Refusal The kernel arguments are ", Assert.Single(Check(Observation($"boot: {{arguments: '{words}', variants: [{{clients: [pc01], arguments: '{words}'}}]}}\n"))), StringComparison.Ordinal);
    }

    [Fact]
    public void FiveThousandClients_areRenderedInNoTime()
    {
        var observation = Observation("boot: {variants: [{groups: [headless], arguments: quiet}]}\n");
        var client = observation.Clients[1];
        observation = observation with
        {
            Clients = [.. Enumerable.Range(0, 5000).Select(i => client with { Client = client.Client with { Macs = [Core.Clients.MacAddress.Parse($"02:00:00:00:{i / 256:x2}:{i % 256:x2}")] } })],
        };
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.Equal(5000, Render(observation).Count(file => file.Path.Contains("/01-", StringComparison.Ordinal)));
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void ServerWithoutAnAddress_isFound() =>
        Assert.StartsWith("Warning The settings name no IPv4 address", Assert.Single(Check(Observation() with { Settings = Core.Configuration.Settings.Default })), StringComparison.Ordinal);

    private static ServerObservation Observation(string settings = "")
    {
        var inventory = Inventory.Load("inventory.yaml", "version: 1\nclients:\n  - {name: pc01, mac: '02:00:00:00:00:01'}\n  - {name: pc02, mac: ['02:00:00:00:00:02', '02:00:00:00:00:03'], groups: [headless]}\n").Value!;
        var loaded = Core.Configuration.Settings.Load("etcsync.yaml", Settings + settings);
        Assert.Empty(loaded.Problems);
        var boot = Boots.Arch with { Files = Boots.Arch.Files.Add("vmlinuz-other", new(1, IsReadable: true)).Add("other.img", new(1, IsReadable: true)) };
        return new(
            loaded.Value!,
            [.. inventory.Clients.Select(client => new ServedClient(client, $"/srv/etc-{client.Name}", [], []))],
            [],
            boot,
            ForeignFiles.None,
            ImmutableSortedDictionary<string, CurrentFile>.Empty.WithComparers(StringComparer.Ordinal),
            InstalledFiles.None);
    }

    private static ImmutableArray<GeneratedFile> Render(ServerObservation observation) => new BootFiles().Render(observation);

    private static GeneratedContent Content(ServerObservation observation, string file) => Render(observation).Single(rendered => rendered.Path == $"/srv/root/boot/{file}").Content;

    private static string Text(GeneratedFile file) => Assert.IsType<GeneratedContent.Whole>(file.Content).Text;

    private static IEnumerable<string> Check(ServerObservation observation) => new BootFiles().Check(observation).Select(finding => $"{finding.Level} {finding}");
}
