using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Git;

namespace EtcSync.Forecasts;

/// <summary>What clients should have if a candidate became upstream's commit, by the keys of their composites.</summary>
/// <param name="With">The composites with it.</param>
/// <param name="Without">The composites without it; empty where nothing is rolled out yet.</param>
/// <param name="Pending">What of all that the hub does not have.</param>
/// <param name="Rewritten">The commit that is rolled out, where the candidate does not continue it.</param>
internal sealed record CandidateTarget(
    ImmutableDictionary<string, Composite> With, ImmutableDictionary<string, Composite> Without, PendingObjects Pending, ObjectId? Rewritten)
{
    /// <summary>The disputes between layers that the candidate brings, each once.</summary>
    public IEnumerable<CompositeConflict> Conflicts
    {
        get
        {
            var known = Without.Values.SelectMany(composite => composite.Conflicts).ToHashSet();
            return With.Values.SelectMany(composite => composite.Conflicts).Where(conflict => !known.Contains(conflict)).DistinctBy(conflict => (conflict.Group, conflict.Conflict.Path));
        }
    }
}
