using System.Runtime.CompilerServices;

namespace EtcSync.FileSystem;

/// <summary>
/// Files of the administrator's, wherever links lead: only what is a regular file is opened. A pipe would be waited for, and a device
/// may never end, or do something. Where somebody who is not trusted can write, <see cref="DirectoryDescriptor"/> is the way.
/// </summary>
internal static class RegularFile
{
    private const long Largest = 256L << 20;

    /// <summary>Whether there is one.</summary>
    [SkipLocalsInit]
    public static bool IsThere(string path)
    {
        Span<byte> buffer = stackalloc byte[NativeText.PathSize];
        return Libc.Statx(AtFlags.WorkingDirectory, in NativeText.Path(path, buffer)[0], 0, StatxBuffer.BasicStatistics, out var raw) == 0 && FileStatus.From(in raw).Kind == FileKind.Regular;
    }

    /// <summary>What is in it; null where there is none.</summary>
    /// <exception cref="IOException">It cannot be read, or is too large to be what people write.</exception>
    public static byte[]? Read(string path)
    {
        if (!IsThere(path)) return null;
        return new FileInfo(path).Length <= Largest ? File.ReadAllBytes(path) : throw new IOException($"{path} is larger than {Largest >> 20} MiB, and nothing that people write.");
    }
}
