using EtcSync.Core.Boot;

namespace EtcSync.Core.Tests.Boot;

public sealed class BootLoadersTests
{
    [Fact]
    public void EmptyBootDirectory_hasNoLoader() => Assert.Empty(BootLoaders.Find(BootDirectory.Empty("/srv/root/boot")));

    [Fact]
    public void ArchPackages_areLinkedRelatively_withUefiInDirectoriesOfItsOwn()
    {
        var found = BootLoaders.Find(Boots.Of([], ["usr/lib/syslinux/bios/pxelinux.0", "usr/lib/syslinux/bios/ldlinux.c32", "usr/lib/syslinux/efi64/syslinux.efi", "usr/lib/syslinux/efi64/ldlinux.e64"]));
        Assert.Equal(["Bios pxelinux.0 True", "Efi64 efi64/syslinux.efi True"], found.Select(Text));
        Assert.Equal(["pxelinux.0 -> ../usr/lib/syslinux/bios/pxelinux.0", "ldlinux.c32 -> ../usr/lib/syslinux/bios/ldlinux.c32"], Links(found[0]));
        Assert.Equal(
            ["efi64/syslinux.efi -> ../../usr/lib/syslinux/efi64/syslinux.efi", "efi64/ldlinux.e64 -> ../../usr/lib/syslinux/efi64/ldlinux.e64", "efi64/pxelinux.cfg -> ../pxelinux.cfg"],
            Links(found[1]));
    }

    [Fact]
    public void DebianPackages_areFoundInTheirPlaces()
    {
        var found = BootLoaders.Find(Boots.Of([], ["usr/lib/PXELINUX/pxelinux.0", "usr/lib/syslinux/modules/bios/ldlinux.c32", "usr/lib/SYSLINUX.EFI/efi32/syslinux.efi", "usr/lib/syslinux/modules/efi32/ldlinux.e32"]));
        Assert.Equal(["Bios pxelinux.0 True", "Efi32 efi32/syslinux.efi True"], found.Select(Text));
        Assert.Equal(["pxelinux.0 -> ../usr/lib/PXELINUX/pxelinux.0", "ldlinux.c32 -> ../usr/lib/syslinux/modules/bios/ldlinux.c32"], Links(found[0]));
    }

    [Fact]
    public void LoaderWithoutItsLibrary_isNone() => Assert.Empty(BootLoaders.Find(Boots.Of(["pxelinux.0"], ["usr/lib/PXELINUX/pxelinux.0"])));

    [Fact]
    public void LoaderThatSomebodyCopied_isServedWithoutLinks()
    {
        var found = Assert.Single(BootLoaders.Find(Boots.Of(["pxelinux.0", "ldlinux.c32"], [])));
        Assert.Empty(found.Links);
    }

    [Fact]
    public void OtherLoader_isServed_whereThereIsNoSyslinux()
    {
        var found = BootLoaders.Find(Boots.Of(["grubx64.efi", "ipxe.efi"], []));
        Assert.Equal(["Efi64 ipxe.efi False"], found.Select(Text));
    }

    [Fact]
    public void Codes_areThoseThatMachinesSend() => Assert.Equal([0, 6, 7, 9], Enum.GetValues<ClientArchitecture>().SelectMany(architecture => ClientArchitectures.Codes(architecture)));

    private static string Text(BootLoader loader) => $"{loader.Architecture} {loader.File} {loader.ReadsOurs}";

    private static IEnumerable<string> Links(BootLoader loader) => loader.Links.Select(link => $"{link.File} -> {link.Target}");
}
