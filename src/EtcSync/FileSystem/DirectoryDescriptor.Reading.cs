using System.Runtime.CompilerServices;
using EtcSync.Core.Git;

namespace EtcSync.FileSystem;

/// <content>Reading what is in the directory.</content>
internal sealed partial class DirectoryDescriptor
{
    private const int ReadTries = 4;
    private const int LinkSize = 4096; // PATH_MAX, with the terminator that readlink(2) leaves out

    private static readonly TimeSpan LeasePause = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Reads a regular file whole. Anything else is looked at but never opened: opening a FIFO waits, opening a device acts.
    /// </summary>
    /// <param name="name">Its name in this directory.</param>
    /// <param name="limit">The most bytes to take.</param>
    public ReadOutcome ReadFile(string name, int limit)
    {
        for (var i = 0; i < ReadTries; i++)
        {
            if (Refer(name, out var reference) is { } refused) return refused;
            using (reference)
            {
                var before = reference!.Status();
                if (before.Kind != FileKind.Regular) return new ReadOutcome.OtherKind(before);
                if (before.Size > limit) return new ReadOutcome.TooLarge(before.Size);
                using var file = reference.Reopen(OpenFlags.ReadOnly);
                if (file is null)
                {
                    Thread.Sleep(LeasePause);
                    continue;
                }

                if (ReadStable(file, before) is { } content) return content;
            }
        }

        return new ReadOutcome.Changing();
    }

    /// <summary>Reads where a symbolic link leads, as bytes, which is also the content that git stores for it.</summary>
    [SkipLocalsInit]
    public ReadOutcome ReadLink(string name)
    {
        if (Refer(name, out var reference) is { } refused) return refused;
        using (reference)
        {
            // The target of a link never changes while the inode lives, so this status belongs to this target.
            var status = reference!.Status();
            if (status.Kind != FileKind.SymbolicLink) return new ReadOutcome.OtherKind(status);
            Span<byte> buffer = stackalloc byte[LinkSize];
            var length = Libc.ReadLinkAt(reference, in NativeText.Empty[0], ref buffer[0], LinkSize);
            if (length < 0) throw reference.Failure("read the link");
            return new ReadOutcome.Content(buffer[..(int)length].ToArray(), status);
        }
    }

    private ReadOutcome? Refer(string name, out FileDescriptor? reference) => OpenReference(name, out reference) switch
    {
        OpenOutcome.Opened => null,
        OpenOutcome.Missing => new ReadOutcome.Vanished(),
        OpenOutcome.Outside => new ReadOutcome.Outside(),
        OpenOutcome.Changing => new ReadOutcome.Changing(),
        // A reference to a single name can meet neither a link on the way nor something that is no directory.
        var other => throw new InvalidOperationException($"'{Path}/{name}' was refused as {other}."),
    };

    /// <summary>Null when it changed between the status and the end of reading.</summary>
    private static ReadOutcome.Content? ReadStable(FileDescriptor file, FileStatus before)
    {
        var bytes = GC.AllocateUninitializedArray<byte>((int)before.Size);
        if (file.Read(bytes) != bytes.Length) return null;
        var after = file.Status();
        return after.Size == before.Size && after.CTime == before.CTime && after.MTime == before.MTime
            ? new ReadOutcome.Content(bytes, after)
            : null;
    }

    private FileSystemException NameFailure(string operation, ReadOnlySpan<byte> name)
    {
        var error = Libc.LastError;
        return new(operation, $"{Path}/{GitName.Decode(name[..^1])}", error);
    }
}
