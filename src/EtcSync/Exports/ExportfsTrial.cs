using System.Text;
using EtcSync.Core.Exports;
using EtcSync.Server;

namespace EtcSync.Exports;

/// <summary>
/// Has the real exportfs read a file where it can change nothing: in mount and network namespaces of its own, with an /etc that has
/// nothing but that file, and a state directory that is empty. What the kernel has for NFS belongs to a network namespace.
/// </summary>
internal sealed class ExportfsTrial(ServerProgram programs, string exportfs)
{
    private const string Ready = "ready\n";

    // The last step says what the table has then. Mounting comes before /etc is another one.
    private const string Script = """
        mount -t tmpfs -o mode=755 etcsync /var/lib/nfs && touch /var/lib/nfs/etab /var/lib/nfs/rmtab && mount --bind "$1" /etc && echo ready || exit 1
        "$2" -ra
        cat /var/lib/nfs/etab
        """;

    /// <summary>What exportfs would export, and what it says; null with the reason where it cannot be tried here.</summary>
    public (ExportsFile? Table, string Said) Run(string text, CancellationToken cancellation)
    {
        if (!Directory.Exists("/var/lib/nfs")) return (null, "there is no /var/lib/nfs");
        var directory = Directory.CreateTempSubdirectory("etcsync-exports-");
        try
        {
            File.WriteAllText($"{directory}/exports", "");
            Directory.CreateDirectory($"{directory}/exports.d");
            File.WriteAllText($"{directory}{ExportsFiles.File["/etc".Length..]}", text, Encoding.Latin1);
            var output = programs.Run("unshare", ["--user", "--map-root-user", "--mount", "--net", "--propagation", "private", "sh", "-c", Script, "sh", directory.FullName, exportfs], cancellation);
            if (!output.Output.StartsWith(Ready, StringComparison.Ordinal)) return (null, output.Error.Length > 0 ? output.Error.Trim().Split('\n')[0] : $"unshare ended with status {output.ExitCode}");
            return output.IsLate ? (null, "exportfs did not come to an end") : (ExportsFile.Parse(new("etab", output.Output[Ready.Length..])), output.Error);
        }
        catch (IOException e)
        {
            return (null, e.Message);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
