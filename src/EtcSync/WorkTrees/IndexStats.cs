using EtcSync.Core.Git;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>Between what statx says and what the index keeps of it.</summary>
internal static class IndexStats
{
    /// <summary>The part of a status that the index keeps (32 bits of each, as git does).</summary>
    public static IndexStat Of(in FileStatus status) => new(
        (uint)status.CTime.Seconds, status.CTime.Nanoseconds, (uint)status.MTime.Seconds, status.MTime.Nanoseconds,
        (uint)status.Device, (uint)status.Inode, status.Uid, status.Gid, (uint)status.Size);

    /// <summary>
    /// Whether the file is the one that the index knows, unchanged. The change time is the server's and cannot be set by
    /// a client; the device is left out, because it may change with every boot.
    /// </summary>
    public static bool Match(in IndexStat known, in FileStatus seen) =>
        known.CTimeNanoseconds == seen.CTime.Nanoseconds && known.CTimeSeconds == (uint)seen.CTime.Seconds && known.Inode == (uint)seen.Inode
        && known.Size == (uint)seen.Size && known.MTimeNanoseconds == seen.MTime.Nanoseconds && known.MTimeSeconds == (uint)seen.MTime.Seconds
        && known.Uid == seen.Uid && known.Gid == seen.Gid && known != IndexStat.Unknown;

    /// <summary>Whether a change right after the status was taken could have left the same change time.</summary>
    public static bool IsYoung(in IndexStat known, FileTime indexTime) =>
        known.CTimeSeconds > (uint)indexTime.Seconds || (known.CTimeSeconds == (uint)indexTime.Seconds && known.CTimeNanoseconds >= indexTime.Nanoseconds);

    /// <summary>What git calls a file of this status.</summary>
    public static EntryMode ModeOf(in FileStatus status) => status.Kind switch
    {
        FileKind.Regular => (status.Mode & 0x40) != 0 ? EntryMode.Executable : EntryMode.File,
        FileKind.SymbolicLink => EntryMode.SymbolicLink,
        FileKind.Directory => EntryMode.Directory,
        _ => EntryMode.None,
    };
}
