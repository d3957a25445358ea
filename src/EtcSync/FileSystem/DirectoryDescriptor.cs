using System.Runtime.CompilerServices;

namespace EtcSync.FileSystem;

/// <summary>
/// An open directory of a tree whose owner is not trusted. Every method works on names directly in it, never follows a
/// link, and never leaves it; only <see cref="OpenDirectory"/> takes a path of several components, which the kernel
/// resolves under the same rules (openat2(2)).
/// </summary>
internal sealed partial class DirectoryDescriptor : FileDescriptor
{
    private const int ResolveTries = 64;
    private const int StatusFlags = AtFlags.NoFollow | AtFlags.NoAutomount;

    private bool _wasEnumerated;

    private DirectoryDescriptor(int descriptor, DirectoryDescriptor? parent, string name)
        : base(descriptor, parent, name)
    {
    }

    /// <summary>
    /// Opens a directory by a path of which everything but the last component is trusted; the last one may not be a link.
    /// </summary>
    [SkipLocalsInit]
    public static OpenOutcome OpenRoot(string absolutePath, out DirectoryDescriptor? directory)
    {
        if (!absolutePath.StartsWith('/')) throw new ArgumentException($"'{absolutePath}' is not an absolute path.", nameof(absolutePath));
        directory = null;
        Span<byte> buffer = stackalloc byte[NativeText.PathSize];
        var path = NativeText.Path(absolutePath, buffer);
        var descriptor = Libc.Open(in path[0], OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0);
        if (descriptor >= 0)
        {
            directory = new(descriptor, parent: null, absolutePath);
            return OpenOutcome.Opened;
        }

        var error = Libc.LastError;
        // With O_DIRECTORY a link is ENOTDIR as well.
        if (error == Errno.ENOTDIR
            && Libc.Statx(AtFlags.WorkingDirectory, in path[0], StatusFlags, StatxBuffer.BasicStatistics, out var status) == 0
            && FileStatus.From(in status).Kind == FileKind.SymbolicLink)
        {
            return OpenOutcome.SymbolicLink;
        }

        return Outcome(error) ?? throw new FileSystemException("open the directory", absolutePath, error);
    }

    /// <summary>Opens a directory below this one: no links, no mount points, no way out, at any component.</summary>
    [SkipLocalsInit]
    public OpenOutcome OpenDirectory(string relativePath, out DirectoryDescriptor? directory)
    {
        Span<byte> buffer = stackalloc byte[NativeText.PathSize];
        // Without O_NOFOLLOW: RESOLVE_NO_SYMLINKS refuses a link in the last place too, and says ELOOP instead of ENOTDIR.
        var outcome = OpenBeneath(
            NativeText.Path(relativePath, buffer),
            OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.CloseOnExec,
            relativePath,
            out var descriptor);
        directory = outcome == OpenOutcome.Opened ? new(descriptor, this, relativePath) : null;
        return outcome;
    }

    /// <summary>Refers to what has this name, of whatever kind, without opening it (O_PATH).</summary>
    [SkipLocalsInit]
    public OpenOutcome OpenReference(string name, out FileDescriptor? reference)
    {
        Span<byte> buffer = stackalloc byte[NativeText.NameSize];
        var outcome = OpenBeneath(
            NativeText.Name(name, buffer),
            OpenFlags.PathOnly | OpenFlags.NoFollow | OpenFlags.CloseOnExec,
            name,
            out var descriptor);
        reference = outcome == OpenOutcome.Opened ? new FileDescriptor(descriptor, this, name) : null;
        return outcome;
    }

    /// <summary>
    /// Refers to what a path means to a process whose root this directory is (RESOLVE_IN_ROOT): links are followed, and lead nowhere
    /// else. For trees that are ours and whose links are meant for their own system.
    /// </summary>
    /// <returns>Null where there is nothing.</returns>
    [SkipLocalsInit]
    public FileDescriptor? ReferInRoot(string path)
    {
        Span<byte> buffer = stackalloc byte[NativeText.PathSize];
        var how = OpenHow.InRoot(OpenFlags.PathOnly | OpenFlags.CloseOnExec);
        var descriptor = (int)Libc.OpenAt2(OpenHow.CallNumber, this, in NativeText.Path(path, buffer)[0], in how, (nuint)Unsafe.SizeOf<OpenHow>());
        return descriptor < 0 ? null : new FileDescriptor(descriptor, this, path);
    }

    /// <summary>The status of a name, of a link itself if it is one.</summary>
    /// <returns>False where there is no such name.</returns>
    [SkipLocalsInit]
    public bool TryStatus(string name, out FileStatus status)
    {
        Span<byte> buffer = stackalloc byte[NativeText.NameSize];
        return TryStatusOf(NativeText.Name(name, buffer), out status);
    }

    /// <inheritdoc cref="TryStatus(string, out FileStatus)"/>
    [SkipLocalsInit]
    public bool TryStatus(ReadOnlySpan<byte> name, out FileStatus status)
    {
        Span<byte> buffer = stackalloc byte[NativeText.NameSize];
        return TryStatusOf(NativeText.Name(name, buffer), out status);
    }

    /// <summary>The status of a name that must be there.</summary>
    /// <exception cref="FileSystemException">It is not.</exception>
    public FileStatus Status(string name) =>
        TryStatus(name, out var status) ? status : throw new FileSystemException("look at", $"{Path}/{name}", Errno.ENOENT);

    /// <summary>
    /// The entries, in no order, without "." and "..". One enumeration at a time: the position belongs to the descriptor.
    /// </summary>
    public DirectoryEnumeration Enumerate() => new(this);

    /// <summary>Goes back to the first entry; a descriptor that was never enumerated is there.</summary>
    internal bool BeginEnumeration()
    {
        if (_wasEnumerated) return Libc.Seek(this, 0, whence: 0) == 0;
        _wasEnumerated = true;
        return true;
    }

    /// <summary>Which file system this directory is on.</summary>
    public FileSystemId FileSystem() => FileSystemId.Of(this);

    [SkipLocalsInit]
    private bool TryStatusOf(ReadOnlySpan<byte> name, out FileStatus status)
    {
        if (Libc.Statx(this, in name[0], StatusFlags, StatxBuffer.BasicStatistics, out var buffer) == 0)
        {
            status = FileStatus.From(in buffer);
            return true;
        }

        if (Libc.LastError != Errno.ENOENT) throw NameFailure("look at", name);
        status = default;
        return false;
    }

    private OpenOutcome OpenBeneath(ReadOnlySpan<byte> path, int flags, string text, out int descriptor)
    {
        var how = new OpenHow(flags);
        for (var i = 0; i < ResolveTries; i++)
        {
            descriptor = (int)Libc.OpenAt2(OpenHow.CallNumber, this, in path[0], in how, (nuint)Unsafe.SizeOf<OpenHow>());
            if (descriptor >= 0) return OpenOutcome.Opened;
            var error = Libc.LastError;
            if (error is Errno.EAGAIN or Errno.EINTR) continue;
            return Outcome(error) ?? throw OpenFailure(error, $"{Path}/{text}");
        }

        descriptor = -1;
        return OpenOutcome.Changing;
    }

    /// <summary>What to say when openat2(2) fails for a reason that no client can bring about; seccomp filters answer EPERM or ENOSYS.</summary>
    internal static FileSystemException OpenFailure(Errno error, string path) => error is Errno.ENOSYS or Errno.EPERM
        ? new FileSystemException(
            $"Could not open '{path}': the system call openat2 is {(error == Errno.ENOSYS ? "missing" : "forbidden")}. EtcSync opens "
            + "nothing in a client's tree without it. Run it on Linux 5.6 or later; in a container, with a seccomp profile that allows openat2.",
            path, error, inner: null)
        : new FileSystemException("open", path, error);

    private static OpenOutcome? Outcome(Errno error) => error switch
    {
        Errno.ENOENT or Errno.ENAMETOOLONG => OpenOutcome.Missing,
        Errno.ENOTDIR => OpenOutcome.NotDirectory,
        Errno.ELOOP => OpenOutcome.SymbolicLink,
        Errno.EXDEV => OpenOutcome.Outside,
        _ => null,
    };

}
