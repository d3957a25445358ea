using System.Collections.Concurrent;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;

namespace EtcSync.Clients;

/// <summary>
/// Contents of the shared root's files as they were read last, by what the kernel says of them: the hardware database has
/// many megabytes, and upstream is looked at again and again.
/// </summary>
internal sealed class ShadowContents
{
    // A change right after the last one may leave the same change time.
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (FileVersion Version, byte[] Content, FileStatus Status)> _read = new(StringComparer.Ordinal);

    /// <summary>What was read of a file, if it is the same as then.</summary>
    public (FileVersion Version, byte[] Content, FileStatus Status)? Find(string path, in FileStatus status) =>
        _read.TryGetValue(path, out var known) && known.Status == status ? known : null;

    /// <summary>Remembers what was read.</summary>
    public void Remember(string path, FileVersion version, byte[] content, FileStatus status, DateTimeOffset now)
    {
        if (now - DateTimeOffset.FromUnixTimeSeconds(status.CTime.Seconds) > Young) _read[path] = (version, content, status);
        else _read.TryRemove(path, out _);
    }
}
