using System.Text;
using EtcSync.Core.Checks;
using EtcSync.Core.Git;
using EtcSync.FileSystem;

namespace EtcSync.Checks;

/// <summary>
/// A tree on its way to the process that unpacks it in namespaces of its own: nothing of it touches a disk, and nothing of it is left
/// when that process ends, however it ends.
/// </summary>
internal static class CheckedTreeStream
{
    /// <summary>More than this is not checked: it would be held in memory.</summary>
    public const long MaximumSize = 256L << 20;

    private const byte End = 0;

    /// <summary>The bytes of all files; what is larger than <see cref="MaximumSize"/> may be counted short.</summary>
    public static long SizeOf(CheckedTree tree, IObjectReader objects)
    {
        var size = 0L;
        foreach (var entry in tree.Entries)
        {
            if (size > MaximumSize) break;
            if (entry is { Content: CheckedContent.Merged } && entry.Mode.IsRegular()) size += objects.ReadBlob(entry.Id).Length;
        }

        return size;
    }

    /// <summary>Writes a tree; the stream stays open.</summary>
    public static void Write(Stream stream, CheckedTree tree, IObjectReader objects)
    {
        using var writer = new BinaryWriter(new BufferedStream(stream, 1 << 16), Encoding.UTF8, leaveOpen: true);
        foreach (var entry in tree.Entries)
        {
            writer.Write(entry.Mode.Kind());
            writer.Write(entry.Path);
            writer.Write(entry.Permissions);
            if (entry.Mode == EntryMode.Directory) continue;
            var content = entry.Content switch
            {
                CheckedContent.Merged => objects.ReadBlob(entry.Id),
                CheckedContent.ThrowawayKey => ThrowawayKey.Pem,
                _ => [],
            };
            writer.Write(content.Length);
            writer.Write(content);
        }

        writer.Write(End);
        writer.Flush();
    }

    /// <summary>Unpacks a tree into a directory that is empty and out of everybody's reach.</summary>
    /// <exception cref="EndOfStreamException">The stream ends too early.</exception>
    public static void Unpack(Stream stream, DirectoryDescriptor top)
    {
        using var reader = new BinaryReader(new BufferedStream(stream, 1 << 16), Encoding.UTF8);
        // Set last: a directory's mode may forbid its own owner to write in it.
        var directories = new List<(string Path, int Permissions)>();
        for (var kind = reader.ReadByte(); kind != End; kind = reader.ReadByte())
        {
            var path = reader.ReadString();
            var permissions = reader.ReadInt32();
            using var parent = Parent(top, path);
            var name = path[(path.LastIndexOf('/') + 1)..];
            if (kind == EntryMode.Directory.Kind())
            {
                Expect(parent.CreateDirectory(name), path);
                directories.Add((path, permissions));
                continue;
            }

            var content = reader.ReadBytes(reader.ReadInt32());
            if (kind == EntryMode.SymbolicLink.Kind())
            {
                Expect(parent.CreateSymbolicLink(name, content), path);
                continue;
            }

            Expect(parent.CreateFile(name, content, out var file), path);
            using (file) file!.SetMode(permissions);
        }

        directories.Reverse();
        foreach (var (path, permissions) in directories)
        {
            if (top.OpenDirectory(path, out var directory) != OpenOutcome.Opened) throw new IOException($"{path} cannot be opened.");
            using (directory) directory!.SetMode(permissions);
        }
    }

    private static DirectoryDescriptor Parent(DirectoryDescriptor top, string path)
    {
        var slash = path.LastIndexOf('/');
        return top.OpenDirectory(slash < 0 ? "." : path[..slash], out var parent) == OpenOutcome.Opened ? parent! : throw new IOException($"{path} has no directory.");
    }

    private static byte Kind(this EntryMode mode) => mode switch
    {
        EntryMode.Directory => 1,
        EntryMode.SymbolicLink => 2,
        _ => 3,
    };

    private static void Expect(ChangeOutcome outcome, string path)
    {
        if (outcome != ChangeOutcome.Done) throw new IOException($"{path} cannot be written ({outcome}).");
    }
}
