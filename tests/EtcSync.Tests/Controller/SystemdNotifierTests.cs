using System.Net.Sockets;
using System.Text;
using EtcSync.Controller;

namespace EtcSync.Tests.Controller;

public sealed class SystemdNotifierTests : IDisposable
{
    private const int Process = 4711;

    private readonly string _directory = Directory.CreateTempSubdirectory("etcsync-notify-").FullName;
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };

    private string SocketPath => Path.Combine(_directory, "notify");

    public void Dispose()
    {
        _systemd.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void Ready_is_said_with_a_status()
    {
        var notifier = Listening();
        Assert.True(notifier.IsActive);
        Assert.True(notifier.Ready("6 clients"));
        Assert.Equal("READY=1\nSTATUS=6 clients", Received());
    }

    [Fact]
    public void Messages_follow_the_protocol()
    {
        var notifier = Listening();
        Assert.True(notifier.Status("two\nlines"));
        Assert.Equal("STATUS=two lines", Received());
        Assert.True(notifier.Watchdog());
        Assert.Equal("WATCHDOG=1", Received());
        Assert.True(notifier.Stopping("finishing node07"));
        Assert.Equal("STOPPING=1\nSTATUS=finishing node07", Received());
    }

    [Fact]
    public void Reloading_carries_the_monotonic_clock()
    {
        var notifier = Listening();
        var before = UptimeMicroseconds();
        Assert.True(notifier.Reloading());
        var lines = Received().Split('\n');
        Assert.Equal("RELOADING=1", lines[0]);
        Assert.StartsWith("MONOTONIC_USEC=", lines[1], StringComparison.Ordinal);
        // /proc/uptime counts hundredths, and time in suspend too.
        Assert.InRange(long.Parse(lines[1]["MONOTONIC_USEC=".Length..]), 1, before + 60_000_000);
    }

    [Fact]
    public void Abstract_socket_is_reached()
    {
        var name = $"etcsync-test-{Guid.NewGuid():N}";
        _systemd.Bind(new UnixDomainSocketEndPoint('\0' + name));
        Assert.True(new SystemdNotifier('@' + name, null, null, Process).Ready("up"));
        Assert.Equal("READY=1\nSTATUS=up", Received());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("relative")]
    [InlineData("vsock:2:1234")]
    public void Without_a_socket_nothing_is_done(string? socket)
    {
        var notifier = new SystemdNotifier(socket, "1000000", null, Process);
        Assert.False(notifier.IsActive);
        Assert.Null(notifier.WatchdogLimit);
        Assert.False(notifier.Ready("up"));
        Assert.False(notifier.Watchdog());
    }

    [Fact]
    public void Too_long_an_address_is_no_socket() => Assert.False(new SystemdNotifier('/' + new string('x', 300), null, null, Process).IsActive);

    [Fact]
    public void Nobody_listening_is_no_failure() => Assert.False(new SystemdNotifier(SocketPath, null, null, Process).Ready("up"));

    [Theory]
    [InlineData("30000000", null, 30)]
    [InlineData("30000000", "4711", 30)]
    [InlineData("30000000", "4712", null)]
    [InlineData("30000000", "x", null)]
    [InlineData("0", null, null)]
    [InlineData("-1", null, null)]
    [InlineData("99999999999999999999", null, null)]
    [InlineData("9223372036854775807", null, null)]
    [InlineData(null, null, null)]
    public void Watchdog_limit_is_for_the_process_that_is_meant(string? microseconds, string? process, int? seconds)
    {
        var notifier = new SystemdNotifier(SocketPath, microseconds, process, Process);
        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : null, notifier.WatchdogLimit);
    }

    [Fact]
    public async Task Watchdog_is_told_while_the_work_goes_on()
    {
        var notifier = Listening("100000");
        using var cancellation = new CancellationTokenSource();
        var looks = 0;
        var keeping = notifier.KeepWatchdogQuietAsync(() => ++looks is 1 or 3, TimeProvider.System, cancellation.Token);
        Assert.Equal("WATCHDOG=1", Received());
        Assert.Equal("WATCHDOG=1", Received());
        Assert.True(looks >= 3);
        await cancellation.CancelAsync();
        await keeping;
    }

    [Fact]
    public async Task Watchdog_that_does_not_watch_needs_no_task() =>
        await Listening().KeepWatchdogQuietAsync(() => true, TimeProvider.System, CancellationToken.None);

    private static long UptimeMicroseconds() => (long)(double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0]) * 1_000_000);

    private SystemdNotifier Listening(string? watchdog = null)
    {
        _systemd.Bind(new UnixDomainSocketEndPoint(SocketPath));
        return new(SocketPath, watchdog, null, Process);
    }

    private string Received()
    {
        var buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer, 0, _systemd.Receive(buffer));
    }
}
