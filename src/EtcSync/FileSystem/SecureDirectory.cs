using System.Runtime.CompilerServices;

namespace EtcSync.FileSystem;

/// <summary>
/// Files of our own state. The tree is ours alone (0700), so paths in it are trusted; what counts is that a crash leaves
/// either the old file or the new one.
/// </summary>
internal static class SecureDirectory
{
    private const int OwnerOnly = 0x1C0; // 0700
    private const int WritableByOthers = 0x12; // 0022

    /// <summary>
    /// Creates a directory and what is missing above it, each for its owner only, and checks that nobody else may write to
    /// it. What exists stays as it is; the path may lead over links of the administrator's.
    /// </summary>
    /// <exception cref="FileSystemException">It cannot be created, or others own it or may write to it.</exception>
    public static void CreateAll(string path) => CreateAll(path, OwnerOnly);

    /// <inheritdoc cref="CreateAll(string)"/>
    /// <param name="path">An absolute path.</param>
    /// <param name="mode">Mode of each directory that is created, less the umask.</param>
    [SkipLocalsInit]
    public static void CreateAll(string path, int mode)
    {
        Make(path.Length > 1 ? path.TrimEnd('/') : path, mode);
        Span<byte> buffer = stackalloc byte[NativeText.PathSize];
        if (Libc.Statx(AtFlags.WorkingDirectory, in NativeText.Path(path, buffer)[0], 0, StatxBuffer.BasicStatistics, out var raw) != 0)
            throw new FileSystemException("look at", path, Libc.LastError);
        var status = FileStatus.From(in raw);
        if (status.Kind != FileKind.Directory) throw new FileSystemException("use the directory", path, Errno.ENOTDIR);
        if (status.Uid is not 0 && status.Uid != Libc.EffectiveUser())
        {
            throw new FileSystemException(
                $"The directory '{path}' belongs to user {status.Uid}. Give it to the user that runs EtcSync (chown) and run again.",
                path, Errno.EPERM, inner: null);
        }

        if ((status.Mode & WritableByOthers) != 0)
        {
            throw new FileSystemException(
                $"The directory '{path}' can be written by others than its owner. Take that right away (chmod go-w '{path}') and run again.",
                path, Errno.EPERM, inner: null);
        }
    }

    /// <summary>
    /// Writes a file whole or not at all: to a new name, through to the disk, then renamed over the old one and the rename
    /// written through as well.
    /// </summary>
    /// <param name="path">An absolute path; its directory exists.</param>
    /// <param name="content">What to write.</param>
    /// <param name="mode">Its mode (07777), whatever the umask.</param>
    public static void WriteFile(string path, ReadOnlySpan<byte> content, int mode) => WriteFile(path, content, mode, owner: null);

    /// <inheritdoc cref="WriteFile(string, ReadOnlySpan{byte}, int)"/>
    /// <param name="path">An absolute path; its directory exists.</param>
    /// <param name="content">What to write.</param>
    /// <param name="mode">Its mode (07777), whatever the umask.</param>
    /// <param name="owner">Its owner and group where we may give it to others; null for our own.</param>
    public static void WriteFile(string path, ReadOnlySpan<byte> content, int mode, (uint Uid, uint Gid)? owner)
    {
        var opened = DirectoryDescriptor.OpenRoot(Path.GetDirectoryName(path) ?? "/", out var directory);
        if (directory is null)
            throw new FileSystemException($"Could not write '{path}': its directory is {Describe(opened)}.", path, Errno.ENOENT, inner: null);
        using (directory) WriteFile(directory, Path.GetFileName(path), content, mode, owner, $".tmp-{Guid.NewGuid():N}");
    }

    /// <summary>The same in a directory that is open.</summary>
    public static void WriteFile(DirectoryDescriptor directory, string name, ReadOnlySpan<byte> content, int mode) => WriteFile(directory, name, content, mode, owner: null, $".tmp-{Guid.NewGuid():N}");

    /// <summary>The same for one who alone writes this file: what one who was killed has left beside it goes. Its name begins with a dot, which no program reads.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">The file.</param>
    /// <param name="content">What to write.</param>
    /// <param name="mode">Its mode (07777), whatever the umask.</param>
    /// <param name="owner">Its owner and group where we may give it to others; null for our own.</param>
    public static void Replace(DirectoryDescriptor directory, string name, ReadOnlySpan<byte> content, int mode, (uint Uid, uint Gid)? owner)
    {
        var temporary = $".{name}.etcsync-new";
        directory.Unlink(temporary);
        WriteFile(directory, name, content, mode, owner, temporary);
    }

    private static void WriteFile(DirectoryDescriptor directory, string name, ReadOnlySpan<byte> content, int mode, (uint Uid, uint Gid)? owner, string temporary)
    {
        var path = $"{directory.Path}/{name}";
        if (directory.CreateFile(temporary, content, out var file) != ChangeOutcome.Done)
            throw new FileSystemException("write", path, Errno.ENOENT);
        try
        {
            using (file)
            {
                if (owner is var (uid, gid) && Environment.IsPrivilegedProcess) file!.SetOwner(uid, gid);
                file!.SetMode(mode);
                file.Sync();
            }

            if (directory.Rename(temporary, directory, name) is not ChangeOutcome.Done and var outcome)
                throw new FileSystemException($"Could not put '{path}' in place: {outcome}.", path, Errno.EEXIST, inner: null);
        }
        catch
        {
            directory.Unlink(temporary);
            throw;
        }

        directory.Sync();
    }

    private static void Make(string path, int mode)
    {
        Span<byte> buffer = stackalloc byte[NativeText.PathSize];
        var native = NativeText.Path(path, buffer);
        if (Libc.MakeDirectory(in native[0], (uint)mode) == 0 || Libc.LastError == Errno.EEXIST) return;
        if (Libc.LastError == Errno.ENOENT && Path.GetDirectoryName(path) is { Length: > 0 } parent)
        {
            Make(parent, mode);
            // EEXIST: somebody else was quicker.
            if (Libc.MakeDirectory(in native[0], (uint)mode) == 0 || Libc.LastError == Errno.EEXIST) return;
        }

        throw new FileSystemException("create the directory", path, Libc.LastError);
    }

    private static string Describe(OpenOutcome outcome) => outcome switch
    {
        OpenOutcome.SymbolicLink => "a symbolic link",
        OpenOutcome.NotDirectory => "not a directory",
        _ => "missing",
    };
}
