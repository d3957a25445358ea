using System.Net.Sockets;
using System.Text;
using EtcSync.EndToEnd.Fixtures;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Controller;

/// <summary>The controller as systemd runs it.</summary>
public sealed class ServiceTests
{
    [Fact]
    public void SecondController_onTheSameState_refusesInASentence()
    {
        using var cluster = new Cluster(["one"]);
        using var controller = ControllerProcess.Start(cluster);
        var (code, output) = RunningProgram.Run(cluster.Root, "run");
        Assert.Equal(1, code);
        Assert.Equal("Another controller runs on /var/lib/etcsync. Stop it first ('systemctl stop etcsync'); the commands work beside it.", output.Trim());
        controller.Stop();
        // What it held is free again.
        using var next = ControllerProcess.Start(cluster);
        next.Stop();
    }

    [Fact]
    public void Systemd_isToldThatItIsReadyAliveAndStopping()
    {
        using var cluster = new Cluster(["one"]);
        var path = Path.Combine(cluster.Root, "notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        using var controller = ControllerProcess.Start(cluster, ("NOTIFY_SOCKET", path), ("WATCHDOG_USEC", "600000"));
        var messages = new List<string> { Receive(systemd) };
        Assert.Equal("READY=1\nSTATUS=1 clients", messages[0]);
        for (var i = 0; i < 3; i++) Assert.Equal("WATCHDOG=1", Receive(systemd));
        controller.Stop();
        systemd.ReceiveTimeout = 2000;
        do messages.Add(Receive(systemd));
        while (!messages[^1].StartsWith("STOPPING=1", StringComparison.Ordinal));
        Assert.All(messages[1..^1], message => Assert.Equal("WATCHDOG=1", message));
    }

    [Fact]
    public void Journal_getsImportanceInsteadOfTimes()
    {
        using var cluster = new Cluster(["one"]);
        using var controller = ControllerProcess.Start(cluster, ("JOURNAL_STREAM", "8:12345"));
        Assert.StartsWith("<6>Watching ", controller.WaitFor("Watching "), StringComparison.Ordinal);
        controller.Stop();
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
