using System.Collections.Immutable;

namespace EtcSync.Core.Policies;

/// <summary>One entry of <c>rules:</c>. A rule with paths decides about these; one without decides about clients.</summary>
internal sealed record PolicyRule(
    PolicySource Source,
    string Key,
    ClientSelector For,
    ImmutableArray<PathGlob> Paths,
    PathDecision Decision,
    RolloutPolicy? Rollout,
    IdentityOverrides Identity);

/// <summary>What a rule says about its paths; null says nothing.</summary>
internal sealed record PathDecision(PathClass? Class, HoldScope? Hold, string? Together, bool? Secret, ImmutableArray<PathGlob> MadeFrom);
