using EtcSync.Core.Boot;

namespace EtcSync.Core.Tests.Boot;

public sealed class BootImagesTests
{
    [Fact]
    public void Arch_bootsTheFallbackImage_behindBothMicrocodes()
    {
        var image = BootImages.Choose(Boots.Arch, kernel: null, initramfs: null);
        Assert.Equal(["vmlinuz-linux", "amd-ucode.img", "intel-ucode.img", "initramfs-linux-fallback.img"], image?.Files);
    }

    [Fact]
    public void Arch_withoutAFallbackImage_bootsTheOther() =>
        Assert.Equal("initramfs-linux.img", BootImages.Choose(Boots.Of(["vmlinuz-linux", "initramfs-linux.img"], []), null, null)?.Initramfs);

    [Fact]
    public void ImageThatTheSettingsName_isTaken() => Assert.Equal("initramfs-linux.img", BootImages.Choose(Boots.Arch, null, "initramfs-linux.img")?.Initramfs);

    [Fact]
    public void AnotherKernel_bringsItsOwnInitramfs()
    {
        var boot = Boots.Of(["vmlinuz-linux", "initramfs-linux.img", "vmlinuz-linux-lts", "initramfs-linux-lts.img", "initramfs-linux-lts-fallback.img"], []);
        Assert.Equal(["vmlinuz-linux-lts", "initramfs-linux-lts-fallback.img"], BootImages.Choose(boot, "vmlinuz-linux-lts", null)?.Files);
        Assert.Equal(["vmlinuz-linux", "initramfs-linux.img"], BootImages.Choose(boot, null, null)?.Files);
    }

    [Fact]
    public void Debian_bootsTheNewestKernelThatHasAnInitramfs()
    {
        var boot = Boots.Of(["vmlinuz-6.1.0-9-amd64", "initrd.img-6.1.0-9-amd64", "vmlinuz-6.1.0-18-amd64", "initrd.img-6.1.0-18-amd64", "vmlinuz-6.5.0-1-amd64", "config-6.5.0-1-amd64"], []);
        Assert.Equal(["vmlinuz-6.1.0-18-amd64", "initrd.img-6.1.0-18-amd64"], BootImages.Choose(boot, null, null)?.Files);
    }

    [Fact]
    public void DebiansLink_namesTheKernel()
    {
        var boot = Boots.Of(["vmlinuz-6.1.0-9-amd64", "initrd.img-6.1.0-9-amd64", "vmlinuz-6.1.0-18-amd64", "initrd.img-6.1.0-18-amd64"], []);
        boot = boot with { Files = boot.Files.Add("vmlinuz", new(1000, IsReadable: true) { Link = "vmlinuz-6.1.0-9-amd64" }) };
        Assert.Equal(["vmlinuz", "initrd.img-6.1.0-9-amd64"], BootImages.Choose(boot, null, null)?.Files);
    }

    [Fact]
    public void BootDirectoryWithoutAKernel_bootsNothing() => Assert.Null(BootImages.Choose(BootDirectory.Empty("/srv/root/boot"), null, null));

    [Fact]
    public void OldAndHostileFiles_areNoKernels() => Assert.Empty(BootImages.Kernels(Boots.Of(["vmlinuz-linux.old", "vmlinuzx", "System.map", "vmlinuz-a b", "vmlinuz-\nAPPEND", "vmlinuz-x,y", "vmlinuz-a/b"], [])));

    [Theory]
    [InlineData("vmlinuz-6.1.0-18-amd64", "6.1.0-18-amd64")]
    [InlineData("vmlinuz-linux", null)]
    [InlineData("vmlinuz", null)]
    public void VersionInAName_isTaken_whereTheKernelSaysNone(string kernel, string? version) => Assert.Equal(version, BootImages.VersionOf(Boots.Of([kernel], []), kernel));

    [Fact]
    public void Version_isReadFromTheHeader()
    {
        var image = Kernel("6.1.0-18-amd64 (debian-kernel@lists.debian.org) #1 SMP");
        Assert.Equal("6.1.0-18-amd64", KernelImage.Version(image));
        Assert.Null(KernelImage.Version(image.AsSpan()[..0x210]));
        Assert.Null(KernelImage.Version([]));
        Assert.Null(KernelImage.Version(new byte[0x1000]));
        Assert.Null(KernelImage.Version(Kernel("6.1\e[2J more")));
        Assert.Null(KernelImage.Version(Kernel("endless" + new string('x', 400))));
    }

    private static byte[] Kernel(string version)
    {
        var image = new byte[0x2000];
        "HdrS"u8.CopyTo(image.AsSpan(0x202));
        image[0x20F] = 0x10;
        System.Text.Encoding.ASCII.GetBytes(version).CopyTo(image, 0x1200);
        return image;
    }
}
