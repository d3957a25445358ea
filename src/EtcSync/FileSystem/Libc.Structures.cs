using System.Runtime.InteropServices;

namespace EtcSync.FileSystem;

/// <summary>Constants of the kernel's interface. Where the two architectures differ, the running one decides.</summary>
internal static class OpenFlags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoControllingTerminal = 0x100;
    public const int NonBlocking = 0x800;
    public const int NoAccessTime = 0x40000;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    /// <summary>O_DIRECTORY: 0200000 in asm-generic/fcntl.h, 040000 in arm64's fcntl.h.</summary>
    public static readonly int Directory = IsArm ? 0x4000 : 0x10000;

    /// <summary>O_NOFOLLOW: 0400000 in asm-generic/fcntl.h, 0100000 in arm64's fcntl.h.</summary>
    public static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
}

/// <summary>Flags of the *at calls (fcntl.h, the same everywhere).</summary>
internal static class AtFlags
{
    public const int WorkingDirectory = -100;
    public const int NoFollow = 0x100;
    public const int RemoveDirectory = 0x200;
    public const int NoAutomount = 0x800;
    public const int EmptyPath = 0x1000;
}

/// <summary>struct open_how of openat2(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct OpenHow
{
    /// <summary>Number of the call, the same on every architecture.</summary>
    public const int CallNumber = 437;

    private const ulong NoCrossDevice = 0x01;
    private const ulong NoMagicLinks = 0x02;
    private const ulong NoSymbolicLinks = 0x04;
    private const ulong Beneath = 0x08;

    private const ulong WithinRoot = 0x10;

    private readonly ulong _flags;
    private readonly ulong _mode;
    private readonly ulong _resolve;

    /// <summary>Strictly below the directory: no links, no mount points, no way out.</summary>
    public OpenHow(int flags)
        : this(flags, NoCrossDevice | NoMagicLinks | NoSymbolicLinks | Beneath)
    {
    }

    private OpenHow(int flags, ulong resolve) => (_flags, _mode, _resolve) = ((ulong)flags, 0, resolve);

    /// <summary>As a process sees it whose root the directory is: links are followed, and lead nowhere else.</summary>
    public static OpenHow InRoot(int flags) => new(flags, WithinRoot | NoMagicLinks);
}

/// <summary>struct statx of statx(2): one layout for all architectures, unlike struct stat.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatxBuffer
{
    public const uint BasicStatistics = 0x7ff;

    [FieldOffset(8)] public ulong Attributes;
    [FieldOffset(16)] public uint LinkCount;
    [FieldOffset(20)] public uint Uid;
    [FieldOffset(24)] public uint Gid;
    [FieldOffset(28)] public ushort Mode;
    [FieldOffset(32)] public ulong Inode;
    [FieldOffset(40)] public ulong Size;
    [FieldOffset(96)] public long ChangeSeconds;
    [FieldOffset(104)] public uint ChangeNanoseconds;
    [FieldOffset(112)] public long ModifySeconds;
    [FieldOffset(120)] public uint ModifyNanoseconds;
    [FieldOffset(136)] public uint DeviceMajor;
    [FieldOffset(140)] public uint DeviceMinor;
}

/// <summary>struct statfs of fstatfs(2) as 64-bit architectures have it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 120)]
internal struct StatfsBuffer
{
    [FieldOffset(0)] public long Type;
    [FieldOffset(56)] public ulong Id;
    [FieldOffset(80)] public long Flags;
}

/// <summary>struct flock of fcntl(2) as 64-bit architectures have it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct RecordLock
{
    public const int TryLock = 37; // F_OFD_SETLK
    public const int Query = 36; // F_OFD_GETLK
    public const short Write = 1; // F_WRLCK
    public const short None = 2; // F_UNLCK

    [FieldOffset(0)] public short Type;
    [FieldOffset(2)] public short Whence;
    [FieldOffset(8)] public long Start;
    [FieldOffset(16)] public long Length;
    [FieldOffset(24)] public int Process;
}

/// <summary>struct winsize of ioctl_tty(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WindowSize
{
    public const nuint Request = 0x5413; // TIOCGWINSZ

    public ushort Rows;
    public ushort Columns;
    public ushort Width;
    public ushort Height;
}
