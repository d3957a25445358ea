using System.Runtime.InteropServices;

namespace EtcSync.FileSystem;

/// <content>The calls with which a process shuts itself in before it becomes another program.</content>
internal static partial class Libc
{
    [LibraryImport(Library, EntryPoint = "mount", SetLastError = true)]
    public static partial int Mount(in byte source, in byte target, in byte type, nuint flags, in byte data);

    // mount_setattr(2) has no function in older libraries; the number is the same on every architecture.
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint SetMountAttributes(nint number, int directory, in byte path, uint flags, in MountAttributes attributes, nuint size);

    [LibraryImport(Library, EntryPoint = "pivot_root", SetLastError = true)]
    public static partial int PivotRoot(in byte newRoot, in byte oldRoot);

    [LibraryImport(Library, EntryPoint = "umount2", SetLastError = true)]
    public static partial int Unmount(in byte target, int flags);

    [LibraryImport(Library, EntryPoint = "chdir", SetLastError = true)]
    public static partial int ChangeDirectory(in byte path);

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    public static partial int ControlProcess(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport(Library, EntryPoint = "setrlimit", SetLastError = true)]
    public static partial int SetLimit(int resource, in ResourceLimit limit);

    // close_range(2): likewise.
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint CloseRange(nint number, uint first, uint last, int flags);

    [LibraryImport(Library, EntryPoint = "dup2", SetLastError = true)]
    public static partial int Duplicate(int descriptor, int number);

    [LibraryImport(Library, EntryPoint = "signal", SetLastError = true)]
    public static partial nint SetSignalHandler(int signal, nint handler);

    [LibraryImport(Library, EntryPoint = "execve", SetLastError = true)]
    public static partial int Execute(nint path, nint arguments, nint environment);

    [LibraryImport(Library, EntryPoint = "_exit")]
    public static partial void Exit(int code);
}

/// <summary>struct mount_attr of mount_setattr(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct MountAttributes(ulong set)
{
    public const int CallNumber = 442;
    public const uint Recursive = 0x8000; // AT_RECURSIVE
    public const ulong ReadOnly = 1;
    public const ulong NoSetId = 2;
    public const ulong NoDevices = 4;

    private readonly ulong _set = set;
    private readonly ulong _clear = 0;
    private readonly ulong _propagation = 0;
    private readonly ulong _userNamespace = 0;
}

/// <summary>struct rlimit of setrlimit(2) as 64-bit architectures have it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct ResourceLimit(ulong value)
{
    public const int ProcessorSeconds = 0;
    public const int FileSize = 1;
    public const int Core = 4;
    public const int Processes = 6;
    public const int AddressSpace = 9;

    private readonly ulong _now = value;
    private readonly ulong _most = value;
}
