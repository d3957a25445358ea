using System.Collections.Immutable;
using EtcSync.Core.Paths;

namespace EtcSync.Core.Checks;

/// <summary>Something in a tree that would break a machine.</summary>
/// <param name="Paths">The paths in which it can be put right, the likeliest first.</param>
/// <param name="Subject">What kind of fault it is.</param>
/// <param name="Names">What has the fault, sorted by bytes: two trees with the same subject and names have the same fault. Not for people to see.</param>
/// <param name="Message">A sentence; nothing of the content of secret files.</param>
public sealed record CheckFinding(ImmutableArray<RepoPath> Paths, string Subject, ImmutableArray<string> Names, string Message)
{
    /// <summary>Whether people can mean it, so that upstream may have it.</summary>
    public bool CanBeMeant { get; init; }
}
