using System.Diagnostics;
using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Fixtures;

/// <summary>
/// A cluster's directories as those of a server that stays up, in namespaces of its own, with a network to a machine that can be any
/// client: the server has 10.77.0.1 on 'lan', the other one a card whose address is chosen. Everything in it ends with it.
/// </summary>
internal sealed class NetworkedMachine : IDisposable
{
    private const string Enter = """
        mount --bind "$1/srv" /srv && mount --bind "$1/var/lib" /var/lib && mount --bind "$1/etc" /etc && mount -t tmpfs tmpfs /run || exit 99
        ip link set lo up && ip link add lan type veth peer name card || exit 98
        unshare --net sleep 3600 &
        echo $! > /run/client
        while [ "$(readlink /proc/$!/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
        ip link set card netns $! && ip addr add 10.77.0.1/24 dev lan && ip link set lan up || exit 97
        nsenter --net=/proc/$!/ns/net ip link set lo up
        echo ready
        exec sleep 3600
        """;

    // Tells what it got, and takes no address: another one may be asked for next.
    private const string DhcpScript = """
        #!/bin/sh
        [ "$1" = bound ] && for name in ip hostname bootfile siaddr router dns domain lease; do eval "echo $name=\$$name"; done
        exit 0
        """;

    private readonly OwnMachine _machine;
    private readonly Process _holder;
    private readonly string _inside;

    /// <summary>Makes it of a cluster.</summary>
    public NetworkedMachine(Cluster cluster)
    {
        _machine = new(cluster);
        Write("/etc/dhcp-script", DhcpScript, executable: true);
        var start = new ProcessStartInfo("unshare", ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", Enter, "sh", cluster.Root])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        _holder = Process.Start(start)!;
        Assert.Equal("ready", _holder.StandardOutput.ReadLine());
        _inside = File.ReadAllText($"/proc/{_holder.Id}/task/{_holder.Id}/children").Trim();
    }

    /// <summary>Where a file of the server is.</summary>
    public string Place(string path) => _machine.Place(path);

    /// <summary>Writes a file of the server.</summary>
    public void Write(string path, string text, bool executable = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place(path))!);
        File.WriteAllText(Place(path), text);
        if (executable) File.SetUnixFileMode(Place(path), (UnixFileMode)0x1ED);
    }

    /// <summary>Runs a program on the server.</summary>
    public (int Code, string Output) Run(string program, params string[] arguments)
    {
        var (code, output, error) = Tool.Try("env", [$"PATH={ServerPrograms.Programs}:{Environment.GetEnvironmentVariable("PATH")}", "nsenter", $"--target={_inside}", "--mount", "--net", "--pid", program, .. arguments]);
        return (code, output + error);
    }

    /// <summary>Runs etcsync on the server.</summary>
    public (int Code, string Output) Etcsync(params string[] arguments) => Run(RunningProgram.Dotnet, [RunningProgram.Assembly, .. arguments]);

    /// <summary>Runs a program on the other machine.</summary>
    public (int Code, string Output) RunClient(string program, params string[] arguments) =>
        Run("sh", ["-c", "p=$(cat /run/client); exec nsenter --net=/proc/$p/ns/net \"$@\"", "sh", program, .. arguments]);

    /// <summary>What a machine with this card gets by DHCP: "ip=…", "bootfile=…" and so on; empty for nothing.</summary>
    /// <param name="mac">Its network card.</param>
    /// <param name="architecture">The number of its architecture in option 93; null for a machine that does not say.</param>
    public IReadOnlyDictionary<string, string> Boot(string mac, int? architecture = null)
    {
        RunClient("ip", "link", "set", "card", "down");
        RunClient("ip", "link", "set", "card", "address", mac);
        RunClient("ip", "link", "set", "card", "up");
        string[] says = architecture is { } number ? ["-x", $"0x5d:{number:x4}"] : [];
        var (_, output) = RunClient("busybox", ["udhcpc", "-i", "card", "-n", "-q", "-f", "-t", "2", "-T", "1", "-A", "1", "-O", "bootfile", "-O", "hostname", "-O", "lease", "-s", "/etc/dhcp-script", .. says]);
        return output.Split('\n').Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2 && parts[1].Length > 0 && parts[0].All(char.IsAsciiLetterLower)).ToDictionary(parts => parts[0], parts => parts[1]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _holder.Kill();
        _holder.WaitForExit();
        _holder.Dispose();
    }
}
