using System.Globalization;
using System.Runtime.CompilerServices;

namespace EtcSync.FileSystem;

/// <summary>
/// Names a file system in a way that outlives a reboot, so that a work tree that is suddenly another disk, or none, is
/// noticed. The id of fstatfs(2) comes from the UUID on ext4 and btrfs, but from the device number on XFS, which may
/// change from boot to boot; there the UUID decides, where the kernel tells it (Linux 6.9, FS_IOC_GETFSUUID).
/// </summary>
/// <param name="Type">Magic number of the file system type.</param>
/// <param name="Id">f_fsid.</param>
/// <param name="Uuid">UUID in hexadecimal digits, or empty.</param>
internal readonly record struct FileSystemId(long Type, ulong Id, string Uuid)
{
    private const long Xfs = 0x58465342;
    private const nuint GetUuid = 0x80111500; // _IOR(0x15, 0, struct fsuuid2)
    private const int UuidSize = 16;

    /// <summary>The file system that an open directory is on.</summary>
    [SkipLocalsInit]
    public static FileSystemId Of(FileDescriptor descriptor)
    {
        if (Libc.FileSystemStatus(descriptor, out var status) != 0) throw descriptor.Failure("look at the file system of");
        // struct fsuuid2: length, then the bytes.
        Span<byte> uuid = stackalloc byte[1 + UuidSize];
        uuid.Clear();
        var known = Libc.FileSystemUuid(descriptor, GetUuid, ref uuid[0]) == 0 && uuid[0] is > 0 and <= UuidSize;
        return new(status.Type, status.Id, known ? Convert.ToHexStringLower(uuid.Slice(1, uuid[0])) : "");
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <returns>False where the text is something else.</returns>
    public static bool TryParse(string? text, out FileSystemId id)
    {
        id = default;
        var parts = (text ?? "").Split('-');
        if (parts.Length != 3
            || !long.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var type)
            || !ulong.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            || !parts[2].All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        id = new(type, number, parts[2]);
        return true;
    }

    /// <summary>Whether both name the same file system, perhaps recorded under different kernels.</summary>
    public bool IsSameAs(FileSystemId other)
    {
        if (Type != other.Type) return false;
        return Type == Xfs && Uuid.Length > 0 && other.Uuid.Length > 0
            ? string.Equals(Uuid, other.Uuid, StringComparison.Ordinal)
            : Id == other.Id;
    }

    /// <summary>Type, id and UUID in hexadecimal, joined by hyphens.</summary>
    public override string ToString() => $"{Type:x}-{Id:x16}-{Uuid}";
}
