using System.Collections.Immutable;
using EtcSync.Core.Paths;

namespace EtcSync.Core.Checks;

/// <summary>Something in a tree that would break a machine.</summary>
/// <param name="Paths">The paths in which it can be put right, the likeliest first.</param>
/// <param name="Subject">What tells it from others: two trees with the same have the same fault. Not for people to see.</param>
/// <param name="Message">A sentence; nothing of the content of secret files.</param>
public record CheckFinding(ImmutableArray<RepoPath> Paths, string Subject, string Message)
{
    /// <summary>Whether people can mean it, so that upstream may have it.</summary>
    public bool CanBeMeant { get; init; }

    /// <summary>Whether one of these is the same fault.</summary>
    public bool IsAmong(ImmutableArray<CheckFinding> others) => others.Any(IsIn);

    /// <summary>Whether the other finding says all that this one says.</summary>
    private protected virtual bool IsIn(CheckFinding other) => Subject == other.Subject;
}
