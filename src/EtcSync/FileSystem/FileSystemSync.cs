using System.Collections.Concurrent;

namespace EtcSync.FileSystem;

/// <summary>
/// syncfs(2) with group commit. Many clients are applied at the same time on one file system; the first who asks runs the
/// call for all who asked before it began, and those who ask while it runs are served together by the next one. So every
/// request is covered by a call that started after the request.
/// </summary>
/// <param name="synchronise">Writes back the file system of a descriptor; throws when that fails.</param>
internal sealed class FileSystemSync(Action<FileDescriptor> synchronise)
{
    private readonly ConcurrentDictionary<ulong, Queue> _queues = new();

    /// <summary>With the real call.</summary>
    public FileSystemSync()
        : this(static descriptor =>
        {
            if (Libc.SyncFileSystem(descriptor) != 0) throw descriptor.Failure("write back the file system of");
        })
    {
    }

    /// <summary>Returns when everything written to that file system before the call is on the disk.</summary>
    /// <param name="descriptor">Any open file or directory on it, not merely referred to (O_PATH).</param>
    /// <exception cref="IOException">Writing back failed (EIO, ENOSPC, EDQUOT); everyone whom that call served gets this.</exception>
    public void Sync(FileDescriptor descriptor) => Sync(descriptor.Status().Device, descriptor);

    /// <summary>The same, for a caller that knows the device.</summary>
    public void Sync(ulong device, FileDescriptor descriptor)
    {
        var queue = _queues.GetOrAdd(device, static _ => new Queue());
        Run run;
        lock (queue.Gate)
        {
            run = queue.Waiting ??= new Run();
            while (queue.IsRunning && !run.IsDone) Monitor.Wait(queue.Gate);
            if (run.IsDone)
            {
                run.ThrowIfFailed();
                return;
            }

            // Nothing is running and this run is not done, so it is the one that waits. From here on nobody joins it.
            queue.Waiting = null;
            queue.IsRunning = true;
        }

        Exception? failure = null;
        try
        {
            synchronise(descriptor);
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            lock (queue.Gate)
            {
                run.IsDone = true;
                run.Failure = failure;
                queue.IsRunning = false;
                Monitor.PulseAll(queue.Gate);
            }
        }
    }

    private sealed class Queue
    {
        public object Gate { get; } = new();

        public bool IsRunning { get; set; }

        public Run? Waiting { get; set; }
    }

    private sealed class Run
    {
        public bool IsDone { get; set; }

        public Exception? Failure { get; set; }

        public void ThrowIfFailed()
        {
            // A new exception for each waiter: one object thrown by many threads would mix up their stack traces.
            if (Failure is FileSystemException f) throw new FileSystemException(f.Message, f.Path, f.Error, f);
            if (Failure is not null) throw new IOException(Failure.Message, Failure);
        }
    }
}
