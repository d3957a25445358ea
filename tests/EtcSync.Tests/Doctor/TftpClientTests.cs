using System.Diagnostics;
using System.Net;
using EtcSync.Core.Doctor;
using EtcSync.Doctor;
using EtcSync.State;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Doctor;

/// <summary>TFTP against the real dnsmasq, on an address of the loopback interface that nobody else uses.</summary>
public sealed class TftpClientTests : IDisposable
{
    private static readonly IPAddress Address = IPAddress.Parse("127.77.69.1");
    private static readonly byte[] Kernel = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 / 3))];

    private readonly string _root = Directory.CreateTempSubdirectory("etcsync-tftp-").FullName;
    private readonly Process? _dnsmasq;

    public TftpClientTests()
    {
        // The port is below 1024, and dnsmasq has no other.
        if (!Environment.IsPrivilegedProcess) return;
        var boot = Directory.CreateDirectory(Path.Combine(_root, "boot")).FullName;
        File.SetUnixFileMode(_root, (UnixFileMode)0x1ED);
        File.WriteAllBytes(Path.Combine(boot, "vmlinuz"), Kernel);
        File.WriteAllText(Path.Combine(boot, "small"), "small");
        File.WriteAllText(Path.Combine(boot, "secret"), "secret");
        File.SetUnixFileMode(Path.Combine(boot, "secret"), (UnixFileMode)0x180);
        var log = Path.Combine(_root, "log");
        _dnsmasq = Process.Start(new ProcessStartInfo(ServerPrograms.Find("dnsmasq"),
            ["--keep-in-foreground", "--port=0", "--conf-file=/dev/null", $"--listen-address={Address}", "--bind-interfaces", "--enable-tftp", $"--tftp-root={boot}", "--user=nobody", $"--log-facility={log}", "--pid-file="])
        { UseShellExecute = false, RedirectStandardError = true });
        for (var i = 0; i < 100 && !(File.Exists(log) && File.ReadAllText(log).Contains("TFTP root is", StringComparison.Ordinal)); i++) Thread.Sleep(20);
    }

    [RootFact]
    public void The_beginning_of_a_large_file_is_read_and_its_size_is_told()
    {
        var served = Assert.IsType<TftpOutcome.Served>(Client().Read("vmlinuz", 100_000));

        Assert.Equal(Kernel.Length, served.Size);
        Assert.Equal(Kernel[..100_000], served.Start);
    }

    [RootFact]
    public void A_small_file_is_read_whole() => Assert.Equal("small"u8.ToArray(), Assert.IsType<TftpOutcome.Served>(Client().Read("small", 100_000)).Start);

    [RootFact]
    public void A_file_that_is_not_there_is_refused() => Assert.Contains("not found", Assert.IsType<TftpOutcome.Refused>(Client().Read("none", 100)).Reason, StringComparison.Ordinal);

    [RootFact]
    public void A_file_that_not_everybody_may_read_is_refused() => Assert.Contains("Permission denied", Assert.IsType<TftpOutcome.Refused>(Client().Read("secret", 100)).Reason, StringComparison.Ordinal);

    [Fact]
    public void Where_nobody_listens_nobody_answers() => Assert.IsType<TftpOutcome.Silent>(new TftpClient(new(IPAddress.Loopback, 9)).Read("x", 100));

    [RootFact]
    public void Files_are_compared_with_the_disk()
    {
        Directory.CreateDirectory(Path.Combine(_root, "other"));
        File.WriteAllText(Path.Combine(_root, "other/small"), "other");
        var fetch = new BootFileFetch(new Locations(_root), new(Address, 69));

        Assert.All(fetch.Fetch(Core.Boot.BootDirectory.Empty("/boot"), ["vmlinuz", "small"], CancellationToken.None), check => Assert.Null(check.Problem));
        Assert.Contains("something else", Assert.Single(fetch.Fetch(Core.Boot.BootDirectory.Empty("/other"), ["small"], CancellationToken.None)).Problem, StringComparison.Ordinal);
    }

    [RootFact]
    public void What_dnsmasq_logs_of_it_is_read()
    {
        Client().Read("small", 100);
        Client().Read("none", 100);
        Client().Read("secret", 100);

        var events = BootLog.Read(File.ReadAllText(Path.Combine(_root, "log")), DateTimeOffset.Now);

        var client = IPAddress.Loopback;
        Assert.Contains(events, one => one is BootEvent.Fetched fetched && fetched.Path == $"{_root}/boot/small" && (fetched.Address.Equals(Address) || fetched.Address.Equals(client)));
        Assert.Contains(events, one => one is BootEvent.NotFound missing && missing.Path == $"{_root}/boot/none");
        Assert.Contains(events, one => one is BootEvent.Unreadable unreadable && unreadable.Path == $"{_root}/boot/secret");
    }

    public void Dispose()
    {
        _dnsmasq?.Kill(entireProcessTree: true);
        _dnsmasq?.WaitForExit();
        _dnsmasq?.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private static TftpClient Client() => new(new(Address, 69));
}
