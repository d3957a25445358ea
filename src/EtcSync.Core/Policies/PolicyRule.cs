using System.Collections.Immutable;

namespace EtcSync.Core.Policies;

/// <summary>One entry of <c>rules:</c>. A rule with paths decides about these; one without decides about clients.</summary>
internal sealed record PolicyRule(
    PolicySource Source,
    string Key,
    ClientSelector For,
    ImmutableArray<PathGlob> Paths,
    ImmutableArray<(PathGlob Path, NamePattern Record)> Records,
    PathDecision Decision,
    RolloutPolicy? Rollout,
    IdentityOverrides Identity)
{
    public bool IsAboutPaths => !Paths.IsEmpty || !Records.IsEmpty;
}

/// <summary>What a rule says about its paths; null says nothing.</summary>
internal sealed record PathDecision
{
    public PathClass? Class { get; init; }

    public HoldScope? Hold { get; init; }

    public string? Together { get; init; }

    public bool? Secret { get; init; }

    public string? Merger { get; init; }

    public ConflictAnswer? OnConflict { get; init; }

    /// <summary>The check's words; empty switches off what an earlier rule says.</summary>
    public ImmutableArray<string>? Check { get; init; }

    public UncheckedAnswer? Unchecked { get; init; }

    public ImmutableArray<PathGlob> MadeFrom { get; init; } = [];
}
