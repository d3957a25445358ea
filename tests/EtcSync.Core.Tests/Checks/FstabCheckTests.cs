using System.Text;
using EtcSync.Core.Checks;

namespace EtcSync.Core.Tests.Checks;

public sealed class FstabCheckTests
{
    [Theory]
    [InlineData("")]
    [InlineData("# comment\n\n")]
    [InlineData("server:/srv/root / nfs ro,nolock 0 0\n")]
    [InlineData("server:/srv/etc-pc01 /etc nfs4 rw 0 0\n")]
    [InlineData("overlay / overlay lowerdir=/ro,upperdir=/rw 0 0\n")]
    [InlineData("tmpfs /tmp tmpfs defaults,noatime\nserver:/home\t/home\tnfs4\tx-systemd.automount,_netdev\t0 0")]
    [InlineData("UUID=0a1b none swap sw 0 0\nUUID=0a1c none swap sw 0 0\n/dev/sda3 swap swap sw 0 0\n")]
    [InlineData("/dev/sda1 /mnt vfat noauto 0 0\n/dev/sdb1 /mnt/ ext4 user,noauto 0 0\n")]
    [InlineData("//nas/r\xf6\xf6t /srv/a\\040b cifs credentials=/etc/c 0 0\n")]
    [InlineData("/dev/sda1 / ext4 noauto 0 0\n")]
    public void Fstab_thatBoots_hasNoFault(string content) => Assert.Empty(Messages(content));

    [Theory]
    [InlineData("tmpfs /tmp\n", "Line 1 of fstab has 2 fields; there are four to six.")]
    [InlineData("a /a nfs ro 0 0 0\n", "Line 1 of fstab has 7 fields; there are four to six.")]
    [InlineData("a /a nfs ro 0 x\n", "Line 1 of fstab has something else than numbers at its end.")]
    [InlineData("#\na /a nfs ro 0 0\r\n", "Line 2 of fstab has a control character in it, such as the carriage return of another system's line ends.")]
    [InlineData("a mnt nfs ro 0 0\n", "Line 1 of fstab has a mount point that is no absolute path.")]
    [InlineData("a /mnt/../etc nfs ro 0 0\n", "Line 1 of fstab has a mount point with '..' in it.")]
    [InlineData("a /a nfs ro 0 0\nb /a/ nfs ro 0 0\n", "Line 2 of fstab has the same mount point as line 1.")]
    [InlineData("b /a/b nfs ro 0 0\na /a nfs ro 0 0\n", "Line 2 of fstab mounts /a over /a/b of line 1; it belongs above that line.")]
    [InlineData("UUID=0a1b / ext4 defaults 0 1\n", "Line 1 of fstab would have the root from a disk, which a diskless client waits for in vain.")]
    [InlineData("/dev/sda1 /etc/ ext4 defaults 0 1\n", "Line 1 of fstab would hide the client's own /etc.")]
    [InlineData("tmpfs /etc tmpfs defaults 0 0\n", "Line 1 of fstab would hide the client's own /etc.")]
    public void Fstab_thatDoesNotBoot_isToldWhere(string content, string expected) => Assert.Equal([expected], Messages(content));

    [Fact]
    public void AnyBytes_areLookedAt()
    {
        var random = new Random(5);
        var pieces = (string[])["/", " ", "\n", "\t", "#", "none", "swap", "/etc", "noauto", ",", "\0", "\xff", "UUID=", "0"];
        for (var i = 0; i < 5000; i++) Messages(string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => pieces[random.Next(pieces.Length)])));
    }

    private static List<string> Messages(string content) => [.. FstabCheck.Look(Encoding.Latin1.GetBytes(content)).Select(finding => finding.Message)];
}
