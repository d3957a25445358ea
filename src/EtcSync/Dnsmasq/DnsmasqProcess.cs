using System.Runtime.InteropServices;
using System.Text;
using EtcSync.Core.Dnsmasq;

namespace EtcSync.Dnsmasq;

/// <summary>
/// The dnsmasq that serves the clients, found among the processes of this machine: not one that libvirt, NetworkManager or a container
/// runs for itself, which have configurations or networks of their own. A pid file would be no proof: not every service writes one,
/// and what one names may long be another program.
/// </summary>
/// <param name="Id">Its process id.</param>
/// <param name="Parent">Its parent's.</param>
internal sealed partial record DnsmasqProcess(int Id, int Parent)
{
    private const int HangUp = 1;

    /// <summary>The process; null where none runs.</summary>
    public static DnsmasqProcess? Find()
    {
        var found = new List<DnsmasqProcess>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), System.Globalization.NumberStyles.None, null, out var id) && Read(id) is { } process) found.Add(process);
        }

        // With a script for leases there is a second process, a child of the first.
        return found.Where(process => !found.Exists(other => other.Id == process.Parent)).MinBy(process => process.Id);
    }

    /// <summary>Whether it is still there.</summary>
    public bool IsRunning => Read(Id) is not null;

    /// <summary>Has it read its lists again; false where it is gone.</summary>
    public bool Reread() => IsRunning && Kill(Id, HangUp) == 0;

    private static DnsmasqProcess? Read(int id)
    {
        try
        {
            if (File.ReadAllText($"/proc/{id}/comm") != "dnsmasq\n" || new FileInfo($"/proc/{id}/ns/net").LinkTarget != new FileInfo("/proc/self/ns/net").LinkTarget) return null;
            // Behind the name, which may hold anything, come the state and the parent; a dead process is a 'Z'.
            var status = File.ReadAllText($"/proc/{id}/stat");
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] != "Z" && IsOurs(Encoding.Latin1.GetString(File.ReadAllBytes($"/proc/{id}/cmdline")).Split('\0')) ? new(id, int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended, or is somebody else's.
            return null;
        }
    }

    // Who is given another file to begin with does not read what the machine's own dnsmasq reads.
    private static bool IsOurs(string[] arguments)
    {
        string? file = null;
        for (var i = 1; i < arguments.Length; i++)
        {
            var argument = arguments[i];
            if (argument is "-C" or "--conf-file" && i + 1 < arguments.Length) file = arguments[i + 1];
            else if (argument.StartsWith("--conf-file=", StringComparison.Ordinal)) file = argument["--conf-file=".Length..];
            else if (argument.StartsWith("-C", StringComparison.Ordinal)) file = argument[2..];
        }

        return file is null or "" or DnsmasqConfiguration.MainFile or DnsmasqPaths.Configuration;
    }

    [LibraryImport("libc.so.6", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
