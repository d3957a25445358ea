namespace EtcSync.FileSystem;

/// <summary>What came of asking for a client's password lock.</summary>
internal abstract record PasswordLockOutcome
{
    private PasswordLockOutcome()
    {
    }

    /// <summary>It is ours until disposed of.</summary>
    public sealed record Acquired(PasswordLock Lock) : PasswordLockOutcome;

    /// <summary>Somebody had it for the whole time.</summary>
    /// <param name="Process">A process of this machine, or 0 where that is not known: on the client, for instance.</param>
    public sealed record Held(int Process) : PasswordLockOutcome;

    /// <summary>The name is no regular file, so nobody can lock it the way passwd(1) does.</summary>
    public sealed record Unusable(FileKind Kind) : PasswordLockOutcome;
}

/// <summary>
/// The lock under which passwd(1) and its kin change account files: a write lock of fcntl(2) on the whole of
/// <c>.pwd.lock</c> (lckpwdf(3)); an NFS client's lock reaches the server's kernel as one of these. Ours is an open file
/// description lock: it conflicts with theirs all the same, but does not vanish when another part of this process happens
/// to read the file and closes it.
/// </summary>
internal sealed class PasswordLock : IDisposable
{
    /// <summary>Where lckpwdf(3) has it, below /etc.</summary>
    public const string FileName = ".pwd.lock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly FileDescriptor _file;

    private PasswordLock(FileDescriptor file) => _file = file;

    /// <summary>Takes the lock of a work tree, waiting for at most that long; a client can hold it for ever.</summary>
    /// <param name="tree">The top of the work tree.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<PasswordLockOutcome> AcquireAsync(
        DirectoryDescriptor tree, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var outcome = Try(tree);
            if (outcome is not PasswordLockOutcome.Held || time.GetElapsedTime(start) >= limit) return outcome;
            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <summary>Gives the lock back. The file stays, as lckpwdf(3) leaves it.</summary>
    public void Dispose() => _file.Dispose();

    private static PasswordLockOutcome Try(DirectoryDescriptor tree)
    {
        var file = Open(tree, out var kind);
        if (file is null) return kind == FileKind.Regular ? new PasswordLockOutcome.Held(0) : new PasswordLockOutcome.Unusable(kind);
        var range = new RecordLock { Type = RecordLock.Write };
        if (Libc.LockRange(file, RecordLock.TryLock, ref range) == 0)
        {
            // Locked, but a file of that name? If it was replaced, the next one in line locks the other file.
            if (tree.TryStatus(FileName, out var named) && named.Inode == file.Status().Inode)
                return new PasswordLockOutcome.Acquired(new PasswordLock(file));
            file.Dispose();
            return new PasswordLockOutcome.Held(0);
        }

        using (file)
        {
            if (Libc.LastError is not (Errno.EAGAIN or Errno.EACCES)) throw file.Failure("lock");
            var query = new RecordLock { Type = RecordLock.Write };
            var known = Libc.LockRange(file, RecordLock.Query, ref query) == 0 && query.Type != RecordLock.None;
            return new PasswordLockOutcome.Held(known ? Math.Max(query.Process, 0) : 0);
        }
    }

    /// <summary>Null with a regular file: it comes and goes, or a lease is on it; worth another try.</summary>
    private static FileDescriptor? Open(DirectoryDescriptor tree, out FileKind kind)
    {
        kind = FileKind.Regular;
        switch (tree.OpenReference(FileName, out var reference))
        {
            case OpenOutcome.Opened:
                using (reference)
                {
                    kind = reference!.Status().Kind;
                    return kind == FileKind.Regular ? reference.Reopen(OpenFlags.ReadWrite) : null;
                }

            case OpenOutcome.Missing:
                // Created for the next try, which opens it like any other.
                if (tree.CreateFile(FileName, [], out var created) == ChangeOutcome.Done) created!.Dispose();
                return null;

            case OpenOutcome.Changing:
                return null;

            default:
                kind = FileKind.Unknown;
                return null;
        }
    }
}
