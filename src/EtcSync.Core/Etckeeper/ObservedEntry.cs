namespace EtcSync.Core.Etckeeper;

/// <summary>What an observed path is, as far as etckeeper tells apart.</summary>
public enum ObservedKind
{
    /// <summary>A regular file.</summary>
    File = 0,

    /// <summary>A directory.</summary>
    Directory = 1,

    /// <summary>A symbolic link: it has no record, but where it is ignored it counts for the spelling.</summary>
    SymbolicLink = 2,
}

/// <summary>
/// A path of a live tree, as a scan saw it. FIFOs, sockets and devices are not given: they have no record, and git
/// lists none of them.
/// </summary>
/// <param name="Path">The path without "./", as <see cref="Git.GitName"/> decodes it; "." for the top.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Its permission bits, 0 to 07777 (octal); higher bits are not looked at.</param>
/// <param name="OwnerName">Its owner's name, or number where there is none; null where it is the committing user (root).</param>
/// <param name="GroupName">Its group's name, or number where there is none; null where it is the committing user's (root's).</param>
/// <param name="IsEmptyDirectory">Whether it is a directory with nothing in it, ignored things included.</param>
/// <param name="IsIgnored">
/// Whether git has it among the ignored: not tracked, and matched by an ignore rule itself or through a directory. For
/// a directory: no tracked file in it, and it or a directory above it matched by a rule.
/// </param>
public readonly record struct ObservedEntry(
    string Path,
    ObservedKind Kind,
    int Mode,
    string? OwnerName = null,
    string? GroupName = null,
    bool IsEmptyDirectory = false,
    bool IsIgnored = false);
