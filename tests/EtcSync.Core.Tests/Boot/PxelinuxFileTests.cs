using System.Text;
using EtcSync.Core.Boot;

namespace EtcSync.Core.Tests.Boot;

public sealed class PxelinuxFileTests
{
    [Fact]
    public void HandWrittenFile_isUnderstood()
    {
        var file = PxelinuxFile.Parse("DEFAULT linux\n\nLABEL linux\n\tKERNEL vmlinuz-linux\n\tAPPEND root=/dev/nfs nfsroot=192.168.78.1:/srv/root,ro ip=dhcp rootwait\n\tINITRD intel-ucode.img,initramfs-linux-fallback.img");
        var entry = Assert.Single(file.Entries);
        Assert.Equal(("linux", 3, "vmlinuz-linux"), (entry.Label, entry.Line, entry.Kernel));
        Assert.Equal(["intel-ucode.img", "initramfs-linux-fallback.img"], entry.Images.AsEnumerable());
        Assert.Equal(["root=/dev/nfs", "nfsroot=192.168.78.1:/srv/root,ro", "ip=dhcp", "rootwait"], entry.Arguments.AsEnumerable());
        Assert.Equal(entry.Label, file.Default?.Label);
    }

    [Fact]
    public void InitrdAmongTheArguments_isAnImage()
    {
        var entry = Assert.Single(PxelinuxFile.Parse("label a\r\n  linux k\r\n  append  quiet\tinitrd=u,i  x=1\r\n").Entries);
        Assert.Equal(["u", "i"], entry.Images.AsEnumerable());
        Assert.Equal(["quiet", "x=1"], entry.Arguments.AsEnumerable());
    }

    [Fact]
    public void GeneralAppend_countsWhereTheEntryHasNone_andMinusTakesItAway()
    {
        var entries = PxelinuxFile.Parse("append all\nlabel a\nkernel k\nlabel b\nkernel k\nappend own\nlabel c\nkernel k\nappend -\n").Entries.ToList();
        Assert.Equal(["all", "own", ""], entries.Select(entry => string.Join(' ', entry.Arguments)));
    }

    [Theory]
    [InlineData("label a\nlabel b\n", "a")]
    [InlineData("default B\nlabel a\nlabel b\n", "b")]
    [InlineData("default vesamenu.c32\nlabel a\nlabel b\n menu default\n", "b")]
    [InlineData("default\nlabel a\n", "a")]
    [InlineData("# nothing\n", null)]
    public void Default_isTheEntryThatIsBootedWhereNobodyChooses(string text, string? label) => Assert.Equal(label, PxelinuxFile.Parse(text).Default?.Label);

    [Fact]
    public void AnyBytes_comeBackAsTheyWere()
    {
        var random = new Random(7);
        string[] words = ["LABEL", "default", "append", "-", "initrd=", "kernel", "menu", "\n", "\r\n", " ", "\t", "#", ",", "\u00ff", "\0", "::", "a"];
        for (var i = 0; i < 5000; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(30); n > 0; n--) text.Append(words[random.Next(words.Length)]);
            var file = PxelinuxFile.Parse(text.ToString());
            Assert.Equal(text.ToString(), file.ToString());
            Assert.All(file.Entries, entry => Assert.InRange(entry.Line, 1, file.Lines.Length));
            _ = file.Default;
        }
    }
}
