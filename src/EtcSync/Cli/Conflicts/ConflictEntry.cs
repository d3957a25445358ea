using System.Collections.Immutable;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Resolutions;
using EtcSync.Git;

namespace EtcSync.Cli.Conflicts;

/// <summary>One thing in dispute, with everything that a person needs to settle it: what all formats of the report show.</summary>
internal sealed record ConflictEntry
{
    /// <summary>What is in dispute.</summary>
    public required DisputeKey Key { get; init; }

    /// <summary>The conflict; of several clients the first one's.</summary>
    public required Conflict Conflict { get; init; }

    /// <summary>Why there is no answer.</summary>
    public required string Reason { get; init; }

    /// <summary>The layer that disagrees with upstream; null where clients do.</summary>
    public string? Group { get; init; }

    /// <summary>The clients that have it.</summary>
    public ImmutableArray<string> Clients { get; init; } = [];

    /// <summary>Whether the content is never shown.</summary>
    public required bool IsSecret { get; init; }

    /// <summary>What each of the three versions is: base, client's (or layer's), upstream's.</summary>
    public required ImmutableArray<DisputedVersion> Versions { get; init; }

    /// <summary>The lines in dispute; null where they are secret, not text, too many, or not what is in dispute.</summary>
    public AlignedText? Lines { get; init; }

    /// <summary>In a sentence how the versions differ, where no lines are shown; null where the reason says it all.</summary>
    public string? Difference { get; init; }

    /// <summary>Who made the two sides what they are, as far as that is known.</summary>
    public ImmutableArray<SideChange> Changes { get; init; } = [];

    /// <summary>Which rules were asked.</summary>
    public ImmutableArray<AskedRule> Asked { get; init; } = [];

    /// <summary>Paths that wait for this one, because they change together with it.</summary>
    public ImmutableArray<RepoPath> Holds { get; init; } = [];

    /// <summary>What to do.</summary>
    public required Remedy Remedy { get; init; }

    /// <summary>What the side that is not upstream is called.</summary>
    public string Side => Group is null ? "client" : "layer";
}

/// <summary>One of the three versions.</summary>
/// <param name="Name">Whose: "base", "client" or "layer", "upstream".</param>
/// <param name="Description">What it is, in words: "3 lines, 120 bytes", "not there".</param>
internal sealed record DisputedVersion(string Name, string Description);

/// <summary>Who made a side of a dispute what it is.</summary>
/// <param name="Side">"client", "layer" or "upstream".</param>
/// <param name="Client">The client, where it is one.</param>
/// <param name="Commit">The commit; null where the client's change is not committed yet.</param>
internal sealed record SideChange(string Side, string? Client, ChangeCommit? Commit)
{
    /// <summary>Whose side it is: the client's name, or "upstream".</summary>
    public string Who => Client ?? Side;
}

/// <summary>A rule that was asked about a conflict.</summary>
/// <param name="Property">What was asked: "merger", "on-conflict".</param>
/// <param name="Value">The answer.</param>
/// <param name="By">The rule, as "file:line"; null for the default.</param>
internal sealed record AskedRule(string Property, string Value, string? By)
{
    /// <summary>It in words: "merger: fstab, by 60-mergers.yaml:12".</summary>
    public override string ToString() => $"{Property}: {Value}, {(By is null ? "the default" : $"by {By}")}";
}
