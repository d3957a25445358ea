using System.Collections.Immutable;
using System.Net;
using EtcSync.Core.Adoption;
using EtcSync.Core.Server;

namespace EtcSync.Core.Tests.Adoption;

/// <summary>The cluster that was built by hand, in tests/fixtures/guide-cluster.</summary>
internal static class GuideCluster
{
    public static HandMadeServer Server { get; } = new(
        new ForeignFiles([File("/etc/exports", "exports")], [File("/etc/dnsmasq.conf", "dnsmasq.conf")], File("/etc/hosts", "hosts")),
        [File("/srv/root/boot/pxelinux.cfg/default", "pxelinux.cfg/default")],
        [.. Enumerable.Range(0, 6).Select(i => $"/srv/etc-client{i}"), "/srv/root"],
        ["vmlinuz-linux", "initramfs-linux-fallback.img", "pxelinux.0", "ldlinux.c32"],
        [new("eth1", IPAddress.Parse("192.168.78.1"), IPNetwork.Parse("192.168.78.0/24")), new("eth0", IPAddress.Parse("10.0.0.2"), IPNetwork.Parse("10.0.0.0/8"))]);

    public static HandMadeServer With(string? dnsmasq = null, string? exports = null, string? hosts = null, string? pxelinux = null) => Server with
    {
        Foreign = new(
            [exports is null ? Server.Foreign.Exports[0] : new("/etc/exports", exports)],
            [dnsmasq is null ? Server.Foreign.Dnsmasq[0] : new("/etc/dnsmasq.conf", dnsmasq)],
            hosts is null ? Server.Foreign.Hosts : new("/etc/hosts", hosts)),
        Pxelinux = pxelinux is null ? Server.Pxelinux : [new("/srv/root/boot/pxelinux.cfg/default", pxelinux)],
    };

    private static ForeignFile File(string path, string fixture) => new(path, System.IO.File.ReadAllText(Path.Combine(Top(), "tests/fixtures/guide-cluster", fixture)));

    private static string Top()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(directory.FullName, "EtcSync.sln"))) directory = directory.Parent ?? throw new InvalidOperationException("EtcSync.sln is nowhere above the tests.");
        return directory.FullName;
    }
}
