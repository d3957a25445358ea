using EtcSync.Core.Applying;
using EtcSync.FileSystem;
using FileAttributes = EtcSync.Core.Applying.FileAttributes;

namespace EtcSync.WorkTrees;

/// <summary>Gives files the owner and mode that .etckeeper says, by the client's accounts.</summary>
internal static class Owners
{
    /// <summary>Whether we can set owners at all.</summary>
    public static bool AreSet { get; } = Environment.IsPrivilegedProcess;

    /// <summary>The numbers of an owner and a group; null where a name is unknown (the plan holds such paths, so this is rare).</summary>
    public static (uint Uid, uint Gid)? Resolve(Ownership ownership, FileAttributes attributes)
    {
        if (ownership is not Ownership.Real real) return (0, 0);
        var uid = attributes.Owner is { } owner ? real.Users.IdOf(owner) : 0;
        var gid = attributes.Group is { } group ? real.Groups.IdOf(group) : 0;
        return uid is { } u && gid is { } g ? ((uint)u, (uint)g) : null;
    }

    /// <summary>Sets owner, then attributes copied from the file it replaces, then mode: at no moment is it more open than at the end.</summary>
    /// <returns>Whether all attributes of the file that it replaces were copied.</returns>
    public static AttributesOutcome Set(FileDescriptor file, Ownership ownership, FileAttributes attributes, FileDescriptor? replaced)
    {
        var owner = Resolve(ownership, attributes);
        if (ownership is Ownership.Real && owner is var (uid, gid)) file.SetOwner(uid, gid);
        var copied = replaced is null ? AttributesOutcome.Copied : ExtendedAttributes.Copy(replaced, file, attributes.Mode);
        file.SetMode(owner is null ? ClosedMode(attributes) : attributes.Mode);
        return copied;
    }

    /// <summary>The mode of a file whose owner or group is unknown: nobody but root gets at it.</summary>
    public static int ClosedMode(FileAttributes attributes) => attributes.Mode & 0x1C0;
}
