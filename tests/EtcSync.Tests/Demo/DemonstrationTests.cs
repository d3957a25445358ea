using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Demo;

public sealed class DemonstrationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("etcsync-demo-test-").FullName;

    [Fact]
    public void Demonstration_plays_to_its_end_and_leaves_a_cluster_in_order()
    {
        var sandbox = Path.Combine(_directory, "sandbox");
        var demo = CommandLine.Run("demo", sandbox);

        Assert.True(demo.Code == 0, demo.Error + demo.Out);
        Assert.Contains("The sandbox is yours", demo.Out, StringComparison.Ordinal);
        Assert.Equal("700", Tool.Run("stat", "-c", "%a", sandbox).Trim());
        var status = CommandLine.Run("--root", sandbox, "status", "--json");
        Assert.Equal(2, status.Code);
        foreach (var client in (string[])["pc01", "pc02", "pc03", "pc04", "pc05", "pc06"])
        {
            Assert.Equal(0, Tool.Try("git", "--git-dir", Path.Combine(sandbox, $"var/lib/etcsync/clients/{client}.git"), "fsck", "--no-dangling").Code);
            Assert.Equal(client + "\n", File.ReadAllText(Path.Combine(sandbox, $"srv/etc-{client}/hostname")));
        }

        var exports = File.ReadAllText(Path.Combine(sandbox, "etc/exports.d/etcsync.exports"));
        Assert.Contains("/srv/etc-pc01\t192.168.77.", exports, StringComparison.Ordinal);
        Assert.Contains("02:00:00:00:00:60,", File.ReadAllText(Path.Combine(sandbox, "var/lib/etcsync-dnsmasq/reservations")), StringComparison.Ordinal);
        Assert.Contains("server plan", demo.Out, StringComparison.Ordinal);
        Assert.Contains("ok       boot: ", demo.Out, StringComparison.Ordinal);
        Assert.Contains("The server's files are as they must be.", CommandLine.Run("--root", sandbox, "server", "plan").Out, StringComparison.Ordinal);
        Assert.Equal("", Tool.Run("git", "-C", Path.Combine(sandbox, "srv/root/etc"), "-c", "safe.directory=*", "status", "--porcelain"));
    }

    [Fact]
    public void Secrets_of_the_machine_are_not_in_the_sandbox()
    {
        var sandbox = Path.Combine(_directory, "sandbox");
        Assert.Equal(0, CommandLine.Run("demo", sandbox).Code);
        var upstream = Path.Combine(sandbox, "srv/root/etc");
        Assert.All(File.ReadLines(Path.Combine(upstream, "shadow")), line => Assert.Equal("!", line.Split(':')[1]));
        var unreadable = Tool.Try("find", "/etc", "-xdev", "-type", "f", "!", "-perm", "-004").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var file in unreadable.Select(file => Path.GetRelativePath("/etc", file)).Where(file => file is not ("shadow" or "gshadow") && !file.StartsWith("cron.d/", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(upstream, file);
            if (File.Exists(copy)) Assert.Contains("Made up", File.ReadAllText(copy), StringComparison.Ordinal);
        }

        if (File.Exists("/etc/machine-id")) Assert.NotEqual(File.ReadAllText("/etc/machine-id"), File.ReadAllText(Path.Combine(upstream, "machine-id")));
    }

    [Fact]
    public void Directory_that_is_not_empty_is_refused()
    {
        File.WriteAllText(Path.Combine(_directory, "x"), "");
        var demo = CommandLine.Run("demo", _directory);
        Assert.Equal(1, demo.Code);
        Assert.Contains("not empty", demo.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
