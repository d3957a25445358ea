using System.Runtime.CompilerServices;

namespace EtcSync.FileSystem;

/// <summary>
/// What one who only looks holds while it looks: it keeps those out who take the <see cref="LockFile"/>, but not others who
/// look, and leaves the file and its times as they are.
/// </summary>
internal sealed class SharedLock : IDisposable
{
    private const int Shared = 1;
    private const int NonBlocking = 4;
    private const int Unlock = 8;

    private readonly FileDescriptor _file;

    private SharedLock(FileDescriptor file) => _file = file;

    /// <summary>Takes the lock if the file is there and nobody works under it.</summary>
    /// <param name="path">The lock file. It is not made: without one, nobody has ever worked here.</param>
    /// <param name="holder">Who works; null otherwise.</param>
    /// <returns>Null where somebody works, and where there is no file.</returns>
    [SkipLocalsInit]
    public static SharedLock? TryTake(string path, out LockOutcome.Held? holder)
    {
        holder = null;
        Span<byte> buffer = stackalloc byte[NativeText.PathSize];
        var descriptor = Libc.Open(in NativeText.Path(path, buffer)[0], OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0);
        if (descriptor < 0) return Libc.LastError == Errno.ENOENT ? null : throw new FileSystemException("open the lock file", path, Libc.LastError);
        var file = new FileDescriptor(descriptor, parent: null, path);
        if (Libc.LockWhole(file, Shared | NonBlocking) == 0) return new(file);
        using (file)
        {
            if (Libc.LastError != Errno.EAGAIN) throw file.Failure("lock");
            holder = LockFile.Holder(file);
            return null;
        }
    }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (_file.IsClosed) return;
        // Said, and not left to closing: a program that is being started may hold a copy of the descriptor for an instant.
        _ = Libc.LockWhole(_file, Unlock);
        _file.Dispose();
    }
}
