using System.Collections.Immutable;
using EtcSync.Core.Accounts;
using EtcSync.Core.Clients;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;

namespace EtcSync.Cli;

/// <summary>How a client is, in one word; the first that applies.</summary>
internal enum ClientStateKind
{
    /// <summary>It could not be looked at.</summary>
    Failed,

    /// <summary>It has no clone, or its work tree is gone.</summary>
    Missing,

    /// <summary>It moves only when a person says so.</summary>
    Held,

    /// <summary>Paths wait for a person.</summary>
    Conflicted,

    /// <summary>Its files differ from its branch.</summary>
    Drifted,

    /// <summary>Upstream, or a layer, has what it has not.</summary>
    Behind,

    /// <summary>Nothing is left to do.</summary>
    Synced,
}

/// <summary>How a client is.</summary>
internal sealed record ClientStatus(ClientName Name, ClientStateKind State)
{
    /// <summary>Why, where there is something to say.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether a person has to decide something.</summary>
    public bool NeedsPerson { get; init; }

    /// <summary>The upstream commit that it merged last; null without a clone.</summary>
    public ObjectId? Upstream { get; init; }

    /// <summary>Its branch's commit; null without a clone.</summary>
    public ObjectId? Head { get; init; }

    /// <summary>Upstream's commits that it does not have; null where that cannot be told.</summary>
    public int? Behind { get; init; }

    /// <summary>Paths in which its branch differs from the composite, but for its identity, which every client has.</summary>
    public ImmutableArray<RepoPath> Overrides { get; init; } = [];

    /// <summary>Paths in conflict.</summary>
    public ImmutableArray<RepoPath> Conflicts { get; init; } = [];

    /// <summary>Passwords of its own, so that upstream's do not reach it.</summary>
    public ImmutableArray<OwnPassword> OwnPasswords { get; init; } = [];

    /// <summary>Paths with drift.</summary>
    public ImmutableArray<RepoPath> Drift { get; init; } = [];

    /// <summary>Modes, owners and empty directories that drifted.</summary>
    public ImmutableArray<AttributeChange> DriftAttributes { get; init; } = [];

    /// <summary>What is left alone, and a person should know of.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];
}
