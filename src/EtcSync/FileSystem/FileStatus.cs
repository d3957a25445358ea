namespace EtcSync.FileSystem;

/// <summary>What a name stands for.</summary>
internal enum FileKind
{
    /// <summary>A kind that Linux does not have; never seen.</summary>
    Unknown = 0,

    /// <summary>A named pipe. Opening one waits for its other end.</summary>
    Fifo = 1,

    /// <summary>A character device. Opening one can do anything.</summary>
    CharacterDevice = 2,

    /// <summary>A directory.</summary>
    Directory = 4,

    /// <summary>A block device.</summary>
    BlockDevice = 6,

    /// <summary>A regular file.</summary>
    Regular = 8,

    /// <summary>A symbolic link.</summary>
    SymbolicLink = 10,

    /// <summary>A socket.</summary>
    Socket = 12,
}

/// <summary>A moment of the file system's clock, since 1970.</summary>
internal readonly record struct FileTime(long Seconds, uint Nanoseconds) : IComparable<FileTime>
{
    /// <summary>The moment of a UTC time.</summary>
    public static FileTime Of(DateTime time)
    {
        var ticks = time.Ticks - DateTime.UnixEpoch.Ticks;
        return new(ticks / TimeSpan.TicksPerSecond, (uint)(ticks % TimeSpan.TicksPerSecond * 100));
    }

    /// <inheritdoc/>
    public int CompareTo(FileTime other) =>
        Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds) : Nanoseconds.CompareTo(other.Nanoseconds);

    public static bool operator <(FileTime left, FileTime right) => left.CompareTo(right) < 0;

    public static bool operator >(FileTime left, FileTime right) => left.CompareTo(right) > 0;

    public static bool operator <=(FileTime left, FileTime right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FileTime left, FileTime right) => left.CompareTo(right) >= 0;
}

/// <summary>What the kernel says of an inode (statx(2)); of a link itself, never of where it leads.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Permission, set-id and sticky bits: octal 07777.</param>
/// <param name="Uid">Owner.</param>
/// <param name="Gid">Group.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Inode">Number of the inode.</param>
/// <param name="Device">Device of the file system, packed as st_dev is.</param>
/// <param name="LinkCount">How many names it has.</param>
/// <param name="MTime">Last change of the content, as its owner claims: anyone can set it.</param>
/// <param name="CTime">Last change of the inode by the server's clock: nobody can set it.</param>
internal readonly record struct FileStatus(
    FileKind Kind,
    int Mode,
    uint Uid,
    uint Gid,
    long Size,
    ulong Inode,
    ulong Device,
    uint LinkCount,
    FileTime MTime,
    FileTime CTime)
{
    private const int PermissionBits = 0xFFF;
    private const ulong Immutable = 0x10; // STATX_ATTR_IMMUTABLE
    private const ulong AppendOnly = 0x20; // STATX_ATTR_APPEND

    /// <summary>Whether nobody can change, rename or remove it ('chattr +i'; of a directory: what is in it).</summary>
    public bool IsImmutable { get; private init; }

    /// <summary>Whether it can only grow ('chattr +a').</summary>
    public bool IsAppendOnly { get; private init; }

    /// <summary>Takes over what statx(2) filled in.</summary>
    public static FileStatus From(ref readonly StatxBuffer buffer) => new(
        (FileKind)(buffer.Mode >> 12),
        buffer.Mode & PermissionBits,
        buffer.Uid,
        buffer.Gid,
        (long)buffer.Size,
        buffer.Inode,
        PackDevice(buffer.DeviceMajor, buffer.DeviceMinor),
        buffer.LinkCount,
        new(buffer.ModifySeconds, buffer.ModifyNanoseconds),
        new(buffer.ChangeSeconds, buffer.ChangeNanoseconds))
    {
        IsImmutable = (buffer.Attributes & Immutable) != 0,
        IsAppendOnly = (buffer.Attributes & AppendOnly) != 0,
    };

    /// <summary>makedev(3).</summary>
    private static ulong PackDevice(uint major, uint minor) =>
        ((ulong)(major & 0xFFFFF000) << 32) | ((major & 0xFFFul) << 8) | ((ulong)(minor & 0xFFFFFF00) << 12) | (minor & 0xFFul);
}
