using EtcSync.Boot;
using EtcSync.Core.Boot;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Boot;

public sealed class BootDirectoryReaderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("etcsync-test-").FullName;

    public BootDirectoryReaderTests() => File.SetUnixFileMode(_root, (UnixFileMode)0x1ED);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void MissingDirectory_isEmpty() => Assert.Empty(BootDirectoryReader.Read("/srv/root", _root + "/none").Files);

    [Fact]
    public void FilesAndLinks_areFound_withWhoMayReadThem()
    {
        Put("boot/initramfs-linux.img", "x", 0x180);
        Put("boot/vmlinuz-6.1.0", "kernel");
        Put("usr/lib/syslinux/bios/pxelinux.0", "loader");
        Directory.CreateDirectory(_root + "/boot/efi64");
        File.CreateSymbolicLink(_root + "/boot/vmlinuz", "vmlinuz-6.1.0");
        File.CreateSymbolicLink(_root + "/boot/efi64/ours", "/usr/lib/syslinux/bios/pxelinux.0");
        Put("usr/lib/modules/6.1.0/modules.dep", "");
        Directory.CreateDirectory(_root + "/usr/lib/modules/6.0.0");

        var boot = BootDirectoryReader.Read("/srv/root", _root);

        Assert.Equal("/srv/root/boot", boot.Path);
        Assert.Equal(["efi64/ours", "initramfs-linux.img", "vmlinuz", "vmlinuz-6.1.0"], boot.Files.Keys);
        Assert.Equal(new BootFile(1, IsReadable: false), boot.Files["initramfs-linux.img"]);
        Assert.Equal(new BootFile(6, IsReadable: true) { Link = "vmlinuz-6.1.0" }, boot.Files["vmlinuz"]);
        // A link is meant for the clients' system: it leads nowhere else.
        Assert.Equal(new BootFile(6, IsReadable: true) { Link = "/usr/lib/syslinux/bios/pxelinux.0" }, boot.Files["efi64/ours"]);
        Assert.Equal(["usr/lib/syslinux/bios/pxelinux.0"], boot.Packaged.Keys);
        Assert.Equal(["6.1.0"], boot.Modules.AsEnumerable());
    }

    [Fact]
    public void HostileFiles_areNeitherOpenedNorFollowedOutside()
    {
        Directory.CreateDirectory(_root + "/boot");
        Tool.Run("mkfifo", _root + "/boot/vmlinuz-pipe");
        File.CreateSymbolicLink(_root + "/boot/vmlinuz-out", "../../../../../../etc/passwd");
        File.CreateSymbolicLink(_root + "/boot/vmlinuz-loop", "vmlinuz-loop");
        File.CreateSymbolicLink(_root + "/boot/vmlinuz-self", "/proc/self/exe");

        Assert.Empty(BootDirectoryReader.Read("/srv/root", _root).Files);
    }

    private void Put(string path, string text, int mode = 0x1A4)
    {
        var file = $"{_root}/{path}";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, (UnixFileMode)mode);
    }
}
