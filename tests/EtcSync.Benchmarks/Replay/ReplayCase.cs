using System.Collections.Immutable;
using EtcSync.Core.Git;

namespace EtcSync.Benchmarks.Replay;

/// <summary>
/// A client that was forked at one commit and carries the change of a later one, when upstream has come as far as the commit before
/// that. The right answer is upstream after the change.
/// </summary>
/// <param name="Fork">The number of the commit at which the client was forked.</param>
/// <param name="Change">The number of the commit whose change the client carries.</param>
/// <param name="Client">The client's commit.</param>
/// <param name="ClientTree">Its tree.</param>
internal sealed record ReplayCase(int Fork, int Change, ObjectId Client, ObjectId ClientTree);

/// <summary>What a merge made of a case.</summary>
internal enum ReplayOutcome
{
    /// <summary>The right answer.</summary>
    Exact,

    /// <summary>An answer, and not the right one.</summary>
    Different,

    /// <summary>No answer.</summary>
    Conflict,
}

/// <summary>A path that a merge did not bring to the right answer.</summary>
/// <param name="Case">The case.</param>
/// <param name="Outcome">What it made of the case.</param>
/// <param name="Path">The path.</param>
/// <param name="Merger">The merger that policy names for it; "etckeeper" for .etckeeper.</param>
/// <param name="Reason">Why it is a conflict.</param>
internal sealed record ReplayMiss(ReplayCase Case, ReplayOutcome Outcome, string Path, string Merger, string Reason);

/// <summary>What one way of merging made of the cases of a history.</summary>
/// <param name="Exact">How many cases came out right.</param>
/// <param name="Different">How many came out clean, but different.</param>
/// <param name="Conflict">How many are conflicts.</param>
/// <param name="Misses">The paths in question.</param>
internal sealed record ReplayTally(int Exact, int Different, int Conflict, ImmutableArray<ReplayMiss> Misses);

/// <summary>A history, replayed.</summary>
/// <param name="History">Its name.</param>
/// <param name="Cases">How many cases were merged.</param>
/// <param name="Skipped">How many cannot be made without judgement.</param>
/// <param name="Git">What git made of them.</param>
/// <param name="EtcSync">What EtcSync made of them.</param>
internal sealed record ReplayResult(string History, int Cases, int Skipped, ReplayTally Git, ReplayTally EtcSync);
