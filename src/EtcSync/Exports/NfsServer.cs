using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EtcSync.Core.Exports;

namespace EtcSync.Exports;

/// <summary>The kernel's NFS server, as it is now.</summary>
/// <param name="IsRunning">Whether it has threads that serve.</param>
/// <param name="Table">What exportfs has recorded (<c>/var/lib/nfs/etab</c>): what mountd answers from.</param>
/// <param name="Kernel">What the kernel was told already because somebody asked for it.</param>
internal sealed record NfsServer(bool IsRunning, ImmutableArray<ExportEntry> Table, ImmutableArray<ExportEntry> Kernel)
{
    private const string Threads = "/proc/fs/nfsd/threads";
    // What its file system tells, where nobody mounted that (a container, or a service with a /proc of its own).
    private const string Statistics = "/proc/net/rpc/nfsd";
    private const string KernelTable = "/proc/fs/nfsd/exports";
    private const string Configuration = "/etc/nfs.conf";
    private const string StateSetting = "state-directory-path";

    /// <summary>Looks at it; a table that is not there is an empty one.</summary>
    public static NfsServer Observe() => new(
        IsPositive(Read(Threads).Trim()) || IsPositive(ThreadsIn(Read(Statistics))),
        Entries($"{StateDirectory()}/etab"),
        Entries(KernelTable));

    private static bool IsPositive(string number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0;

    // "th 8 0 0.000 …": the number of threads comes first (Linux, fs/nfsd/stats.c).
    private static string ThreadsIn(string statistics) =>
        statistics.Split('\n').Where(line => line.StartsWith("th ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]).FirstOrDefault() ?? "";

    // nfs.conf(5): mountd and exportd have it in their sections.
    private static string StateDirectory() =>
        Read(Configuration).Split('\n').Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(setting => setting.Length == 2 && setting[0] == StateSetting).Select(setting => setting[1].Trim('"')).LastOrDefault() ?? "/var/lib/nfs";

    private static ImmutableArray<ExportEntry> Entries(string file) => [.. ExportsFile.Parse(new(file, Read(file))).Entries];

    private static string Read(string file)
    {
        try
        {
            return Encoding.Latin1.GetString(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
