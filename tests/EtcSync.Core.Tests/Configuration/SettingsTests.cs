using System.Net;
using System.Text.RegularExpressions;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Tests.Configuration;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\n# nothing\n")]
    [InlineData("---\n")]
    [InlineData("version: 1\n")]
    [InlineData("\uFEFFversion: 1\r\ndrift:\r\nserver:\r\n  address:\r\n")]
    public void Settings_that_say_nothing_are_the_defaults(string text)
    {
        var loaded = Settings.Load("f", text);

        Assert.Empty(loaded.Problems);
        Assert.Equal(Settings.Default, loaded.Value);
        Assert.Null(loaded.Value!.Upstream.Branch);
    }

    [Fact]
    public void Settings_that_say_everything_are_read()
    {
        var loaded = Settings.Load("f", """
            version: 1
            root: /export/root/
            upstream: {directory: /export/etc, branch: 'feature/x#1'}
            clones: /export/clients/{name}
            state: /var/lib/other
            server: {address: "2001:db8::1", interface: br0.12}
            drift: {settle: 500ms, scan-interval: 1h, mass-loss-percent: 20, mass-loss-floor: 0, stale-save-window: 0s, keep-replaced: 2d}
            limits: {file-size: 1 GiB, files: 1000, depth: 10, scan-time: 1m}
            workers: 3
            identity: {machine-id: keep, ssh-host-keys: remove, hostname: keep}
            log: {level: debug, file: /var/log/etcsync.log}
            """);

        Assert.Empty(loaded.Problems);
        Assert.Equal("/export/clients/pc01", loaded.Value!.Clones.PathOf(ClientName.Parse("pc01")));
        Assert.Equal("/export/clients", loaded.Value.Clones.Parent);
        Assert.Equal(
            new()
            {
                Root = "/export/root",
                Upstream = new() { Directory = "/export/etc", Branch = "feature/x#1" },
                Clones = loaded.Value.Clones,
                State = "/var/lib/other",
                Server = new() { Addresses = [IPAddress.Parse("2001:db8::1")], Interface = "br0.12" },
                Drift = new()
                {
                    Settle = TimeSpan.FromMilliseconds(500),
                    ScanInterval = TimeSpan.FromHours(1),
                    MassLossPercent = 20,
                    MassLossFloor = 0,
                    StaleSaveWindow = TimeSpan.Zero,
                    KeepReplaced = TimeSpan.FromDays(2),
                },
                Limits = new() { FileSize = 1L << 30, Files = 1000, Depth = 10, ScanTime = TimeSpan.FromMinutes(1) },
                Workers = 3,
                Identity = new(MachineIdPolicy.Keep, SshHostKeyPolicy.Remove, HostnamePolicy.Keep),
                Log = new() { Level = LogLevel.Debug, File = "/var/log/etcsync.log" },
            },
            loaded.Value);
    }

    [Fact]
    public void Upstream_is_the_etc_of_the_root_unless_it_says_otherwise() =>
        Assert.Equal("/export/root/etc", Settings.Load("f", "version: 1\nroot: /export/root\n").Value!.Upstream.Directory);

    [Fact]
    public void Template_with_nothing_discovered_is_the_defaults()
    {
        var loaded = Settings.Load("f", SettingsTemplate.Render(new(null, null, null, null, null)));

        Assert.Empty(loaded.Problems);
        Assert.Equal(Settings.Default, loaded.Value);
    }

    [Theory]
    [InlineData("main")]
    [InlineData("it's#1")]
    [InlineData("null")]
    public void Template_sets_what_was_discovered(string branch)
    {
        var loaded = Settings.Load("f", SettingsTemplate.Render(new("/export/root/etc", branch, IPAddress.Parse("2001:db8::"), "eth0", null)));

        Assert.Empty(loaded.Problems);
        Assert.Equal(
            Settings.Default with
            {
                Root = "/export/root",
                Upstream = new() { Directory = "/export/root/etc", Branch = branch },
                Server = new() { Addresses = [IPAddress.Parse("2001:db8::")], Interface = "eth0" },
            },
            loaded.Value);
    }

    [Fact]
    public void Template_holds_every_key_and_its_comments_are_the_defaults()
    {
        var template = SettingsTemplate.Render(new(null, null, null, null, null));
        var uncommented = Regex.Replace(template, "^( *)#([a-z])", "$1$2", RegexOptions.Multiline);

        var loaded = Settings.Load("f", uncommented);

        Assert.Empty(loaded.Problems);
        Assert.Equal(
            Settings.Default with
            {
                Upstream = Settings.Default.Upstream with { Branch = "main" },
                Server = new() { Addresses = [IPAddress.Parse("192.168.1.1")], Interface = "eth0", Networks = [IPNetwork.Parse("192.168.1.0/24")] },
                Exports = new() { BootBuilder = ClientName.Parse("pc01") },
                Dhcp = new()
                {
                    Range = new(IPAddress.Parse("192.168.1.200"), IPAddress.Parse("192.168.1.250")),
                    NameServers = [IPAddress.Parse("192.168.1.1"), IPAddress.Parse("9.9.9.9")],
                    Router = IPAddress.Parse("192.168.1.254"),
                },
                Names = new() { Domain = "lab.example.org" },
                Boot = new()
                {
                    Kernel = "vmlinuz-linux",
                    Initramfs = "initramfs-linux.img",
                    Arguments = "quiet",
                    Variants = [new([], [GroupName.Parse("headless")], null, null, "console=ttyS0,115200")],
                },
                Workers = 4,
                Log = Settings.Default.Log with { File = "/var/log/etcsync/etcsync.log" },
            },
            loaded.Value);
        // An unknown key makes the message that lists all keys of its section.
        foreach (var section in new[] { "", "upstream", "server", "drift", "limits", "identity", "log" })
        {
            var indent = section.Length == 0 ? "" : "  ";
            var wrong = Settings.Load("f", section.Length == 0 ? "version: 1\nqqqqqqqqqqqqqqqq: 1\n" : $"version: 1\n{section}:\n  qqqqqqqqqqqqqqqq: 1\n").Problems.Single().Message;
            var keys = wrong[(wrong.IndexOf("are: ", StringComparison.Ordinal) + 5)..^1].Split(", ");
            Assert.All(keys, key => Assert.Matches($"(?m)^{indent}{key}:", uncommented));
        }
    }

    [Theory]
    [InlineData("10s", 10_000L)]
    [InlineData("250ms", 250L)]
    [InlineData("5m", 300_000L)]
    [InlineData("1h", 3_600_000L)]
    [InlineData("2d", 172_800_000L)]
    [InlineData("0s", 0L)]
    public void Duration_reads_what_it_writes(string text, long milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
        Assert.Equal(text, Durations.Format(duration));
    }

    [Theory]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("1GiB", 1L << 30)]
    [InlineData("1025B", 1025L)]
    [InlineData("3KiB", 3072L)]
    public void Size_reads_what_it_writes(string text, long bytes)
    {
        Assert.True(ByteSizes.TryParse(text, out var size));
        Assert.Equal(bytes, size);
        Assert.Equal(text, ByteSizes.Format(size));
    }
}
