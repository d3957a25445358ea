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
    private const string KernelTable = "/proc/fs/nfsd/exports";
    private const string Configuration = "/etc/nfs.conf";
    private const string StateSetting = "state-directory-path";

    /// <summary>Looks at it; a table that is not there is an empty one.</summary>
    public static NfsServer Observe() => new(
        int.TryParse(Read(Threads).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var threads) && threads > 0,
        Entries($"{StateDirectory()}/etab"),
        Entries(KernelTable));

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
