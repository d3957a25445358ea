using System.Collections.Concurrent;
using EtcSync.Core.Paths;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>
/// Whether file systems can do what work trees need: hold owners, modes and links, and exchange two files in one step. Found
/// out by trying, once for each file system, before anything is staged there: later it would look like a client that writes
/// faster than we do. Extended attributes are not asked for: where there are none, there are none to carry along either.
/// </summary>
internal sealed class FileSystemAbilities
{
    private const int ProbeMode = 0x1A0; // 0640
    private const uint ProbeOwner = 1;
    private static readonly string One = StagingArea.NameOf(RepoPath.Parse("etcsync/probe/one"));
    private static readonly string Other = StagingArea.NameOf(RepoPath.Parse("etcsync/probe/other"));

    // What can do it does not lose that; what cannot may have been mounted anew since.
    private readonly ConcurrentDictionary<(ulong Device, FileSystemId Id), bool> _able = new();

    /// <summary>Says that a directory is on a read-only file system; null if it is not.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="shown">Its path as people know it.</param>
    public static string? ReadOnly(DirectoryDescriptor directory, string shown) =>
        directory.IsReadOnly() ? $"{shown} is on a file system that is mounted read-only. Make it writable ('mount -o remount,rw', after a look at the kernel log: errors of the disk make it read-only, too)." : null;

    /// <summary>Says what the file system lacks that a staging area is on; null if nothing.</summary>
    /// <param name="staging">A directory that only root can enter, on the file system of the work tree.</param>
    /// <param name="shown">The work tree's path as people know it.</param>
    /// <exception cref="IOException">It cannot be tried: the file system is full, say.</exception>
    public string? Lacking(DirectoryDescriptor staging, string shown)
    {
        if (ReadOnly(staging, shown) is { } reason) return reason;
        var key = (staging.Status().Device, staging.FileSystem());
        if (_able.ContainsKey(key)) return null;
        if (Try(staging) is { } lacking) return $"{shown} is on a file system that cannot {lacking}. Put the clones on one that can (ext4, XFS, btrfs), and name the place as 'clones' in etcsync.yaml.";
        _able[key] = true;
        return null;
    }

    private static string? Try(DirectoryDescriptor staging)
    {
        Clear(staging);
        try
        {
            if (!HoldsOwners(staging)) return "hold owners and modes of files";
            if (staging.CreateSymbolicLink(Other, "target"u8) != ChangeOutcome.Done) return "hold symbolic links";
            return staging.Exchange(One, staging, Other) == ChangeOutcome.Done ? null : "exchange two files in one step (renameat2 with RENAME_EXCHANGE), so that a file would be missing while it is replaced";
        }
        finally
        {
            Clear(staging);
        }
    }

    private static bool HoldsOwners(DirectoryDescriptor staging)
    {
        try
        {
            if (staging.CreateFile(One, "probe"u8, out var file) != ChangeOutcome.Done) return false;
            using (file)
            {
                file!.SetMode(ProbeMode);
                if (Owners.AreSet) file.SetOwner(ProbeOwner, ProbeOwner);
                var status = file.Status();
                return status.Mode == ProbeMode && (!Owners.AreSet || (status.Uid == ProbeOwner && status.Gid == ProbeOwner));
            }
        }
        catch (FileSystemException e) when (e.Error is Errno.EPERM or Errno.EOPNOTSUPP)
        {
            return false;
        }
        catch (FileSystemException e) when (e.Error == Errno.EINVAL)
        {
            // A container in which that user does not exist: what it can give files to will be seen when it has to.
            return true;
        }
    }

    private static void Clear(DirectoryDescriptor staging)
    {
        staging.Unlink(One);
        staging.Unlink(Other);
    }
}
