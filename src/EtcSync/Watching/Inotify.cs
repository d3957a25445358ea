using System.Runtime.InteropServices;
using EtcSync.FileSystem;

namespace EtcSync.Watching;

/// <summary>The events of inotify(7).</summary>
[Flags]
internal enum WatchEvents : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A file was written to (IN_MODIFY).</summary>
    Modified = 0x2,

    /// <summary>Owner, mode, times or attributes changed (IN_ATTRIB).</summary>
    Attributes = 0x4,

    /// <summary>A file that was open for writing was closed (IN_CLOSE_WRITE).</summary>
    Closed = 0x8,

    /// <summary>A name was moved away (IN_MOVED_FROM).</summary>
    MovedFrom = 0x40,

    /// <summary>A name was moved here (IN_MOVED_TO).</summary>
    MovedTo = 0x80,

    /// <summary>A name was made (IN_CREATE).</summary>
    Created = 0x100,

    /// <summary>A name was removed (IN_DELETE).</summary>
    Deleted = 0x200,

    /// <summary>The watched directory itself was removed (IN_DELETE_SELF).</summary>
    SelfDeleted = 0x400,

    /// <summary>The watched directory itself was moved (IN_MOVE_SELF).</summary>
    SelfMoved = 0x800,

    /// <summary>The file system went away (IN_UNMOUNT).</summary>
    Unmounted = 0x2000,

    /// <summary>Events were lost: anything may have changed, anywhere (IN_Q_OVERFLOW).</summary>
    Overflow = 0x4000,

    /// <summary>The watch is no more (IN_IGNORED).</summary>
    Ended = 0x8000,

    /// <summary>The name is one of a directory (IN_ISDIR).</summary>
    Directory = 0x40000000,

    /// <summary>Everything that can change what a directory holds.</summary>
    Changes = Modified | Attributes | Closed | MovedFrom | MovedTo | Created | Deleted,
}

/// <summary>The calls of inotify(7) and what waiting for it needs, one to one.</summary>
internal static partial class Inotify
{
    /// <summary>IN_ONLYDIR | IN_EXCL_UNLINK: directories only, and nothing of files that have no name in them any more.</summary>
    public const uint DirectoryOnly = 0x01000000 | 0x04000000;

    /// <summary>IN_NONBLOCK | IN_CLOEXEC, and EFD_NONBLOCK | EFD_CLOEXEC, which are the same bits.</summary>
    public const int NonBlockingCloseOnExec = OpenFlags.NonBlocking | OpenFlags.CloseOnExec;

    /// <summary>POLLIN of poll(2).</summary>
    public const short Readable = 1;

    private const string Library = "libc.so.6";

    [LibraryImport(Library, EntryPoint = "inotify_init1", SetLastError = true)]
    public static partial int Initialize(int flags);

    [LibraryImport(Library, EntryPoint = "inotify_add_watch", SetLastError = true)]
    public static partial int AddWatch(FileDescriptor inotify, in byte path, uint mask);

    [LibraryImport(Library, EntryPoint = "inotify_rm_watch", SetLastError = true)]
    public static partial int RemoveWatch(FileDescriptor inotify, int watch);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int CreateEvent(uint count, int flags);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref PollEntry entries, nuint count, int timeout);

    /// <summary>struct inotify_event without its name.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct EventHeader
    {
        public readonly int Watch;
        public readonly WatchEvents Events;
        public readonly uint Cookie;
        public readonly uint NameLength;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Seen;
    }
}
