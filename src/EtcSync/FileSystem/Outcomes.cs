namespace EtcSync.FileSystem;

/// <summary>How opening went; a client can bring about each of these.</summary>
internal enum OpenOutcome
{
    /// <summary>It is open.</summary>
    Opened,

    /// <summary>There is no such name (ENOENT), or none can exist (ENAMETOOLONG).</summary>
    Missing,

    /// <summary>It, or something on the way to it, is not a directory (ENOTDIR).</summary>
    NotDirectory,

    /// <summary>It, or something on the way to it, is a symbolic link (ELOOP).</summary>
    SymbolicLink,

    /// <summary>It leads out of the tree: over a mount point, by "..", or by an absolute path (EXDEV).</summary>
    Outside,

    /// <summary>The tree was being rearranged below us at every try (EAGAIN).</summary>
    Changing,
}

/// <summary>How a change of a directory went.</summary>
internal enum ChangeOutcome
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>The new name is taken (EEXIST).</summary>
    Exists,

    /// <summary>The name, or the directory itself, is gone (ENOENT).</summary>
    Missing,

    /// <summary>A directory was expected (ENOTDIR).</summary>
    NotDirectory,

    /// <summary>A directory stands in the way (EISDIR).</summary>
    IsDirectory,

    /// <summary>The directory has entries (ENOTEMPTY).</summary>
    NotEmpty,

    /// <summary>The two names are on different file systems or mounts, or something else is mounted there (EXDEV).</summary>
    OtherFileSystem,

    /// <summary>The file system cannot do this, or a directory would be moved into itself (EINVAL).</summary>
    Unsupported,

    /// <summary>It is a mount point or otherwise in use by the kernel (EBUSY).</summary>
    Busy,

    /// <summary>It is immutable ('chattr +i'), on a read-only file system, or not ours to change (EPERM, EACCES, EROFS).</summary>
    Refused,
}

/// <summary>What came of reading a file or a link.</summary>
internal abstract record ReadOutcome
{
    private ReadOutcome()
    {
    }

    /// <summary>The whole content, and the status that it had before and after it was read.</summary>
    public sealed record Content(byte[] Bytes, FileStatus Status) : ReadOutcome;

    /// <summary>It is something else than was asked for; it was not opened.</summary>
    public sealed record OtherKind(FileStatus Status) : ReadOutcome;

    /// <summary>It has more bytes than the limit.</summary>
    public sealed record TooLarge(long Size) : ReadOutcome;

    /// <summary>There is no such name (any more).</summary>
    public sealed record Vanished : ReadOutcome;

    /// <summary>It changed at every try while it was read.</summary>
    public sealed record Changing : ReadOutcome;

    /// <summary>Something is mounted over the name.</summary>
    public sealed record Outside : ReadOutcome;
}
