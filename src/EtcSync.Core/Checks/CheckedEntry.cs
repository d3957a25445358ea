using EtcSync.Core.Git;

namespace EtcSync.Core.Checks;

/// <summary>What a checker finds in a file.</summary>
public enum CheckedContent
{
    /// <summary>What the merge makes of it.</summary>
    Merged,

    /// <summary>Nothing: what is in it is nobody else's business.</summary>
    Nothing,

    /// <summary>A private key that was made for checks and opens nothing.</summary>
    ThrowawayKey,
}

/// <summary>One entry of a tree as a checker finds it; directories come before what is in them.</summary>
/// <param name="Path">The path, relative to /etc.</param>
/// <param name="Mode">What it is: a directory, a file or a link.</param>
/// <param name="Permissions">Permission bits, 0 to 07777 (octal); without meaning for a link.</param>
/// <param name="Content">What is in it.</param>
/// <param name="Id">The blob, for <see cref="CheckedContent.Merged"/>.</param>
public sealed record CheckedEntry(string Path, EntryMode Mode, int Permissions, CheckedContent Content = CheckedContent.Merged, ObjectId Id = default);
