using System.Diagnostics;
using EtcSync.Server;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Server;

public sealed class ServerProgramTests
{
    [Fact]
    public void Program_that_leaves_another_one_running_with_its_output_is_not_waited_for()
    {
        var start = Stopwatch.GetTimestamp();

        var output = new ServerProgram(TimeProvider.System, TimeSpan.FromMinutes(1)).Run("/bin/sh", ["-c", "sleep 20 & echo said; echo more >&2"], CancellationToken.None);

        Assert.Equal(new(0, "said\n", "more\n", IsLate: false), output);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void Program_that_does_not_end_is_ended()
    {
        Assert.True(new ServerProgram(TimeProvider.System, TimeSpan.FromMilliseconds(200)).Run("/bin/sh", ["-c", "sleep 20"], CancellationToken.None).IsLate);
    }

    [Fact]
    public void Program_that_says_very_much_is_heard_to_the_end()
    {
        var output = new ServerProgram(TimeProvider.System, TimeSpan.FromMinutes(1)).Run("/bin/sh", ["-c", "head -c 40000000 /dev/zero; exit 3"], CancellationToken.None);

        Assert.Equal((3, 32 << 20), (output.ExitCode, output.Output.Length));
        Assert.Equal(1_003, output.Words.Length);
    }

    [Fact]
    public void Pipes_and_devices_among_other_peoples_files_are_not_opened()
    {
        using var cluster = new Cluster(["pc01"]);
        var etc = Path.Combine(cluster.Root, "etc");
        foreach (var directory in (string[])["exports.d", "dnsmasq.d"]) Directory.CreateDirectory(Path.Combine(etc, directory));
        foreach (var pipe in (string[])["exports.d/pipe.exports", "dnsmasq.d/pipe.conf", "leases", "hosts"]) Tool.Run("mkfifo", Path.Combine(etc, pipe));
        File.WriteAllText(Path.Combine(etc, "dnsmasq.conf"), "conf-dir=/etc/dnsmasq.d\ndhcp-leasefile=/etc/leases\nconf-file=/etc/zero\n");
        File.CreateSymbolicLink(Path.Combine(etc, "zero"), "/dev/zero");
        File.CreateSymbolicLink(Path.Combine(etc, "exports"), "/dev/null");

        var observation = ServerObserver.Observe(cluster.Workspace);

        Assert.Empty(observation.Foreign.Exports);
        Assert.Null(observation.Foreign.Hosts);
        Assert.Equal("/etc/dnsmasq.conf", Assert.Single(observation.Foreign.Dnsmasq).Path);
        Assert.Empty(EtcSync.Dnsmasq.LeaseFiles.Read(cluster.Workspace.Locations));
    }
}
