using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;

namespace EtcSync.Core.Applying;

/// <summary>Which mode and owner a path has, from .etckeeper and the tree.</summary>
public static class TreeAttributes
{
    private const int DefaultFile = 0x1A4; // 0644
    private const int DefaultExecutable = 0x1ED; // 0755
    private const int OwnerExecute = 0x40;
    private const int AnyExecute = 0x49;

    /// <summary>
    /// The attributes of a file. Where .etckeeper and the tree disagree on whether it is executable, the tree is right:
    /// a commit that went past etckeeper's hook changes the tree alone.
    /// </summary>
    public static FileAttributes OfFile(EtckeeperRecord? record, EntryMode mode)
    {
        var bits = record?.Mode ?? (mode == EntryMode.Executable ? DefaultExecutable : DefaultFile);
        if (mode == EntryMode.Executable && (bits & OwnerExecute) == 0) bits |= (bits & 0x124) >> 2 | OwnerExecute;
        else if (mode == EntryMode.File && (bits & OwnerExecute) != 0) bits &= ~AnyExecute;
        return new(bits, record?.Owner, record?.Group);
    }

    /// <summary>The attributes of a directory.</summary>
    public static FileAttributes OfDirectory(EtckeeperRecord? record) => new(record?.Mode ?? DefaultExecutable, record?.Owner, record?.Group);
}
