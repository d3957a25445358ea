using System.Buffers.Binary;

namespace EtcSync.FileSystem;

/// <summary>
/// A POSIX access control list as the attribute system.posix_acl_access holds it: a version, then eight bytes an entry
/// (tag, permissions, id), little-endian (linux/posix_acl_xattr.h).
/// </summary>
internal static class AccessControlList
{
    private const int HeaderSize = 4;
    private const int EntrySize = 8;
    private const int Version = 2;
    private const ushort Owner = 0x01;
    private const ushort OwningGroup = 0x04;
    private const ushort Mask = 0x10;
    private const ushort Others = 0x20;

    /// <summary>
    /// Gives the list the permissions of a mode, as chmod(2) would: owner, others, and the mask, or the owning group where
    /// there is no mask. Setting a list sets the mode too; folding the mode in beforehand means that the file is at no
    /// moment more open than that mode.
    /// </summary>
    /// <returns>False where it is no list of the version that is known; it is then unchanged.</returns>
    public static bool TryFoldMode(Span<byte> list, int mode)
    {
        if (list.Length < HeaderSize || (list.Length - HeaderSize) % EntrySize != 0) return false;
        if (BinaryPrimitives.ReadInt32LittleEndian(list) != Version) return false;
        var entries = list[HeaderSize..];
        var group = HasMask(entries) ? Mask : OwningGroup;
        for (; !entries.IsEmpty; entries = entries[EntrySize..])
        {
            var tag = BinaryPrimitives.ReadUInt16LittleEndian(entries);
            int? shift = tag == Owner ? 6 : tag == group ? 3 : tag == Others ? 0 : null;
            if (shift is { } s) BinaryPrimitives.WriteUInt16LittleEndian(entries[2..], (ushort)((mode >> s) & 7));
        }

        return true;
    }

    private static bool HasMask(ReadOnlySpan<byte> entries)
    {
        for (; !entries.IsEmpty; entries = entries[EntrySize..])
        {
            if (BinaryPrimitives.ReadUInt16LittleEndian(entries) == Mask) return true;
        }

        return false;
    }
}
