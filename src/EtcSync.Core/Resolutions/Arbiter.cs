using EtcSync.Core.Mergers;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Resolutions;

/// <summary>Answers the disputes of one merge: as a person settled the same one before, else as policy says, else not at all.</summary>
public sealed class Arbiter
{
    private readonly Func<DisputeKey, Resolution?> _resolutions;
    private readonly Func<RepoPath, PathPolicy> _policy;

    /// <summary>An arbiter for one client.</summary>
    /// <param name="resolutions">What people settled, for this client.</param>
    /// <param name="policy">What the policies say about a path.</param>
    public Arbiter(Func<DisputeKey, Resolution?> resolutions, Func<RepoPath, PathPolicy> policy) => (_resolutions, _policy) = (resolutions, policy);

    /// <summary>Answers nothing.</summary>
    public static Arbiter Silent { get; } = new(_ => null, _ => PathPolicy.Default);

    /// <summary>The answer, or null for none.</summary>
    public Settlement? Settle(DisputeKey key)
    {
        // What a person said about exactly these versions comes before what holds for all.
        if (_resolutions(key) is { } resolution) return new Settlement.ByResolution(key, resolution.Answer, resolution);
        return _policy(key.Path).OnConflictOf(key.Record) switch
        {
            { Answer: ConflictAnswer.Client, Source: var rule } => new Settlement.ByRule(key, new DisputeAnswer.Take(DisputeSide.Client), rule),
            { Answer: ConflictAnswer.Upstream, Source: var rule } => new Settlement.ByRule(key, new DisputeAnswer.Take(DisputeSide.Upstream), rule),
            _ => null,
        };
    }
}
