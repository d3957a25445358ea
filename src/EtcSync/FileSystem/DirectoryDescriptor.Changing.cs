using System.Runtime.CompilerServices;

namespace EtcSync.FileSystem;

/// <content>Changing what is in the directory.</content>
internal sealed partial class DirectoryDescriptor
{
    private const uint OwnerOnlyFile = 0x180; // 0600
    private const uint OwnerOnlyDirectory = 0x1C0; // 0700
    private const uint NoReplace = 1;
    private const uint ExchangeBoth = 2;

    /// <summary>
    /// Creates a file that only its owner may read and write (0600, whatever the umask), and writes its content. Nothing is
    /// left if writing fails.
    /// </summary>
    /// <param name="name">A name that is free; anything there, even a dangling link, is <see cref="ChangeOutcome.Exists"/>.</param>
    /// <param name="content">What to write.</param>
    /// <param name="file">The file, open, for its owner, mode and attributes to be set before it gets its real name.</param>
    [SkipLocalsInit]
    public ChangeOutcome CreateFile(string name, ReadOnlySpan<byte> content, out FileDescriptor? file)
    {
        file = null;
        Span<byte> buffer = stackalloc byte[NativeText.NameSize];
        var path = NativeText.Name(name, buffer);
        var flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow | OpenFlags.CloseOnExec;
        var descriptor = Libc.OpenAt(this, in path[0], flags, OwnerOnlyFile);
        if (descriptor < 0) return Outcome("create the file", path);
        var created = new FileDescriptor(descriptor, this, name);
        try
        {
            created.SetMode((int)OwnerOnlyFile);
            created.Write(content);
        }
        catch
        {
            created.Dispose();
            // Whether this succeeds or not, the first error is the one to tell.
            _ = Libc.UnlinkAt(this, in path[0], 0);
            throw;
        }

        file = created;
        return ChangeOutcome.Done;
    }

    /// <summary>Creates a symbolic link.</summary>
    /// <param name="name">A name that is free.</param>
    /// <param name="target">Where it leads; not looked at.</param>
    /// <exception cref="ArgumentException">The target is empty or holds a NUL, which no link can.</exception>
    [SkipLocalsInit]
    public ChangeOutcome CreateSymbolicLink(string name, ReadOnlySpan<byte> target)
    {
        if (target.IsEmpty || target.Contains((byte)0))
            throw new ArgumentException("The target of a symbolic link can be neither empty nor hold a NUL.", nameof(target));
        Span<byte> buffer = stackalloc byte[NativeText.NameSize];
        var path = NativeText.Name(name, buffer);
        byte[] terminated = [.. target, 0];
        return Libc.SymbolicLinkAt(in terminated[0], this, in path[0]) == 0 ? ChangeOutcome.Done : Outcome("create the link", path);
    }

    /// <summary>Creates a directory that only its owner may enter (0700); open it to set its owner and mode.</summary>
    public ChangeOutcome CreateDirectory(string name) => CreateDirectory(name, (int)OwnerOnlyDirectory);

    /// <summary>Creates a directory with this mode, less what the umask forbids.</summary>
    [SkipLocalsInit]
    public ChangeOutcome CreateDirectory(string name, int mode)
    {
        Span<byte> buffer = stackalloc byte[NativeText.NameSize];
        var path = NativeText.Name(name, buffer);
        return Libc.MakeDirectoryAt(this, in path[0], (uint)mode) == 0 ? ChangeOutcome.Done : Outcome("create the directory", path);
    }

    /// <summary>Swaps two names in one step: at no moment is either missing (renameat2(2), RENAME_EXCHANGE).</summary>
    public ChangeOutcome Exchange(string name, DirectoryDescriptor otherDirectory, string otherName) =>
        Rename(name, otherDirectory, otherName, ExchangeBoth, "exchange");

    /// <summary>Renames to a name that must be free (RENAME_NOREPLACE).</summary>
    public ChangeOutcome RenameNoReplace(string name, DirectoryDescriptor newDirectory, string newName) =>
        Rename(name, newDirectory, newName, NoReplace, "rename");

    /// <summary>Renames; what had the new name is gone after.</summary>
    public ChangeOutcome Rename(string name, DirectoryDescriptor newDirectory, string newName) =>
        Rename(name, newDirectory, newName, 0, "rename");

    /// <summary>Removes a name of anything but a directory.</summary>
    [SkipLocalsInit]
    public ChangeOutcome Unlink(string name)
    {
        Span<byte> buffer = stackalloc byte[NativeText.NameSize];
        var path = NativeText.Name(name, buffer);
        return Libc.UnlinkAt(this, in path[0], 0) == 0 ? ChangeOutcome.Done : Outcome("remove", path);
    }

    /// <summary>Removes a directory if it is empty.</summary>
    [SkipLocalsInit]
    public ChangeOutcome RemoveDirectory(string name)
    {
        Span<byte> buffer = stackalloc byte[NativeText.NameSize];
        var path = NativeText.Name(name, buffer);
        if (Libc.UnlinkAt(this, in path[0], AtFlags.RemoveDirectory) == 0) return ChangeOutcome.Done;
        // POSIX allows either error.
        return Libc.LastError == Errno.EEXIST ? ChangeOutcome.NotEmpty : Outcome("remove the directory", path);
    }

    /// <summary>Removes a directory of ours with everything below it; see <see cref="TreeDeletion"/>.</summary>
    public ChangeOutcome DeleteTree(string name) => TreeDeletion.Delete(this, name);

    [SkipLocalsInit]
    private ChangeOutcome Rename(string name, DirectoryDescriptor newDirectory, string newName, uint flags, string operation)
    {
        Span<byte> buffer = stackalloc byte[NativeText.NameSize];
        Span<byte> newBuffer = stackalloc byte[NativeText.NameSize];
        var path = NativeText.Name(name, buffer);
        var newPath = NativeText.Name(newName, newBuffer);
        if (Libc.RenameAt2(this, in path[0], newDirectory, in newPath[0], flags) == 0) return ChangeOutcome.Done;
        return Libc.LastError is Errno.EINVAL or Errno.ENOSYS ? ChangeOutcome.Unsupported : Outcome(operation, path);
    }

    private ChangeOutcome Outcome(string operation, ReadOnlySpan<byte> name) => Libc.LastError switch
    {
        Errno.EEXIST => ChangeOutcome.Exists,
        Errno.ENOENT => ChangeOutcome.Missing,
        Errno.ENOTDIR => ChangeOutcome.NotDirectory,
        Errno.EISDIR => ChangeOutcome.IsDirectory,
        Errno.ENOTEMPTY => ChangeOutcome.NotEmpty,
        Errno.EXDEV => ChangeOutcome.OtherFileSystem,
        Errno.EBUSY => ChangeOutcome.Busy,
        Errno.EPERM or Errno.EACCES or Errno.EROFS => ChangeOutcome.Refused,
        _ => throw NameFailure(operation, name),
    };
}
