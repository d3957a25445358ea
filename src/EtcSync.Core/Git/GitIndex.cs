using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Git;

/// <summary>What lstat said of a file when its content was last known to be the entry's; the index keeps 32 bits of each.</summary>
/// <param name="CTimeSeconds">Change time, seconds.</param>
/// <param name="CTimeNanoseconds">Change time, nanoseconds.</param>
/// <param name="MTimeSeconds">Modification time, seconds.</param>
/// <param name="MTimeNanoseconds">Modification time, nanoseconds.</param>
/// <param name="Device">Device number.</param>
/// <param name="Inode">Inode number.</param>
/// <param name="Uid">Owner.</param>
/// <param name="Gid">Group.</param>
/// <param name="Size">Size in bytes.</param>
public readonly record struct IndexStat(
    uint CTimeSeconds, uint CTimeNanoseconds, uint MTimeSeconds, uint MTimeNanoseconds, uint Device, uint Inode, uint Uid, uint Gid, uint Size)
{
    /// <summary>Statistics that match no file: the content must be read before it is trusted ("smudged", as git says).</summary>
    public static IndexStat Unknown => default;
}

/// <summary>One tracked file.</summary>
/// <param name="Path">Its path, as <see cref="GitName"/> decodes it.</param>
/// <param name="Mode">What it is.</param>
/// <param name="Id">Its content.</param>
/// <param name="Stat">What lstat said when that was true.</param>
/// <param name="AssumeUnchanged">Git is told not to look at the file (paths that are local to the client).</param>
public readonly record struct IndexEntry(string Path, EntryMode Mode, ObjectId Id, IndexStat Stat, bool AssumeUnchanged);

/// <summary>
/// Git's index, version 2 (gitformat-index). Reads versions 2 and 3; keeps of the extensions the root of the cached
/// tree, which says that the index is exactly that tree; writes version 2. An index that cannot be read is null, not an
/// error: it can be made again from the branch.
/// </summary>
public sealed class GitIndex
{
    private const int HeaderSize = 12;
    private const int FixedSize = 62;

    /// <summary>An index of these entries, which must be in git's order (<see cref="GitName.Compare"/>).</summary>
    public GitIndex(ImmutableArray<IndexEntry> entries, ObjectId? tree = null) => (Entries, Tree) = (entries, tree);

    /// <summary>Nothing tracked.</summary>
    public static GitIndex Empty { get; } = new([]);

    /// <summary>The entries, sorted by path.</summary>
    public ImmutableArray<IndexEntry> Entries { get; }

    /// <summary>The tree that the entries are known to make up; null where git or somebody changed them since.</summary>
    public ObjectId? Tree { get; }

    /// <summary>An index of a whole tree, with the statistics that an older one has for the same content.</summary>
    public static GitIndex Of(IObjectReader objects, ObjectId tree, GitIndex? statistics)
    {
        var known = statistics?.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal) ?? [];
        var entries = TreeDiff.List(objects, tree).Select(file =>
        {
            var (path, mode, id) = (file.Path.Value, file.After.Mode, file.After.Id);
            var same = known.TryGetValue(path, out var entry) && entry.Mode == mode && entry.Id == id;
            return same ? entry : new IndexEntry(path, mode, id, IndexStat.Unknown, AssumeUnchanged: false);
        });
        return new([.. entries], tree);
    }

    /// <summary>Parses an index file; null where it is damaged, of another version, or in the middle of a merge.</summary>
    public static GitIndex? TryParse(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderSize + 20 || !file.StartsWith("DIRC"u8)) return null;
        var version = BinaryPrimitives.ReadUInt32BigEndian(file[4..]);
        if (version is not (2 or 3)) return null;
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(file[..^20], digest);
        if (!digest.SequenceEqual(file[^20..])) return null;

        var count = BinaryPrimitives.ReadUInt32BigEndian(file[8..]);
        if (count > file.Length / FixedSize) return null;
        var entries = ImmutableArray.CreateBuilder<IndexEntry>((int)count);
        var rest = file[HeaderSize..^20];
        for (var i = 0; i < count; i++)
        {
            if (rest.Length < FixedSize + 2) return null;
            var flags = BinaryPrimitives.ReadUInt16BigEndian(rest[60..]);
            var extended = (flags & 0x4000) != 0;
            // A stage other than 0 is an unfinished merge that somebody made by hand.
            if ((flags & 0x3000) != 0) return null;
            var nameStart = extended ? FixedSize + 2 : FixedSize;
            var nameLength = rest[nameStart..].IndexOf((byte)0);
            if (nameLength <= 0) return null;
            var name = rest.Slice(nameStart, nameLength);
            entries.Add(new(GitName.Decode(name), (EntryMode)Read(rest, 24), ObjectId.FromBytes(rest.Slice(40, ObjectId.Size)),
                new(Read(rest, 0), Read(rest, 4), Read(rest, 8), Read(rest, 12), Read(rest, 16), Read(rest, 20), Read(rest, 28), Read(rest, 32), Read(rest, 36)),
                (flags & 0x8000) != 0));
            var size = (nameStart + nameLength + 8) & ~7;
            if (rest.Length < size) return null;
            rest = rest[size..];
        }

        return new(entries.DrainToImmutable(), CachedTree(rest, (int)count));
    }

    /// <summary>The index file.</summary>
    public byte[] ToBytes()
    {
        var names = new byte[Entries.Length][];
        var cached = Tree is { } tree ? CachedTree(tree) : [];
        var length = HeaderSize + cached.Length + 20;
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = GitName.Encode(Entries[i].Path);
            length += (FixedSize + names[i].Length + 8) & ~7;
        }

        var file = new byte[length];
        "DIRC"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(8), (uint)names.Length);
        var at = HeaderSize;
        for (var i = 0; i < names.Length; i++)
        {
            var entry = Entries[i];
            var to = file.AsSpan(at);
            Write(to, 0, entry.Stat.CTimeSeconds);
            Write(to, 4, entry.Stat.CTimeNanoseconds);
            Write(to, 8, entry.Stat.MTimeSeconds);
            Write(to, 12, entry.Stat.MTimeNanoseconds);
            Write(to, 16, entry.Stat.Device);
            Write(to, 20, entry.Stat.Inode);
            Write(to, 24, (uint)entry.Mode);
            Write(to, 28, entry.Stat.Uid);
            Write(to, 32, entry.Stat.Gid);
            Write(to, 36, entry.Stat.Size);
            entry.Id.CopyTo(to[40..]);
            var flags = Math.Min(names[i].Length, 0xFFF) | (entry.AssumeUnchanged ? 0x8000 : 0);
            BinaryPrimitives.WriteUInt16BigEndian(to[60..], (ushort)flags);
            names[i].CopyTo(to[FixedSize..]);
            at += (FixedSize + names[i].Length + 8) & ~7;
        }

        cached.CopyTo(file, at);
        at += cached.Length;
        SHA1.HashData(file.AsSpan(0, at), file.AsSpan(at));
        return file;
    }

    // Extension "TREE": signature, length, then per tree its name, NUL, number of entries, space, number of subtrees,
    // newline, id. Only the root is written: git finds the subtrees itself when it needs them.
    private byte[] CachedTree(ObjectId tree)
    {
        var text = Encoding.ASCII.GetBytes($"\0{Entries.Length} 0\n");
        var extension = new byte[8 + text.Length + ObjectId.Size];
        "TREE"u8.CopyTo(extension);
        BinaryPrimitives.WriteUInt32BigEndian(extension.AsSpan(4), (uint)(text.Length + ObjectId.Size));
        text.CopyTo(extension, 8);
        tree.CopyTo(extension.AsSpan(8 + text.Length));
        return extension;
    }

    private static ObjectId? CachedTree(ReadOnlySpan<byte> extensions, int count)
    {
        while (extensions.Length >= 8)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(extensions[4..]);
            if (length > extensions.Length - 8) return null;
            var content = extensions.Slice(8, (int)length);
            if (extensions.StartsWith("TREE"u8))
            {
                var line = content.IndexOf((byte)'\n');
                var root = $"\0{count} ";
                return line > 0 && content.Length >= line + 1 + ObjectId.Size && Encoding.ASCII.GetString(content[..line]).StartsWith(root, StringComparison.Ordinal)
                    ? ObjectId.FromBytes(content.Slice(line + 1, ObjectId.Size))
                    : null;
            }

            extensions = extensions[(8 + (int)length)..];
        }

        return null;
    }

    private static uint Read(ReadOnlySpan<byte> from, int at) => BinaryPrimitives.ReadUInt32BigEndian(from[at..]);

    private static void Write(Span<byte> to, int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(to[at..], value);
}
