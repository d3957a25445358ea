using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Boot;

/// <summary>The script that clients run in their initial file system, in the shells that these have; what it calls is a stand-in that notes the call.</summary>
public sealed class InitramfsScriptTests : IDisposable
{
    private const string Usual = "etc=192.168.78.1:/srv/etc-HOSTNAME";

    private readonly string _top = Directory.CreateTempSubdirectory("etcsync-test-").FullName;

    public InitramfsScriptTests()
    {
        foreach (var directory in (string[])["proc/sys/kernel", "root/etc", "bin"]) Directory.CreateDirectory(Path.Combine(_top, directory));
        Put("root/etc/hostname", "upstream\n");
        Lease("eth0", "HOSTNAME='pc01'", "IPV4ADDR='192.168.78.50'");
        Clone("pc01");
    }

    /// <summary>dash, or what else is sh here, and busybox.</summary>
    public static TheoryData<string> Shells => [.. Programs];

    private static string[] Programs => ["sh", $"{ServerPrograms.Find("busybox")} sh"];

    public void Dispose() => Directory.Delete(_top, recursive: true);

    [Theory]
    [MemberData(nameof(Shells))]
    public void SharedRoot_isMovedAway_laidUnderAnOverlay_andEtcMountedOnIt(string shell)
    {
        var (code, said) = Run(shell, $"quiet root=/dev/nfs nfsroot=192.168.78.1:/srv/root,ro ip=dhcp {Usual}");

        Assert.Equal(0, code);
        Assert.Equal(
            [
                "mount -n -o move TOP/root TOP/run/lower",
                "mount -t tmpfs -o mode=0755 tmpfs TOP/run/upper",
                "mount -t overlay -o lowerdir=TOP/run/lower,upperdir=TOP/run/upper/root,workdir=TOP/run/upper/work overlay TOP/root",
                "mount.nfs 192.168.78.1:/srv/etc-pc01 TOP/root/etc -o rw,nolock,lookupcache=positive,actimeo=3,retry=0",
            ],
            Calls());
        Assert.Equal("pc01\n", File.ReadAllText(_top + "/proc/sys/kernel/hostname"));
        Assert.Equal("etcsync: /etc is 192.168.78.1:/srv/etc-pc01\n", said);
    }

    [Theory]
    [InlineData("etc=10.0.0.1:/srv/etc-HOSTNAME", "10.0.0.1:/srv/etc-pc01")]
    [InlineData("etc=10.0.0.1:/srv/IPV4ADDR/etc", "10.0.0.1:/srv/192.168.78.50/etc")]
    [InlineData("etc=10.0.0.1:/srv/etc-IPV4ADDRHEX", "10.0.0.1:/srv/etc-C0A84E32")]
    [InlineData("etc=10.0.0.1:/HOSTNAME/IPV4ADDRHEX/IPV4ADDR/HOSTNAME", "10.0.0.1:/pc01/C0A84E32/192.168.78.50/pc01")]
    [InlineData("etc=10.0.0.1:/srv/etc-pc01", "10.0.0.1:/srv/etc-pc01")]
    [InlineData("etc=10.0.0.9:/first etc=10.0.0.1:/srv/etc-HOSTNAME", "10.0.0.1:/srv/etc-pc01")]
    public void Tokens_areReplaced(string arguments, string source)
    {
        foreach (var shell in Programs)
        {
            Assert.Equal(0, Run(shell, arguments).Code);
            Assert.StartsWith($"mount.nfs {source} ", Calls()[^1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void OptionsOfTheCommandLine_comeLast()
    {
        Run("sh", $"{Usual} etcopts=vers=3,actimeo=60");
        Assert.EndsWith(",retry=0,vers=3,actimeo=60", Calls()[^1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void FailedMount_isTriedAgain_untilItSucceeds(string shell)
    {
        Put("fails", "3");

        var (code, said) = Run(shell, Usual, "sleep() { echo \"sleep $1\" >> \"$top/calls\"; }");

        Assert.Equal(0, code);
        Assert.Equal(3, Calls().Count(call => call == "sleep 5"));
        Assert.Contains("Could not mount 192.168.78.1:/srv/etc-pc01 (try 3). Is the server up, and does it export that to 192.168.78.50", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nfsroot=192.168.78.1:/srv/root,ro", "The kernel was given no etc=.")]
    [InlineData("etc=/srv/etc-HOSTNAME", "is not SERVER:/PATH")]
    [InlineData("etc=192.168.78.1:relative", "is not SERVER:/PATH")]
    public void UselessArgument_stops(string arguments, string reason) => AssertStops(arguments, reason);

    [Theory]
    [InlineData("HOSTNAME=''", "IPV4ADDR='192.168.78.50'", "needs this machine's name, and DHCP gave none")]
    [InlineData("HOSTNAME=pc01", "IPV4ADDR=''", "needs this machine's name, and DHCP gave none")]
    [InlineData("HOSTNAME='../root'", "IPV4ADDR='192.168.78.50'", "needs this machine's name")]
    [InlineData("HOSTNAME='a/../b'", "IPV4ADDR='192.168.78.50'", "a name that no client can have")]
    [InlineData("HOSTNAME='pc01;reboot'", "IPV4ADDR='192.168.78.50'", "a name that no client can have")]
    [InlineData("HOSTNAME='$(reboot)'", "IPV4ADDR='192.168.78.50'", "a name that no client can have")]
    [InlineData("HOSTNAME='PC01'", "IPV4ADDR='192.168.78.50'", "a name that no client can have")]
    public void BadLease_stops(string name, string address, string reason)
    {
        Lease("eth0", name, address);
        AssertStops(Usual, reason);
    }

    [Fact]
    public void LeaseOfAForeignServer_stops_whereTheAddressIsNone()
    {
        Lease("eth0", "HOSTNAME='pc01'", "IPV4ADDR='1.2.3'");
        AssertStops("etc=10.0.0.1:/IPV4ADDR", "which is none");
    }

    [Fact]
    public void TwoNames_stop()
    {
        Lease("eth1", "HOSTNAME=pc02", "ADDRESS=192.168.78.51");
        AssertStops(Usual, "two names, pc01 and pc02");
    }

    [Fact]
    public void SecondCardWithoutAName_isNoMatter()
    {
        Lease("a0", "HOSTNAME=", "ADDRESS=10.0.0.7");
        Lease("eth1", "HOSTNAME=pc01.example.org", "ADDRESS=192.168.78.51");
        Assert.Equal(0, Run("sh", "etc=192.168.78.1:/HOSTNAME/IPV4ADDR").Code);
        Assert.StartsWith("mount.nfs 192.168.78.1:/pc01/192.168.78.50 ", Calls()[^1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void OtherClientsEtc_isTakenAwayAgain_andStops(string shell)
    {
        Clone("pc02");
        AssertStops(Usual, "has the hostname pc02 in it, and this machine is pc01: it is another machine's /etc", shell);
        Assert.Equal("umount TOP/root/etc", Calls()[^1]);
    }

    [Theory]
    [InlineData("upstream", "")]
    [InlineData("pc01.example.org", "")]
    [InlineData("", "")]
    [InlineData("web", "etccheck=off")]
    public void Hostname_thatMayBe_isAccepted(string hostname, string argument)
    {
        Clone(hostname);
        Assert.Equal(0, Run("sh", $"{Usual} {argument}").Code);
    }

    [Fact]
    public void DirectoryThatIsNoEtc_stops()
    {
        Put("bin/mount.nfs", "#!/bin/sh\nexit 0\n");
        AssertStops(Usual, "has no passwd in it");
    }

    [Theory]
    [InlineData("move", "Could not move the shared root")]
    [InlineData("tmpfs", "a file system in memory")]
    [InlineData("overlay", "Has the kernel the module 'overlay'?")]
    public void OverlayThatFails_stops(string what, string reason) =>
        AssertStops(Usual, reason, more: $"mount() {{ case \"$*\" in *{what}*) return 1 ;; esac; }}");

    [Fact]
    public void RootThatWasNotMounted_stops()
    {
        Directory.Delete(_top + "/root", recursive: true);
        AssertStops(Usual, "The shared root is not mounted");
    }

    [Fact]
    public void EtcNone_bootsOnTheSharedOne()
    {
        var (code, said) = Run("sh", "nfsroot=1.2.3.4:/srv/root etc=none");
        Assert.Equal(0, code);
        Assert.Contains("runs on the shared /etc", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Calls(), call => call.StartsWith("mount.nfs", StringComparison.Ordinal));
    }

    [Fact]
    public void MachineThatBootsFromItsDisk_isLeftAlone()
    {
        Assert.Equal((0, ""), Run("sh", "root=/dev/sda1 quiet"));
        Assert.Empty(Calls());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void SystemdsInitialFileSystem_mountsTheSharedRootToo(string shell)
    {
        Directory.CreateDirectory(_top + "/leases");
        Put("leases/2", "# This is private data. Do not parse.\nADDRESS=192.168.78.50\nHOSTNAME=pc01\n");
        var (code, _) = Run(shell, $"nfsroot=192.168.78.1:/srv/root,ro,vers=4.2 {Usual}", call: "etcsync_mount_all \"$top/root\" \"$top/leases\"");
        Assert.Equal(0, code);
        Assert.Equal(
            [
                "mount.nfs 192.168.78.1:/srv/root TOP/run/lower -o ro,nolock,vers=3,noacl,retry=0,ro,vers=4.2",
                "mount -t tmpfs -o mode=0755 tmpfs TOP/run/upper",
                "mount -t overlay -o lowerdir=TOP/run/lower,upperdir=TOP/run/upper/root,workdir=TOP/run/upper/work overlay TOP/root",
                "mount.nfs 192.168.78.1:/srv/etc-pc01 TOP/root/etc -o rw,nolock,lookupcache=positive,actimeo=3,retry=0",
            ],
            Calls());
    }

    [Fact]
    public void SystemdsInitialFileSystem_waitsForALease()
    {
        var (code, said) = Run(
            "sh",
            $"nfsroot=192.168.78.1:/srv/root {Usual}",
            "sleep() { mkdir -p \"$top/leases\"; printf 'ADDRESS=192.168.78.50\\nHOSTNAME=pc01\\n' > \"$top/leases/2\"; }",
            "etcsync_mount_all \"$top/root\" \"$top/leases\"");
        Assert.Equal(0, code);
        Assert.Contains("DHCP gave no address yet.", said, StringComparison.Ordinal);
        Assert.StartsWith("mount.nfs 192.168.78.1:/srv/etc-pc01 ", Calls()[^1], StringComparison.Ordinal);
    }

    private void AssertStops(string arguments, string reason, string shell = "sh", string more = "")
    {
        var (code, said) = Run(shell, arguments, more);
        // The stand-in for the first pause ends it.
        Assert.Equal(9, code);
        Assert.Contains(reason, said, StringComparison.Ordinal);
        Assert.Contains("This machine has stopped, because it must not run with somebody else's /etc.", said, StringComparison.Ordinal);
        Assert.False(File.Exists(_top + "/proc/sys/kernel/hostname"));
    }

    private (int Code, string Said) Run(string shell, string arguments, string more = "", string call = "etcsync_take_over \"$top/root\" \"$top\"/none-*.conf \"$top\"/net-*.conf")
    {
        Put("proc/cmdline", arguments + "\n");
        Put("driver", $$"""
            top={{_top}}
            . {{Path.Combine(Repository(), "src/initramfs/boot.sh")}}
            etcsync_proc=$top/proc etcsync_run=$top/run
            PATH=$top/bin:$PATH
            mount() { echo "mount $*" >> "$top/calls"; }
            umount() { echo "umount $*" >> "$top/calls"; }
            modprobe() { :; }
            sleep() { exit 9; }
            {{more}}
            {{call}}
            """);
        File.Delete(_top + "/calls");
        var words = shell.Split(' ');
        var (code, output, error) = Tool.Try(words[0], [.. words[1..], _top + "/driver"]);
        return (code, output + error);
    }

    private string[] Calls() => File.Exists(_top + "/calls") ? [.. File.ReadAllLines(_top + "/calls").Select(call => call.Replace(_top, "TOP", StringComparison.Ordinal))] : [];

    private void Lease(string card, params string[] lines) => Put($"net-{card}.conf", string.Join('\n', lines) + "\n");

    // What is mounted: a directory with this hostname.
    private void Clone(string hostname) => Put("bin/mount.nfs", $$"""
        #!/bin/sh
        echo "mount.nfs $*" >> {{_top}}/calls
        left=$(cat {{_top}}/fails 2>/dev/null) || left=0
        [ "$left" -eq 0 ] || { echo $((left - 1)) > {{_top}}/fails; exit 32; }
        case $2 in */etc) echo root:x > "$2/passwd"; echo '{{hostname}}' > "$2/hostname" ;; esac
        """);

    private void Put(string path, string text)
    {
        var file = Path.Combine(_top, path);
        File.WriteAllText(file, text);
        if (path.StartsWith("bin/", StringComparison.Ordinal)) File.SetUnixFileMode(file, (UnixFileMode)0x1ED);
    }

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "EtcSync.sln"))) directory = directory.Parent ?? throw new InvalidOperationException("EtcSync.sln is nowhere above the tests.");
        return directory.FullName;
    }
}
