using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EtcSync.FileSystem;

/// <summary>
/// An open file: from here on the inode is fixed, whatever a client does to its name. It may be open for its content, or
/// only as a reference (O_PATH), which opens nothing and therefore has no effect on FIFOs and devices.
/// </summary>
internal class FileDescriptor : SafeHandle
{
    private readonly DirectoryDescriptor? _parent;
    private readonly string _name;

    /// <summary>Takes over an open descriptor.</summary>
    /// <param name="descriptor">Its number.</param>
    /// <param name="parent">The directory it was found in, for messages.</param>
    /// <param name="name">Its name there, or its path.</param>
    public FileDescriptor(int descriptor, DirectoryDescriptor? parent, string name)
        : base(-1, ownsHandle: true)
    {
        SetHandle(descriptor);
        _parent = parent;
        _name = name;
    }

    /// <inheritdoc/>
    public sealed override bool IsInvalid => handle < 0;

    /// <summary>Where it was found; for messages only, since it may be elsewhere by now.</summary>
    public string Path => _parent is null ? _name : $"{_parent.Path}/{_name}";

    /// <summary>The number of the descriptor.</summary>
    protected int Number => (int)handle;

    /// <summary>The status of the inode.</summary>
    [SkipLocalsInit]
    public FileStatus Status()
    {
        if (Libc.Statx(this, in NativeText.Empty[0], AtFlags.EmptyPath, StatxBuffer.BasicStatistics, out var buffer) != 0)
            throw Failure("look at");
        return FileStatus.From(in buffer);
    }

    /// <summary>Whether nothing can be changed through it because its file system, or the mount, is read-only (fstatfs(2), ST_RDONLY).</summary>
    public bool IsReadOnly()
    {
        const long ReadOnly = 1;
        if (Libc.FileSystemStatus(this, out var status) != 0) throw Failure("look at the file system of");
        return (status.Flags & ReadOnly) != 0;
    }

    /// <summary>Sets the owner. The kernel clears the set-id bits of files at this, so the mode must be set afterwards.</summary>
    public void SetOwner(uint uid, uint gid)
    {
        if (Libc.ChangeOwnerAt(this, in NativeText.Empty[0], uid, gid, AtFlags.EmptyPath) != 0) throw Failure("set the owner of");
    }

    /// <summary>Sets permission, set-id and sticky bits (07777) of anything but a symbolic link.</summary>
    [SkipLocalsInit]
    public void SetMode(int mode)
    {
        if (Libc.ChangeMode(this, (uint)mode) == 0) return;
        if (Libc.LastError != Errno.EBADF) throw Failure("set the mode of");
        // Open as a reference only: fchmod(2) does not take such a descriptor, its magic link works on the same inode.
        Span<byte> buffer = stackalloc byte[NativeText.DescriptorPathSize];
        if (Libc.ChangeMode(in DescriptorPath(buffer)[0], (uint)mode) != 0) throw Failure("set the mode of");
    }

    /// <summary>Writes content and attributes through to the disk (fsync(2)).</summary>
    public void Sync()
    {
        if (Libc.Sync(this) != 0) throw Failure("sync");
    }

    /// <summary>Writes everything at the current position.</summary>
    public void Write(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            var written = Libc.Write(this, in content[0], (nuint)content.Length);
            if (written >= 0) content = content[(int)written..];
            else if (Libc.LastError != Errno.EINTR) throw Failure("write to");
        }
    }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>The number of bytes read.</returns>
    public int Read(Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = Libc.Read(this, ref buffer[total], (nuint)(buffer.Length - total));
            if (read == 0) break;
            if (read > 0) total += (int)read;
            else if (Libc.LastError != Errno.EINTR) throw Failure("read");
        }

        return total;
    }

    /// <summary>
    /// Opens the same inode for its content. Only for regular files: opening a device or a FIFO has effects of its own.
    /// </summary>
    /// <returns>Null while somebody holds a lease on it (an NFS delegation counts) that has to be given back first.</returns>
    [SkipLocalsInit]
    public FileDescriptor? Reopen(int flags)
    {
        // O_NONBLOCK: with a lease in the way the answer is EAGAIN instead of a wait of up to fs.lease-break-time seconds.
        flags |= OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal | OpenFlags.CloseOnExec;
        Span<byte> buffer = stackalloc byte[NativeText.DescriptorPathSize];
        var path = DescriptorPath(buffer);
        var descriptor = Libc.Open(in path[0], flags | OpenFlags.NoAccessTime, 0);
        // O_NOATIME is for the owner and root only.
        if (descriptor < 0 && Libc.LastError == Errno.EPERM) descriptor = Libc.Open(in path[0], flags, 0);
        if (descriptor >= 0) return new(descriptor, _parent, _name);
        if (Libc.LastError == Errno.EAGAIN) return null;
        if (Libc.LastError == Errno.ENOENT)
        {
            throw new FileSystemException(
                $"Could not open '{Path}' through /proc/self/fd: /proc is not mounted. Mount it (mount -t proc proc /proc) and run again.",
                Path, Errno.ENOENT, inner: null);
        }

        throw Failure("open");
    }

    /// <summary>The magic link to this descriptor; valid while it is open.</summary>
    internal ReadOnlySpan<byte> DescriptorPath(Span<byte> buffer) => NativeText.DescriptorPath(Number, buffer);

    /// <summary>The exception for the call that has just failed.</summary>
    internal FileSystemException Failure(string operation) => new(operation, Path, Libc.LastError);

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle() => Libc.Close(Number) == 0;
}
