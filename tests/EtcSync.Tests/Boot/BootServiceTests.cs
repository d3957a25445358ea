using System.Collections.Immutable;
using EtcSync.Boot;
using EtcSync.Core.Server;
using EtcSync.Server;
using EtcSync.State;
using EtcSync.Tests.Cli;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Boot;

public sealed class BootServiceTests
{
    private const string Settings = "server: {address: 192.168.78.1, interface: eth0, network: 192.168.78.0/24}\n";

    [Fact]
    public void ServerApply_putsTheBootLoadersFilesInPlace_andServesThem()
    {
        using var cluster = Booting();

        var answer = cluster.Cli("server", "apply", "--yes");

        Assert.True(answer.Code is 0 or 2, answer.Error + answer.Out);
        var boot = cluster.Root + "/srv/root/boot";
        Assert.Equal("loader of efi64/syslinux.efi", File.ReadAllText(boot + "/efi64/syslinux.efi"));
        Assert.Contains("APPEND root=/dev/nfs nfsroot=192.168.78.1:/srv/root,ro ip=dhcp etc=192.168.78.1:/srv/etc-HOSTNAME\n", File.ReadAllText(boot + "/efi64/pxelinux.cfg/default"), StringComparison.Ordinal);
        Assert.Equal("../usr/lib/syslinux/bios/pxelinux.0", new FileInfo(boot + "/pxelinux.0").LinkTarget);
        Assert.Empty(ReadBack(cluster));
    }

    [Fact]
    public void ServerApply_again_changesNothing()
    {
        using var cluster = Booting();
        cluster.Cli("server", "apply", "--yes");

        var boot = ServerObserver.Observe(cluster.Workspace);

        Assert.DoesNotContain(ServerPlanner.Plan(boot, ServerParts.Files).Changes, change => change.Part == ServerPart.Boot);
    }

    [Fact]
    public void FileThatCannotBeFetched_isTold()
    {
        using var cluster = Booting();
        cluster.Cli("server", "apply", "--yes");
        File.SetUnixFileMode(cluster.Root + "/srv/root/boot/pxelinux.cfg/default", (UnixFileMode)0x180);

        Assert.Contains(ReadBack(cluster), finding => finding.StartsWith("/srv/root/boot/pxelinux.cfg/default: Only some users may read this file", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HOOKS=(base udev modconf net filesystems fsck)\n", true)]
    [InlineData("HOOKS=(base udev modconf net overlayfs etc)\n", false)]
    [InlineData("HOOKS=(base systemd modconf sd-etcsync)\n", false)]
    [InlineData("HOOKS+=(own)\n", false)]
    public void InitialFileSystems_thatMountNobodysOwnEtc_areTold(string hooks, bool isTold)
    {
        using var cluster = Booting();
        Put(cluster, "usr/bin/mkinitcpio", "");
        Put(cluster, "etc/mkinitcpio.conf", hooks);
        cluster.Cli("server", "apply", "--yes");

        Assert.Equal(isTold, ReadBack(cluster).Any(finding => finding.Contains("clients would run on upstream's", StringComparison.Ordinal)));
        Assert.Equal(isTold ? 2 : 0, cluster.Cli("boot", "show").Code);
    }

    [Fact]
    public void InitramfsTools_withoutAScriptForEtc_areTold()
    {
        using var cluster = Booting();
        Put(cluster, "usr/sbin/update-initramfs", "");
        Directory.CreateDirectory(cluster.Root + "/srv/root/etc/initramfs-tools/scripts/nfs-bottom");

        Assert.Contains(ReadBack(cluster), finding => finding.Contains("clients would run on upstream's", StringComparison.Ordinal));
        Put(cluster, "etc/initramfs-tools/scripts/nfs-bottom/own", "#!/bin/sh\n");
        Assert.DoesNotContain(ReadBack(cluster), finding => finding.Contains("clients would run on upstream's", StringComparison.Ordinal));
    }

    private static IEnumerable<string> ReadBack(Cluster cluster)
    {
        var observation = ServerObserver.Observe(cluster.Workspace);
        ImmutableArray<ServerFinding> findings = new BootService(cluster.Workspace).ReadBack(ServerPlanner.Plan(observation, ServerParts.Files), observation, CancellationToken.None);
        return findings.Select(finding => finding.ToString());
    }

    private static Cluster Booting()
    {
        var cluster = new Cluster(["pc01"], Settings);
        cluster.Sync();
        foreach (var loader in (string[])["bios/pxelinux.0", "bios/ldlinux.c32", "efi64/syslinux.efi", "efi64/ldlinux.e64"]) Put(cluster, $"usr/lib/syslinux/{loader}", $"loader of {loader}");
        foreach (var image in (string[])["vmlinuz-linux", "initramfs-linux.img"]) Put(cluster, $"boot/{image}", image);
        return cluster;
    }

    private static void Put(Cluster cluster, string path, string text)
    {
        var file = $"{cluster.Root}/srv/root/{path}";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
