using System.Collections.Immutable;
using EtcSync.Core.Accounts;
using EtcSync.Core.Clients;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Resolutions;

namespace EtcSync.Clients;

/// <summary>How a pass over one client ended.</summary>
internal enum OutcomeKind
{
    /// <summary>There was nothing to do.</summary>
    Unchanged,

    /// <summary>Something was done, and everything is as it should be.</summary>
    Synced,

    /// <summary>What could be done was done, and paths are in conflict.</summary>
    Conflicted,

    /// <summary>A person has to say how to go on.</summary>
    Held,

    /// <summary>It is not the time: the client is writing, or somebody else works on it. The next pass may do it.</summary>
    Deferred,

    /// <summary>We failed.</summary>
    Failed,
}

/// <summary>How a pass over one client ended, and what it did.</summary>
internal sealed record ClientOutcome(ClientName Client, OutcomeKind Kind)
{
    /// <summary>A sentence, where there is something to say.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the clone was made in this pass.</summary>
    public bool FannedOut { get; init; }

    /// <summary>Paths whose drift was committed.</summary>
    public ImmutableArray<RepoPath> Drift { get; init; } = [];

    /// <summary>Modes, owners and empty directories whose drift was committed.</summary>
    public ImmutableArray<AttributeChange> DriftAttributes { get; init; } = [];

    /// <summary>The upstream commit that was merged, alone or with the client's layers; null where it had that already.</summary>
    public ObjectId? Merged { get; init; }

    /// <summary>What the merge did.</summary>
    public ImmutableArray<MergeDecision> Decisions { get; init; } = [];

    /// <summary>How many paths got another mode or owner and kept their content.</summary>
    public int AttributeChanges { get; init; }

    /// <summary>Disputes that were settled without asking anybody.</summary>
    public ImmutableArray<Settlement> Settled { get; init; } = [];

    /// <summary>Passwords that were not rolled out, because of how a dispute about them was settled.</summary>
    public ImmutableArray<OwnPassword> OwnPasswords { get; init; } = [];

    /// <summary>Paths in conflict.</summary>
    public ImmutableArray<Conflict> Conflicts { get; init; } = [];

    /// <summary>Stale saves that were put right.</summary>
    public ImmutableArray<StaleSave> StaleSaves { get; init; } = [];

    /// <summary>Late writes that were looked at.</summary>
    public ImmutableArray<LateWriteDecision> LateWrites { get; init; } = [];

    /// <summary>What people should know of the merge and need not decide (see <see cref="MergePlan.Notices"/>).</summary>
    public ImmutableArray<string> Notices { get; init; } = [];

    /// <summary>What was left alone.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>Copies from the shared root that were made.</summary>
    public ImmutableArray<string> Copied { get; init; } = [];

    /// <summary>Whether the client wrote while it was worked on, so that another pass has something to do.</summary>
    public bool Again { get; init; }
}
