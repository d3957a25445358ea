using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace EtcSync.FileSystem;

/// <summary>What came of asking for a lock.</summary>
internal abstract record LockOutcome
{
    private LockOutcome()
    {
    }

    /// <summary>It is ours until disposed of.</summary>
    public sealed record Acquired(LockFile Lock) : LockOutcome;

    /// <summary>Somebody else has it.</summary>
    /// <param name="Process">Their process id, or 0 where the file does not say (yet).</param>
    /// <param name="Program">What they said they are, or nothing.</param>
    public sealed record Held(int Process, string Program) : LockOutcome
    {
        /// <summary>For a message: "held by process 17 (etcsync run)".</summary>
        public string Holder => Process == 0 ? "held by another process" : $"held by process {Process}{(Program.Length == 0 ? "" : $" ({Program})")}";
    }
}

/// <summary>
/// An exclusive lock between processes, and between parts of one: flock(2) on a file of our own state, which the kernel
/// releases when the process dies. The file stays (removing it would let two processes lock two files of the same name)
/// and says who has the lock.
/// </summary>
internal sealed class LockFile : IDisposable
{
    private const int Exclusive = 2;
    private const int NonBlocking = 4;
    private const int Unlock = 8;
    private const int TextLimit = 512;
    private const uint OwnerOnly = 0x180; // 0600

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly FileDescriptor _file;

    private LockFile(FileDescriptor file) => _file = file;

    /// <summary>Takes the lock if it is free.</summary>
    /// <param name="path">A file in a directory that only we can write; it is created.</param>
    /// <param name="program">What to tell those who find it held, like "etcsync run".</param>
    public static LockOutcome TryAcquire(string path, string program)
    {
        var file = Open(path);
        try
        {
            if (Libc.LockWhole(file, Exclusive | NonBlocking) == 0)
            {
                Announce(file, program);
                var acquired = new LockOutcome.Acquired(new LockFile(file));
                file = null;
                return acquired;
            }

            return Libc.LastError == Errno.EAGAIN ? Holder(file) : throw file.Failure("lock");
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Takes the lock, waiting for at most that long.</summary>
    /// <param name="path">A file in a directory that only we can write; it is created.</param>
    /// <param name="program">What to tell those who find it held.</param>
    /// <param name="limit">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<LockOutcome> AcquireAsync(
        string path, string program, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var outcome = TryAcquire(path, program);
            if (outcome is LockOutcome.Acquired) return outcome;
            if (limit != Timeout.InfiniteTimeSpan && time.GetElapsedTime(start) >= limit) return outcome;
            // flock(2) without LOCK_NB cannot be cancelled, so we ask again.
            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        if (_file.IsClosed) return;
        _ = Libc.Truncate(_file, 0);
        // Said, and not left to closing: a program that is being started may hold a copy of the descriptor for an instant.
        _ = Libc.LockWhole(_file, Unlock);
        _file.Dispose();
    }

    [SkipLocalsInit]
    private static FileDescriptor Open(string path)
    {
        Span<byte> buffer = stackalloc byte[NativeText.PathSize];
        var flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow | OpenFlags.CloseOnExec;
        var descriptor = Libc.Open(in NativeText.Path(path, buffer)[0], flags, OwnerOnly);
        return descriptor >= 0
            ? new(descriptor, parent: null, path)
            : throw new FileSystemException("open the lock file", path, Libc.LastError);
    }

    private static void Announce(FileDescriptor file, string program)
    {
        if (Libc.Truncate(file, 0) != 0) throw file.Failure("write to the lock file");
        file.Write(Encoding.UTF8.GetBytes($"{Environment.ProcessId} {program.ReplaceLineEndings(" ")}\n"));
    }

    /// <summary>Who says in the file that the lock is theirs.</summary>
    internal static LockOutcome.Held Holder(FileDescriptor file)
    {
        Span<byte> buffer = stackalloc byte[TextLimit];
        var text = Encoding.UTF8.GetString(buffer[..file.Read(buffer)]).TrimEnd('\n');
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && int.TryParse(text.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            ? new(process, text[(space + 1)..])
            : new(0, "");
    }
}
