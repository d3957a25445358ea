using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Resolutions;

namespace EtcSync.Resolutions;

/// <summary>What people settled, as it was kept at one moment.</summary>
/// <param name="Commit">The commit that has it; null before the first one, and where nothing can be read.</param>
/// <param name="Set">The resolutions.</param>
/// <param name="Problems">What of it cannot be read, and is not used: sentences.</param>
internal sealed record KeptResolutions(ObjectId? Commit, ResolutionSet Set, ImmutableArray<string> Problems)
{
    /// <summary>None.</summary>
    public static KeptResolutions None { get; } = new(null, ResolutionSet.Empty, []);

    /// <summary>The resolutions whose disputes' ids begin with these digits, in whatever case.</summary>
    public ImmutableArray<Resolution> Find(string digits) => [.. Set.All.Where(resolution => resolution.Key.IsCalled(digits))];
}
