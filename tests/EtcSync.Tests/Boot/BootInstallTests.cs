using System.Text;
using EtcSync.Tests.Cli;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Boot;

/// <summary>The change of the shared root, with a stand-in for the program that builds: a script, run in the shared root by the real shell of a client.</summary>
public sealed class BootInstallTests : IDisposable
{
    private const string Hooks = "HOOKS=(base udev autodetect modconf net filesystems keyboard overlayfs etc)\n";
    private readonly Cluster _cluster = new(["pc01"], firstCommit: cluster => cluster.Put("mkinitcpio.conf", $"# the file\n{Hooks}"));

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void Plan_showsTheChange_andWritesNothing()
    {
        Arch();
        var before = Tool.Run("find", _cluster.Root + "/srv/root", "-path", "*/.git", "-prune", "-o", "-printf", "%p %T@\\n");

        var answer = _cluster.Cli("boot", "install");

        Assert.Equal(0, answer.Code);
        Assert.Contains("/srv/root/usr/lib/initcpio/hooks/etcsync: is new", answer.Out, StringComparison.Ordinal);
        Assert.Contains("+HOOKS=(base udev modconf net filesystems keyboard etcsync)", answer.Out, StringComparison.Ordinal);
        Assert.Contains("boot install --apply' does this, and runs 'mkinitcpio -P' in the shared root.", answer.Out, StringComparison.Ordinal);
        Assert.Equal(before, Tool.Run("find", _cluster.Root + "/srv/root", "-path", "*/.git", "-prune", "-o", "-printf", "%p %T@\\n"));
    }

    [Fact]
    public void FallbackImage_leavesAutodetectToTheOther()
    {
        Arch();
        Put("boot/initramfs-linux-fallback.img", "all");
        Assert.Contains("+HOOKS=(base udev autodetect modconf net filesystems keyboard etcsync)", _cluster.Cli("boot", "install").Out, StringComparison.Ordinal);
    }

    [ChrootFact]
    public void Apply_writes_builds_keepsTheOldImage_andMakesTheNewReadable()
    {
        Arch();
        Build("grep -q 'keyboard etcsync' /etc/mkinitcpio.conf && [ -x /usr/lib/initcpio/install/etcsync ] && [ -d /proc/self ] || exit 7\nprintf new > /boot/initramfs-linux.img\nchmod 600 /boot/initramfs-linux.img\n");

        var answer = _cluster.Cli("boot", "install", "--apply");

        Assert.True(answer.Code == 0, answer.Error + answer.Out);
        Assert.Equal("new", Read("boot/initramfs-linux.img"));
        Assert.Equal("old", Read("boot/initramfs-linux.img.old"));
        Assert.Equal("# the file\nHOOKS=(base udev modconf net filesystems keyboard etcsync)\n", Read("etc/mkinitcpio.conf"));
        Assert.Equal("644 755 755", Tool.Run("stat", "-c", "%a", Place("boot/initramfs-linux.img"), Place("usr/lib/initcpio/post/etcsync"), Place("usr/lib/initcpio/install/sd-etcsync")).Trim().Replace('\n', ' '));
        Assert.Contains("is not committed", answer.Out, StringComparison.Ordinal);
        Assert.Contains("has what its initial file systems need", _cluster.Cli("boot", "install", "--apply").Out, StringComparison.Ordinal);
        Assert.Equal("", Tool.Run("sh", "-c", $"grep -F '{_cluster.Root}' /proc/self/mounts || true"));
    }

    [ChrootFact]
    public void BuildThatFails_leavesEverythingAsItWas()
    {
        Arch();
        Build("printf broken > /boot/initramfs-linux.img\necho 'ERROR: no space' >&2\nexit 1\n");

        var answer = _cluster.Cli("boot", "install", "--apply");

        Assert.Equal(1, answer.Code);
        Assert.Contains("'mkinitcpio -P' failed in the shared root with code 1. Everything there is as it was before.", answer.Error, StringComparison.Ordinal);
        Assert.Contains("ERROR: no space", answer.Error, StringComparison.Ordinal);
        Assert.Equal("old", Read("boot/initramfs-linux.img"));
        Assert.Equal($"# the file\n{Hooks}", Read("etc/mkinitcpio.conf"));
        Assert.False(File.Exists(Place("usr/lib/initcpio/hooks/etcsync")));
    }

    [Fact]
    public void MissingPrograms_areTold_andNothingIsChanged()
    {
        Put("usr/bin/mkinitcpio", "");

        var answer = _cluster.Cli("boot", "install", "--apply");

        Assert.Equal(1, answer.Code);
        Assert.Contains("has no mount.nfs", answer.Error, StringComparison.Ordinal);
        Assert.Contains("Install mkinitcpio-nfs-utils", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Place("usr/lib/initcpio")));
        Assert.Equal(2, _cluster.Cli("boot", "install").Code);
    }

    [Fact]
    public void RootWithoutABuilder_isTold() => Assert.Contains("has neither mkinitcpio nor initramfs-tools", _cluster.Cli("boot", "install").Error, StringComparison.Ordinal);

    [Fact]
    public void LinkOnTheWay_isNotFollowed()
    {
        Arch();
        Directory.CreateDirectory(_cluster.Root + "/outside");
        File.CreateSymbolicLink(Place("usr/lib/etcsync"), _cluster.Root + "/outside");

        var answer = _cluster.Cli("boot", "install", "--apply");

        Assert.Equal(1, answer.Code);
        Assert.Contains("does not write through links of the shared root", answer.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cluster.Root + "/outside"));
    }

    [Fact]
    public void Debian_needsNothingInEtc()
    {
        foreach (var program in (string[])["usr/sbin/update-initramfs", "usr/sbin/mount.nfs"]) Put(program, "");

        var answer = _cluster.Cli("boot", "install");

        Assert.Equal(0, answer.Code);
        Assert.Equal(
            ["/srv/root/usr/lib/etcsync/boot.sh", "/srv/root/usr/share/initramfs-tools/hooks/etcsync", "/srv/root/usr/share/initramfs-tools/scripts/nfs-bottom/etcsync"],
            answer.Out.Split('\n').Where(line => line.EndsWith(": is new", StringComparison.Ordinal)).Select(line => line[..^": is new".Length]));
    }

    [Fact]
    public void HooksThatAreNotPlain_areAPersons()
    {
        Arch();
        Put("etc/mkinitcpio.conf.d/site.conf", "HOOKS+=(etc)\n");
        var answer = _cluster.Cli("boot", "install");
        Assert.Equal(2, answer.Code);
        Assert.Contains("HOOKS in /etc/mkinitcpio.conf.d/site.conf of the shared root is not written plainly", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_tellsWhatClientsBoot_andWhatKeepsThemFromIt()
    {
        Arch();
        File.AppendAllText(_cluster.Root + "/etc/etcsync/etcsync.yaml", "server: {address: 192.168.78.1, interface: eth0, network: 192.168.78.0/24}\nboot: {arguments: quiet, variants: [{clients: [pc01], arguments: 'console=ttyS0'}]}\n");
        Put("boot/vmlinuz-linux", "kernel");

        var answer = _cluster.Cli("boot", "show");

        Assert.Equal(2, answer.Code);
        Assert.Contains("All clients but those below boot:\n  kernel     vmlinuz-linux\n  images     initramfs-linux.img\n  arguments  root=/dev/nfs", answer.Out, StringComparison.Ordinal);
        Assert.Contains("pc01 boot:\n", answer.Out, StringComparison.Ordinal);
        Assert.Contains("warning: There is no boot loader for clients.", answer.Out, StringComparison.Ordinal);
        var json = _cluster.Cli("boot", "show", "--json").Json;
        Assert.Equal("pc01", json.GetProperty("others")[0].GetProperty("clients")[0].GetString());
        Assert.EndsWith("quiet console=ttyS0", json.GetProperty("others")[0].GetProperty("arguments").GetString(), StringComparison.Ordinal);
    }

    private void Arch()
    {
        foreach (var program in (string[])["usr/bin/mkinitcpio", "usr/bin/mount.nfs", "usr/lib/initcpio/install/net"]) Put(program, "");
        Put("boot/initramfs-linux.img", "old");
        Put("boot/vmlinuz-linux", "kernel");
    }

    // In the shared root there is nothing but this: busybox as every program.
    private void Build(string script)
    {
        foreach (var directory in (string[])["bin", "usr/bin", "proc"]) Directory.CreateDirectory(Place(directory));
        File.Copy(Busybox(), Place("usr/bin/busybox"));
        foreach (var program in (string[])["sh", "grep", "printf", "chmod", "test", "["]) File.CreateSymbolicLink(Place($"usr/bin/{program}"), "/usr/bin/busybox");
        Put("usr/bin/mkinitcpio", $"#!/usr/bin/sh\n[ \"$*\" = -P ] || exit 9\n{script}");
        File.SetUnixFileMode(Place("usr/bin/mkinitcpio"), (UnixFileMode)0x1ED);
    }

    // The program itself, where the one in bin is a script that calls it.
    private static string Busybox()
    {
        var found = ServerPrograms.Find("busybox");
        var unpacked = Path.GetFullPath(Path.Combine(found, "../../sbin/busybox"));
        return File.Exists(unpacked) ? unpacked : File.ResolveLinkTarget(found, returnFinalTarget: true)?.FullName ?? found;
    }

    private string Place(string path) => $"{_cluster.Root}/srv/root/{path}";

    private string Read(string path) => File.ReadAllText(Place(path), Encoding.UTF8);

    private void Put(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place(path))!);
        File.WriteAllText(Place(path), text);
    }
}
