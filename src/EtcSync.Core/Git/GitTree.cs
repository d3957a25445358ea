using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace EtcSync.Core.Git;

/// <summary>One entry of a tree: a name without slashes, what it is, and the object it names.</summary>
/// <param name="Name">The name as <see cref="GitName"/> decodes it.</param>
/// <param name="Mode">What it is.</param>
/// <param name="Id">The blob, tree or commit.</param>
public readonly record struct TreeEntry(string Name, EntryMode Mode, ObjectId Id);

/// <summary>A git tree object: entries sorted as git sorts them (directories as if their names ended in a slash).</summary>
public sealed class GitTree
{
    private GitTree(ImmutableArray<TreeEntry> entries) => Entries = entries;

    /// <summary>The tree without entries.</summary>
    public static GitTree Empty { get; } = new([]);

    /// <summary>The entries in git's order.</summary>
    public ImmutableArray<TreeEntry> Entries { get; }

    /// <summary>A tree of these entries, in whatever order they come; names must be distinct.</summary>
    public static GitTree Of(IEnumerable<TreeEntry> entries)
    {
        var sorted = entries.ToImmutableArray();
        return new(sorted.Sort(CompareForTree));
    }

    /// <summary>Parses the raw content of a tree object: "octal-mode SP name NUL 20-byte-id", repeated.</summary>
    /// <exception cref="InvalidDataException">The content is not a tree.</exception>
    public static GitTree Parse(ReadOnlySpan<byte> content)
    {
        var entries = ImmutableArray.CreateBuilder<TreeEntry>(content.Length / 32);
        while (!content.IsEmpty)
        {
            var space = content.IndexOf((byte)' ');
            var nul = content.IndexOf((byte)0);
            if (space <= 0 || nul < space || content.Length < nul + 1 + ObjectId.Size) throw new InvalidDataException("A tree object is malformed.");
            var mode = 0;
            foreach (var digit in content[..space])
            {
                if (digit is < (byte)'0' or > (byte)'7') throw new InvalidDataException("A tree object has a malformed mode.");
                mode = (mode << 3) | (digit - '0');
            }

            entries.Add(new(GitName.Decode(content[(space + 1)..nul]), Canonical(mode), ObjectId.FromBytes(content.Slice(nul + 1, ObjectId.Size))));
            content = content[(nul + 1 + ObjectId.Size)..];
        }

        return new(entries.DrainToImmutable());
    }

    /// <summary>The raw content of the tree object.</summary>
    public byte[] ToBytes()
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(16, Entries.Length * 48));
        foreach (var entry in Entries)
        {
            bytes.Write(Encoding.ASCII.GetBytes(Convert.ToString((int)entry.Mode, 8) + " "));
            bytes.Write(GitName.Encode(entry.Name));
            bytes.Write("\0"u8);
            entry.Id.CopyTo(bytes.GetSpan(ObjectId.Size));
            bytes.Advance(ObjectId.Size);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The entry of that name, or null.</summary>
    public TreeEntry? Find(string name)
    {
        foreach (var entry in Entries)
        {
            if (entry.Name == name) return entry;
        }

        return null;
    }

    /// <summary>Git's order of tree entries: byte by byte, a directory as if its name ended in a slash.</summary>
    public static int CompareForTree(TreeEntry left, TreeEntry right)
    {
        if (left.Mode != EntryMode.Directory && right.Mode != EntryMode.Directory) return GitName.Compare(left.Name, right.Name);
        return GitName.Compare(left.Mode == EntryMode.Directory ? left.Name + "/" : left.Name, right.Mode == EntryMode.Directory ? right.Name + "/" : right.Name);
    }

    // Old gits wrote group-writable and other file modes; git itself reads them as the canonical ones (canon_mode).
    private static EntryMode Canonical(int mode) => (mode & 0xF000) switch
    {
        0x8000 => (mode & 0x40) != 0 ? EntryMode.Executable : EntryMode.File,
        0xA000 => EntryMode.SymbolicLink,
        0x4000 => EntryMode.Directory,
        _ => EntryMode.GitLink,
    };
}
