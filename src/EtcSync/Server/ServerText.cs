using System.Collections.Immutable;
using System.Text;
using EtcSync.FileSystem;
using EtcSync.State;

namespace EtcSync.Server;

/// <summary>Reads files that servers and the kernel write for people: whole ones, or the end of a log, and never more than a bound.</summary>
internal sealed class ServerText(Locations locations)
{
    private const int Largest = 32 << 20;

    /// <summary>What is in a file, as Latin-1; null where it cannot be read.</summary>
    /// <param name="file">Its path, as the configuration spells it.</param>
    public string? Read(string file)
    {
        try
        {
            using var stream = Open(file);
            var buffer = new byte[64 << 10];
            using var read = new MemoryStream();
            // Files of /proc have no length until they are read.
            while (read.Length < Largest && stream.Read(buffer) is var count and > 0) read.Write(buffer, 0, count);
            return Encoding.Latin1.GetString(read.GetBuffer(), 0, (int)read.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The end of a log; null where it cannot be read.</summary>
    public string? Tail(string file)
    {
        try
        {
            using var stream = Open(file);
            stream.Seek(Math.Max(0, stream.Length - Largest), SeekOrigin.Begin);
            var bytes = new byte[Math.Min(stream.Length, Largest)];
            return Encoding.Latin1.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The directories in a directory, by name; none where it is not there.</summary>
    public ImmutableArray<string> Directories(string directory)
    {
        try
        {
            return Directory.Exists(locations.Map(directory)) ? [.. Directory.EnumerateDirectories(locations.Map(directory)).Select(path => $"{directory}/{Path.GetFileName(path)}").Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Those of the NFS server's clients come and go while they are listed.
            return [];
        }
    }

    private FileStream Open(string file) => RegularFile.IsThere(locations.Map(file))
        ? new(locations.Map(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
        : throw new FileNotFoundException($"{file} is not there, or is no regular file.", file);
}
