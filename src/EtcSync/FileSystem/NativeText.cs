using System.Buffers;
using System.Text.Unicode;
using EtcSync.Core.Git;

namespace EtcSync.FileSystem;

/// <summary>Names and paths as the zero-terminated bytes that the kernel takes, written to a buffer of the caller's.</summary>
internal static class NativeText
{
    /// <summary>Room for a name (NAME_MAX) and its terminator.</summary>
    public const int NameSize = 256;

    /// <summary>Room for a common path; a longer one goes to the heap.</summary>
    public const int PathSize = 512;

    /// <summary>Room for "/proc/self/fd/N".</summary>
    public const int DescriptorPathSize = 32;

    /// <summary>The path of no bytes, with which the *at calls mean the descriptor itself.</summary>
    public static ReadOnlySpan<byte> Empty => "\0"u8;

    /// <summary>One component of a path.</summary>
    /// <exception cref="ArgumentException">It is empty, "." or "..", or holds a slash or a NUL: never a name of a file.</exception>
    /// <exception cref="FileSystemException">It has more than 255 bytes.</exception>
    public static ReadOnlySpan<byte> Name(string name, Span<byte> buffer)
    {
        var status = Utf8.FromUtf16(name, buffer[..^1], out _, out var written, replaceInvalidSequences: false);
        if (status != OperationStatus.Done) return Name(GitName.Encode(name), buffer);
        Check(buffer[..written]);
        buffer[written] = 0;
        return buffer[..(written + 1)];
    }

    /// <inheritdoc cref="Name(string, Span{byte})"/>
    public static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        Check(name);
        if (name.Length >= buffer.Length) throw new FileSystemException("use the name", GitName.Decode(name), Errno.ENAMETOOLONG);
        name.CopyTo(buffer);
        buffer[name.Length] = 0;
        return buffer[..(name.Length + 1)];
    }

    /// <summary>A path, absolute or not.</summary>
    /// <exception cref="ArgumentException">It holds a NUL.</exception>
    public static ReadOnlySpan<byte> Path(string path, Span<byte> buffer)
    {
        if (path.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("A path cannot hold a NUL.", nameof(path));
        if (Utf8.FromUtf16(path, buffer[..^1], out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done)
        {
            buffer[written] = 0;
            return buffer[..(written + 1)];
        }

        return (byte[])[.. GitName.Encode(path), 0];
    }

    /// <summary>
    /// The magic link to an open descriptor, "/proc/self/fd/N": it leads to the very inode that is open, whatever happened
    /// to its name, and works for descriptors opened with O_PATH.
    /// </summary>
    public static ReadOnlySpan<byte> DescriptorPath(int descriptor, Span<byte> buffer)
    {
        Utf8.TryWrite(buffer, $"/proc/self/fd/{descriptor}\0", out var written);
        return buffer[..written];
    }

    private static void Check(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.IndexOfAny((byte)'/', (byte)0) >= 0 || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
            throw new ArgumentException($"'{GitName.Decode(name)}' is not the name of a file.", nameof(name));
    }
}
