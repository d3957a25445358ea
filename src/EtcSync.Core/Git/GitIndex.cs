using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
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
    // Longer names have this in the flags, and their length only the terminator tells.
    private const int LongName = 0xFFF;

    private IndexPaths? _paths;

    /// <summary>An index of these entries, which must be in git's order (<see cref="GitName.Compare"/>).</summary>
    public GitIndex(ImmutableArray<IndexEntry> entries, ObjectId? tree = null)
        : this(entries, tree, paths: null)
    {
    }

    private GitIndex(ImmutableArray<IndexEntry> entries, ObjectId? tree, IndexPaths? paths) => (Entries, Tree, _paths) = (entries, tree, paths);

    /// <summary>Nothing tracked.</summary>
    public static GitIndex Empty { get; } = new([]);

    /// <summary>The entries, sorted by path.</summary>
    public ImmutableArray<IndexEntry> Entries { get; }

    /// <summary>The tree that the entries are known to make up; null where git or somebody changed them since.</summary>
    public ObjectId? Tree { get; }

    /// <summary>The paths of the entries.</summary>
    public IndexPaths Paths => _paths ??= IndexPaths.Of(Entries);

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

    /// <summary>The same paths with what is known of them now.</summary>
    /// <param name="entries">As many as before, each with the path that it had.</param>
    public GitIndex WithEntries(ImmutableArray<IndexEntry> entries) => new(entries, Tree, _paths);

    /// <summary>The index of another tree.</summary>
    /// <param name="changes">By path: the new entry, or null where there is none any more.</param>
    /// <param name="tree">The tree.</param>
    public GitIndex With(IReadOnlyDictionary<string, IndexEntry?> changes, ObjectId tree)
    {
        var known = 0;
        foreach (var (path, entry) in changes)
        {
            if (entry is not null && Paths.TryFind(path, out _)) known++;
        }

        if (known == changes.Count)
        {
            var replaced = Entries.AsSpan().ToArray();
            foreach (var (path, entry) in changes)
            {
                if (Paths.TryFind(path, out var at)) replaced[at] = entry!.Value;
            }

            return new(ImmutableCollectionsMarshal.AsImmutableArray(replaced), tree, Paths);
        }

        var added = changes.Where(change => change.Value is not null && !Paths.TryFind(change.Key, out _)).Select(change => change.Value!.Value).ToArray();
        Array.Sort(added, static (left, right) => GitName.Compare(left.Path, right.Path));
        var entries = ImmutableArray.CreateBuilder<IndexEntry>(Entries.Length + added.Length);
        var next = 0;
        foreach (var entry in Entries)
        {
            while (next < added.Length && GitName.Compare(added[next].Path, entry.Path) < 0) entries.Add(added[next++]);
            if (!changes.TryGetValue(entry.Path, out var change)) entries.Add(entry);
            else if (change is { } present) entries.Add(present);
        }

        entries.AddRange(added.AsSpan(next));
        return new(entries.DrainToImmutable(), tree);
    }

    /// <summary>Parses an index file; null where it is damaged, of another version, or in the middle of a merge.</summary>
    /// <param name="file">Its content.</param>
    /// <param name="likely">For a number of entries, the paths that another index has: if they are the same, they are shared.</param>
    public static GitIndex? TryParse(ReadOnlySpan<byte> file, Func<int, IndexPaths?> likely)
    {
        if (file.Length < HeaderSize + 20 || !file.StartsWith("DIRC"u8)) return null;
        var version = BinaryPrimitives.ReadUInt32BigEndian(file[4..]);
        if (version is not (2 or 3)) return null;
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(file[..^20], digest);
        if (!digest.SequenceEqual(file[^20..])) return null;

        var count = BinaryPrimitives.ReadUInt32BigEndian(file[8..]);
        if (count > file.Length / FixedSize) return null;
        var body = file[HeaderSize..^20];
        var paths = likely((int)count) is { } known && known.Count == count && HasPaths(body, known) ? known : ReadPaths(body, (int)count);
        if (paths is null) return null;
        var entries = new IndexEntry[count];
        var rest = body;
        for (var i = 0; i < entries.Length; i++)
        {
            var flags = BinaryPrimitives.ReadUInt16BigEndian(rest[60..]);
            // A stage other than 0 is an unfinished merge that somebody made by hand.
            if ((flags & 0x3000) != 0) return null;
            entries[i] = new(paths[i], (EntryMode)Read(rest, 24), ObjectId.FromBytes(rest.Slice(40, ObjectId.Size)),
                new(Read(rest, 0), Read(rest, 4), Read(rest, 8), Read(rest, 12), Read(rest, 16), Read(rest, 20), Read(rest, 28), Read(rest, 32), Read(rest, 36)),
                (flags & 0x8000) != 0);
            rest = rest[EntrySize(flags, paths.Encoded(i).Length)..];
        }

        return new(ImmutableCollectionsMarshal.AsImmutableArray(entries), CachedTree(rest, entries.Length), paths);
    }

    /// <summary>The index file.</summary>
    public byte[] ToBytes()
    {
        var (paths, count) = (Paths, Entries.Length);
        var cached = Tree is { } tree ? CachedTree(tree) : [];
        var length = HeaderSize + cached.Length + 20;
        for (var i = 0; i < count; i++) length += EntrySize(0, paths.Encoded(i).Length);

        var file = new byte[length];
        "DIRC"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(8), (uint)count);
        var at = HeaderSize;
        for (var i = 0; i < count; i++)
        {
            ref readonly var entry = ref Entries.ItemRef(i);
            var name = paths.Encoded(i);
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
            var flags = Math.Min(name.Length, LongName) | (entry.AssumeUnchanged ? 0x8000 : 0);
            BinaryPrimitives.WriteUInt16BigEndian(to[60..], (ushort)flags);
            name.CopyTo(to[FixedSize..]);
            at += EntrySize(0, name.Length);
        }

        cached.CopyTo(file, at);
        at += cached.Length;
        SHA1.HashData(file.AsSpan(0, at), file.AsSpan(at));
        return file;
    }

    // Whether the entries have exactly these paths.
    private static bool HasPaths(ReadOnlySpan<byte> rest, IndexPaths paths)
    {
        for (var i = 0; i < paths.Count; i++)
        {
            var name = paths.Encoded(i);
            if (rest.Length < FixedSize + 2) return false;
            var flags = BinaryPrimitives.ReadUInt16BigEndian(rest[60..]);
            var size = EntrySize(flags, name.Length);
            var start = NameStart(flags);
            if (rest.Length < size || rest[start + name.Length] != 0 || !rest.Slice(start, name.Length).SequenceEqual(name)) return false;
            rest = rest[size..];
        }

        return true;
    }

    // The paths of the entries, or null where an entry is cut short.
    private static IndexPaths? ReadPaths(ReadOnlySpan<byte> rest, int count)
    {
        var names = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            if (rest.Length < FixedSize + 2) return null;
            var flags = BinaryPrimitives.ReadUInt16BigEndian(rest[60..]);
            var name = rest[NameStart(flags)..];
            var length = name.IndexOf((byte)0);
            if (length <= 0 || rest.Length < EntrySize(flags, length)) return null;
            names[i] = name[..length].ToArray();
            rest = rest[EntrySize(flags, length)..];
        }

        return IndexPaths.Of(names);
    }

    // Version 3 has two more bytes of flags where the flags say so.
    private static int NameStart(int flags) => (flags & 0x4000) != 0 ? FixedSize + 2 : FixedSize;

    // Filled up with one to eight NULs to a multiple of eight.
    private static int EntrySize(int flags, int nameLength) => (NameStart(flags) + nameLength + 8) & ~7;

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
