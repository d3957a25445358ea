using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Fixtures;

/// <summary>Commits to upstream that have something of everything in them.</summary>
internal static class UpstreamChanges
{
    private const int Private = 0x180; // 0600
    private const int Program = 0x1ED; // 0755

    /// <summary>What <see cref="Commit"/> needs of the first commit.</summary>
    public static void Prepare(Cluster cluster)
    {
        cluster.Put("swap/file", "0\n");
        cluster.Put("swap/dir/a", "0\n");
        cluster.Put("swap/dir/b", "0\n");
        File.CreateSymbolicLink(cluster.UpstreamPath("localtime"), "/usr/share/zoneinfo/UTC");
    }

    /// <summary>
    /// Content, mode and owner of files change, files come and go, a link points elsewhere, an empty directory appears, and a
    /// file and a directory change places.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="round">A number from 1 that is another one each time.</param>
    public static string Commit(Cluster cluster, int round)
    {
        var isOdd = round % 2 == 1;
        cluster.Put("motd", $"one\ntwo\nthree\nfour\nround {round}\n");
        cluster.Put("ssh/sshd_config", $"Port 22\nPermitRootLogin no\nMaxSessions {round}\n", isOdd ? Private : 0x1A4);
        cluster.Put("conf.d/00.conf", "value=0\n", isOdd ? Program : Private);
        cluster.Put("conf.d/02.conf", $"value={round}\n", 0x1A0, isOdd ? 6 : 0, isOdd ? 12 : 0);
        File.Delete(cluster.UpstreamPath($"conf.d/{9 + round:00}.conf"));
        cluster.Put($"new/{round}/file", $"{round}\n", Private);
        Directory.CreateDirectory(cluster.UpstreamPath($"empty/{round}"));
        File.Delete(cluster.UpstreamPath("localtime"));
        File.CreateSymbolicLink(cluster.UpstreamPath("localtime"), $"/usr/share/zoneinfo/Etc/GMT+{round % 12}");
        Swap(cluster, round, file: isOdd ? "swap/dir" : "swap/file", directory: isOdd ? "swap/file" : "swap/dir");
        return cluster.Commit($"round {round}");
    }

    private static void Swap(Cluster cluster, int round, string file, string directory)
    {
        Directory.Delete(cluster.UpstreamPath(file), recursive: true);
        File.Delete(cluster.UpstreamPath(directory));
        cluster.Put(file, $"{round}\n");
        cluster.Put(directory + "/a", $"{round}\n", Private);
        cluster.Put(directory + "/b", $"{round}\n");
    }
}
