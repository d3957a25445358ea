using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EtcSync.FileSystem;

namespace EtcSync.Watching;

/// <summary>
/// One queue of inotify(7), with a bell by which a waiting thread can be called. Waiting and reading are for one thread at a
/// time; adding and removing watches, for any.
/// </summary>
internal sealed class InotifyInstance : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly FileDescriptor _queue;
    private readonly Bell _bell;
    private readonly byte[] _buffer = new byte[BufferSize];

    private InotifyInstance(FileDescriptor queue, Bell bell)
    {
        _queue = queue;
        _bell = bell;
    }

    /// <summary>What is done with an event. The name is empty where the directory itself is meant.</summary>
    public delegate void EventHandler(int watch, WatchEvents events, ReadOnlySpan<byte> name);

    /// <summary>Makes a queue.</summary>
    /// <param name="instance">It, or null where there is none to be had.</param>
    /// <param name="problem">Why there is none, and what to do.</param>
    public static bool TryCreate([NotNullWhen(true)] out InotifyInstance? instance, [NotNullWhen(false)] out string? problem)
    {
        instance = null;
        problem = null;
        var descriptor = Inotify.Initialize(Inotify.NonBlockingCloseOnExec);
        if (descriptor < 0)
        {
            problem = Libc.LastError == Errno.EMFILE
                ? "No more inotify instances can be had. Raise the limit (sysctl -w fs.inotify.max_user_instances=512), "
                  + "or LimitNOFILE= in the unit if open files are short."
                : new FileSystemException("watch directories with", "inotify", Libc.LastError).Message;
            return false;
        }

        instance = new(new(descriptor, parent: null, "inotify"), new());
        return true;
    }

    /// <summary>Watches an open directory, whatever its name leads to by now.</summary>
    [SkipLocalsInit]
    public WatchOutcome Add(FileDescriptor directory, WatchEvents events, out int watch)
    {
        Span<byte> buffer = stackalloc byte[NativeText.DescriptorPathSize];
        return Add(directory.DescriptorPath(buffer), directory.Path, events, out watch);
    }

    /// <summary>Watches a directory by a path that is trusted.</summary>
    [SkipLocalsInit]
    public WatchOutcome Add(string trustedPath, WatchEvents events, out int watch)
    {
        Span<byte> buffer = stackalloc byte[NativeText.PathSize];
        return Add(NativeText.Path(trustedPath, buffer), trustedPath, events, out watch);
    }

    /// <summary>Stops watching; nothing happens where the kernel has stopped already.</summary>
    public void Remove(int watch) => _ = Inotify.RemoveWatch(_queue, watch);

    /// <summary>Waits until there are events or the bell rings.</summary>
    public void Wait()
    {
        using var queue = new Reference(_queue);
        using var bell = new Reference(_bell.Descriptor);
        Span<Inotify.PollEntry> entries = [queue.ForReading(), bell.ForReading()];
        // An interrupted wait is a short one: the caller asks again anyway.
        _ = Inotify.Poll(ref entries[0], (nuint)entries.Length, timeout: -1);
    }

    /// <summary>Calls a waiting thread, and each that waits afterwards.</summary>
    public void Ring() => _bell.Ring();

    /// <summary>Hands over what the queue holds, without waiting for more than is there.</summary>
    /// <returns>False where there was nothing.</returns>
    public bool ReadSome(EventHandler handler)
    {
        var length = Libc.Read(_queue, ref _buffer[0], BufferSize);
        if (length < 0 && Libc.LastError is not (Errno.EAGAIN or Errno.EINTR)) throw _queue.Failure("read events from");
        if (length <= 0) return false;

        for (var rest = _buffer.AsSpan(0, (int)length); !rest.IsEmpty;)
        {
            ref readonly var header = ref MemoryMarshal.AsRef<Inotify.EventHeader>(rest);
            var size = Unsafe.SizeOf<Inotify.EventHeader>();
            // Names are padded with NULs.
            ReadOnlySpan<byte> name = rest.Slice(size, (int)header.NameLength);
            var end = name.IndexOf((byte)0);
            handler(header.Watch, header.Events, end < 0 ? name : name[..end]);
            rest = rest[(size + (int)header.NameLength)..];
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Dispose();
        _bell.Descriptor.Dispose();
    }

    private WatchOutcome Add(ReadOnlySpan<byte> path, string name, WatchEvents events, out int watch)
    {
        watch = Inotify.AddWatch(_queue, in path[0], (uint)events | Inotify.DirectoryOnly);
        if (watch >= 0) return WatchOutcome.Watched.Value;
        return Libc.LastError switch
        {
            Errno.ENOSPC => WatchOutcome.KernelLimit.Value,
            var error => new WatchOutcome.Refused(new FileSystemException("watch", name, error).Message),
        };
    }

    /// <summary>Keeps a descriptor from being closed while its number is used.</summary>
    private readonly ref struct Reference
    {
        private readonly FileDescriptor _descriptor;

        public Reference(FileDescriptor descriptor)
        {
            _descriptor = descriptor;
            var added = false;
            descriptor.DangerousAddRef(ref added);
        }

        public Inotify.PollEntry ForReading() => new() { Descriptor = (int)_descriptor.DangerousGetHandle(), Wanted = Inotify.Readable };

        public void Dispose() => _descriptor.DangerousRelease();
    }

    /// <summary>An eventfd(2) that stays readable once it has rung.</summary>
    private sealed class Bell
    {
        public Bell()
        {
            var descriptor = Inotify.CreateEvent(0, Inotify.NonBlockingCloseOnExec);
            if (descriptor < 0) throw new FileSystemException("make", "eventfd", Libc.LastError);
            Descriptor = new(descriptor, parent: null, "eventfd");
        }

        public FileDescriptor Descriptor { get; }

        public void Ring()
        {
            Span<byte> one = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(one, 1);
            Descriptor.Write(one);
        }
    }
}
