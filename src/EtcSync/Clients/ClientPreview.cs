using System.Collections.Immutable;
using EtcSync.Core.Accounts;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;

namespace EtcSync.Clients;

/// <summary>What a sync would do to one client.</summary>
/// <param name="Client">The client.</param>
/// <param name="Plan">The plan; null where none could be made.</param>
internal sealed record ClientPreview(Client Client, ClientPlan? Plan)
{
    /// <summary>The clone is still to be made.</summary>
    public bool IsNew { get; init; }

    /// <summary>The work tree is gone.</summary>
    public bool IsMissing { get; init; }

    /// <summary>A sync was killed; the next one finishes it first.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>Another process works on it at this moment.</summary>
    public bool IsBusy { get; init; }

    /// <summary>Why it is held.</summary>
    public string? Hold { get; init; }

    /// <summary>Why nothing could be planned.</summary>
    public string? Problem { get; init; }

    /// <summary>Paths in which the branch differs from the composite it took last.</summary>
    public ImmutableArray<RepoPath> Overrides { get; init; } = [];

    /// <summary>Passwords that are, and stay, other ones than upstream's.</summary>
    public ImmutableArray<OwnPassword> OwnPasswords { get; init; } = [];

    /// <summary>Contents of the client's files that no repository has yet, because the drift is not committed; only where there are conflicts.</summary>
    public ImmutableDictionary<ObjectId, byte[]> Uncommitted { get; init; } = ImmutableDictionary<ObjectId, byte[]>.Empty;
}
