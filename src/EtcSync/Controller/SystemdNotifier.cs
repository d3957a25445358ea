using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EtcSync.Controller;

/// <summary>
/// Tells systemd how the controller is: the protocol of sd_notify(3), datagrams of VARIABLE=value lines to the socket that
/// <c>NOTIFY_SOCKET</c> names. Without that variable every method does nothing. A notification that does not arrive is no
/// reason to stop the work it is about: it is reported by the result, never by an exception.
/// </summary>
internal sealed class SystemdNotifier
{
    private const int MicrosecondsPerSecond = 1_000_000;

    // systemd reads its queue at once; a wait longer than this means that it is stuck, and we must not be.
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(1);

    private readonly UnixDomainSocketEndPoint? _socket;

    /// <summary>Takes the variables as systemd passes them, see sd_notify(3) and sd_watchdog_enabled(3).</summary>
    /// <param name="socket"><c>NOTIFY_SOCKET</c>: a path, or a name in the abstract namespace that starts with '@'.</param>
    /// <param name="watchdogMicroseconds"><c>WATCHDOG_USEC</c>: the process is ended if it is silent for longer.</param>
    /// <param name="watchdogProcess"><c>WATCHDOG_PID</c>: the process that is meant; absent for any.</param>
    /// <param name="process">Our own process id.</param>
    public SystemdNotifier(string? socket, string? watchdogMicroseconds, string? watchdogProcess, int process)
    {
        _socket = Parse(socket);
        if (_socket is not null) WatchdogLimit = ParseWatchdog(watchdogMicroseconds, watchdogProcess, process);
    }

    /// <summary>Whether there is somebody to tell.</summary>
    public bool IsActive => _socket is not null;

    /// <summary>How long systemd tolerates silence; null where it does not watch.</summary>
    public TimeSpan? WatchdogLimit { get; }

    /// <summary>As the environment of this process says.</summary>
    public static SystemdNotifier FromEnvironment() => new(
        Environment.GetEnvironmentVariable("NOTIFY_SOCKET"),
        Environment.GetEnvironmentVariable("WATCHDOG_USEC"),
        Environment.GetEnvironmentVariable("WATCHDOG_PID"),
        Environment.ProcessId);

    /// <summary>Start-up, or reading the configuration again, is complete.</summary>
    /// <returns>False where nobody listens or the message could not be sent; the same for all of these methods.</returns>
    public bool Ready(string status) => Send($"READY=1\n{StatusLine(status)}");

    /// <summary>The configuration is being read again; <see cref="Ready"/> ends this.</summary>
    public bool Reloading()
    {
        // systemd orders reloads by this stamp (Type=notify-reload wants it); on Linux, Stopwatch is CLOCK_MONOTONIC.
        var now = (Int128)Stopwatch.GetTimestamp() * MicrosecondsPerSecond / Stopwatch.Frequency;
        return Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={now}"));
    }

    /// <summary>The controller is ending.</summary>
    public bool Stopping(string status) => Send($"STOPPING=1\n{StatusLine(status)}");

    /// <summary>Sets the sentence that <c>systemctl status</c> shows.</summary>
    public bool Status(string status) => Send(StatusLine(status));

    /// <summary>Says that the controller is alive.</summary>
    public bool Watchdog() => Send("WATCHDOG=1");

    /// <summary>
    /// Says that the controller is alive, twice in each <see cref="WatchdogLimit"/>, for as long as it is; returns at once
    /// where systemd does not watch.
    /// </summary>
    /// <param name="isAlive">Looks whether the work goes on. While it does not, nothing is said, and systemd acts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends this, without an exception.</param>
    public async Task KeepWatchdogQuietAsync(Func<bool> isAlive, TimeProvider time, CancellationToken cancellation)
    {
        if (WatchdogLimit is not { } limit) return;
        using var timer = new PeriodicTimer(limit / 2, time);
        try
        {
            do
            {
                if (isAlive()) Watchdog();
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            // The end that was asked for.
        }
    }

    private bool Send(string message)
    {
        if (_socket is null) return false;
        try
        {
            // A socket for each message: they are rare, and the one of a systemd that was re-executed stays reachable.
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTimeout = (int)SendLimit.TotalMilliseconds;
            var bytes = Encoding.UTF8.GetBytes(message);
            return socket.SendTo(bytes, _socket) == bytes.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // A line break would start a variable of its own.
    private static string StatusLine(string status) => $"STATUS={status.ReplaceLineEndings(" ")}";

    private static UnixDomainSocketEndPoint? Parse(string? socket)
    {
        // Anything else (vsock:...) is for virtual machines.
        if (string.IsNullOrEmpty(socket) || socket[0] is not ('/' or '@') || socket.Length < 2) return null;
        try
        {
            return new(socket[0] == '@' ? '\0' + socket[1..] : socket);
        }
        catch (ArgumentException)
        {
            // Longer than an address can be (108 bytes).
            return null;
        }
    }

    private static TimeSpan? ParseWatchdog(string? microseconds, string? watchdogProcess, int process)
    {
        if (!long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit <= 0) return null;
        if (!string.IsNullOrEmpty(watchdogProcess)
            && !(int.TryParse(watchdogProcess, NumberStyles.None, CultureInfo.InvariantCulture, out var meant) && meant == process))
        {
            return null;
        }

        // What no timer can hold is as good as not being watched.
        var span = TimeSpan.FromMicroseconds(Math.Min(limit, long.MaxValue / 100));
        return span < TimeSpan.FromDays(1) ? span : null;
    }
}
