using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Doctor;
using EtcSync.Doctor;
using EtcSync.State;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Doctor;

/// <summary>The ladder by what the real dnsmasq logs of a machine that boots, in network namespaces of their own.</summary>
public sealed class BootLogReaderTests : IDisposable
{
    private static readonly MacAddress Card = MacAddress.Parse("02:00:00:00:00:11");
    private static readonly IPAddress Address = IPAddress.Parse("10.77.0.11");

    private readonly string _root = Directory.CreateTempSubdirectory("etcsync-ladder-").FullName;
    private readonly string _space = $"etcsync{Environment.ProcessId}";

    [RootFact]
    public void A_machine_climbs_with_what_it_fetches_and_begins_anew_with_its_next_boot()
    {
        Start();

        Ask("PXEClient:Arch:00000:UNDI:002001");
        Reaches(Rung.Lease);
        Fetch("pxelinux.0");
        Reaches(Rung.BootLoader);
        Fetch("pxelinux.cfg/01-02-00-00-00-00-11");
        Fetch("pxelinux.cfg/default");
        Fetch("vmlinuz-linux");
        Reaches(Rung.BootLoader);
        Fetch("initramfs-linux.img");
        Reaches(Rung.Kernel);
        Assert.Equal(LadderVerdict.Booting, Ladder().Verdict);
        // The initramfs asks for the address again, and that is no new boot.
        Ask("Linux ipconfig");
        Reaches(Rung.Kernel);
        Ask("PXEClient:Arch:00000:UNDI:002001");
        Reaches(Rung.Lease);
    }

    public void Dispose()
    {
        if (File.Exists(Below("pid"))) Tool.Try("kill", File.ReadAllText(Below("pid")).Trim());
        Tool.Try("ip", "netns", "del", _space + "s");
        Tool.Try("ip", "netns", "del", _space + "c");
        Directory.Delete(_root, recursive: true);
    }

    private string Below(string name) => Path.Combine(_root, name);

    private void Start()
    {
        File.SetUnixFileMode(_root, (UnixFileMode)0x1ED);
        foreach (var file in (string[])["pxelinux.0", "pxelinux.cfg/default", "vmlinuz-linux", "initramfs-linux.img"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Below($"boot/{file}"))!);
            File.WriteAllText(Below($"boot/{file}"), file);
        }

        Directory.CreateDirectory(Below("etc"));
        // The log is named as the server's own configuration names it, and lies below the sandbox.
        File.WriteAllText(Below("etc/dnsmasq.conf"), "log-facility=/log\n");
        File.WriteAllText(Below("script"), "#!/bin/sh\n[ \"$1\" = bound ] && ip addr replace $ip/24 dev $interface\nexit 0\n");
        File.SetUnixFileMode(Below("script"), (UnixFileMode)0x1ED);
        Tool.Run("bash", "-ec", $"""
            ip netns add {_space}s; ip netns add {_space}c
            ip -n {_space}s link add vs type veth peer name vc address {Card} netns {_space}c
            ip -n {_space}s addr add 10.77.0.1/24 dev vs; ip -n {_space}s link set vs up; ip -n {_space}c link set vc up
            ip netns exec {_space}s {ServerPrograms.Find("dnsmasq")} --conf-file=/dev/null --port=0 --interface=vs --bind-interfaces --dhcp-range=10.77.0.50,10.77.0.60,1h \
              --dhcp-host={Card},{Address},client0 --enable-tftp --tftp-root={Below("boot")} --dhcp-boot=pxelinux.0 --log-dhcp --user=nobody \
              --dhcp-leasefile={Below("leases")} --pid-file={Below("pid")} --log-facility={Below("log")}
            """);
    }

    private void Ask(string vendor) =>
        Tool.Run("ip", "netns", "exec", _space + "c", ServerPrograms.Find("busybox"), "udhcpc", "-i", "vc", "-n", "-q", "-f", "-t", "5", "-T", "1", "-V", vendor, "-s", Below("script"));

    private void Fetch(string file) =>
        Tool.Try("ip", "netns", "exec", _space + "c", ServerPrograms.Find("tftp"), "-m", "binary", "10.77.0.1", "-c", "get", file, Below("got"));

    // dnsmasq logs that a file was sent after the client has it.
    private void Reaches(Rung rung)
    {
        for (var i = 0; i < 100 && Ladder().Reached != rung; i++) Thread.Sleep(50);
        Assert.Equal(rung, Ladder().Reached);
    }

    private ClientLadder Ladder()
    {
        var (events, unreadable) = new BootLogReader(new Locations(_root), TimeProvider.System).Read();
        var tables = new NfsTables([], System.Collections.Immutable.ImmutableDictionary<IPAddress, string>.Empty, [], [], null);
        return new BootLadder(new(TimeProvider.System.GetLocalNow(), "/srv/root", events, unreadable, [], tables, HasSsh: true)).Of(new(ClientName.Parse("client0"), [Card], [Address], "/srv/etc-client0", ClientProbe.None));
    }
}
