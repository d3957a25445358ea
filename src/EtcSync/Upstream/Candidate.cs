using System.Collections.Immutable;
using EtcSync.Core.Git;

namespace EtcSync.Upstream;

/// <summary>Where a candidate comes from.</summary>
internal enum CandidateSource
{
    /// <summary>A revision of upstream's repository.</summary>
    Revision,

    /// <summary>What is staged in upstream's index.</summary>
    Staged,

    /// <summary>Upstream's work tree as it is.</summary>
    WorkTree,
}

/// <summary>What may become upstream's next commit. Nothing of it has to be in any repository yet.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Description">What it is, in words that continue a sentence.</param>
/// <param name="Commit">The commit; one that was made in memory where nobody has committed it.</param>
/// <param name="Tree">Its tree.</param>
internal sealed record Candidate(CandidateSource Source, string Description, ObjectId Commit, ObjectId Tree)
{
    /// <summary>The commit on which it is made; null where it stands for itself, and is compared with what is rolled out.</summary>
    public ObjectId? Parent { get; init; }

    /// <summary>What of it no repository has.</summary>
    public ImmutableArray<NewObject> Objects { get; init; } = [];

    /// <summary>What was left out of it, and why: sentences.</summary>
    public ImmutableArray<string> Notices { get; init; } = [];
}

/// <summary>What came of looking for a candidate.</summary>
internal abstract record CandidateOutcome
{
    private CandidateOutcome()
    {
    }

    /// <summary>It was found.</summary>
    public sealed record Found(Candidate Candidate) : CandidateOutcome;

    /// <summary>There is none.</summary>
    public sealed record Refused(string Reason) : CandidateOutcome;
}
