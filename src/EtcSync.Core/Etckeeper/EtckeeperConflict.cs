using System.Collections.Immutable;

namespace EtcSync.Core.Etckeeper;

/// <summary>What two sides can disagree about.</summary>
public enum EtckeeperAttribute
{
    /// <summary>The permission bits.</summary>
    Mode = 0,

    /// <summary>The owner.</summary>
    Owner = 1,

    /// <summary>The group.</summary>
    Group = 2,

    /// <summary>Whether there is an empty directory: one side made one where the other put a file. The file stays.</summary>
    EmptyDirectory = 3,
}

/// <summary>
/// Both sides changed the same attribute of the same path, differently. The values are four octal digits for a mode,
/// a name for an owner or a group ("root" where the file says nothing), "yes" or "no" for an empty directory; null where
/// that side has no record or, for a mode, none that says it.
/// </summary>
/// <param name="Path">The path; "." for the top.</param>
/// <param name="Attribute">What of it.</param>
/// <param name="Ancestor">The value both started from.</param>
/// <param name="Ours">Our value, which stands.</param>
/// <param name="Theirs">Their value.</param>
public sealed record EtckeeperConflict(string Path, EtckeeperAttribute Attribute, string? Ancestor, string? Ours, string? Theirs)
{
    /// <summary>The value of a side that has no empty directory.</summary>
    public const string No = "no";

    /// <summary>The value of a side that has an empty directory.</summary>
    public const string Yes = "yes";
}

/// <summary>What came of a merge.</summary>
/// <param name="Merged">
/// The merged file. Where it says what ours or theirs says it is that very object, so that the bytes known for it need
/// not be made again.
/// </param>
/// <param name="Conflicts">Where the sides disagree, by path and attribute.</param>
public sealed record EtckeeperMergeResult(EtckeeperFile Merged, ImmutableArray<EtckeeperConflict> Conflicts);
