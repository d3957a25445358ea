using EtcSync.Core.Git;

namespace EtcSync.Upstream;

/// <summary>What was seen of upstream.</summary>
internal enum UpstreamNoticeKind
{
    /// <summary>Changes in the work tree that no commit holds; they are not rolled out.</summary>
    Uncommitted,

    /// <summary>Another branch than upstream is checked out; its commits are not rolled out.</summary>
    OtherBranch,

    /// <summary>No branch is checked out; commits made now belong to none.</summary>
    DetachedHead,

    /// <summary>Somebody is committing at this moment.</summary>
    CommitInProgress,
}

/// <summary>Something about upstream that people should know and that stops nothing.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Message">A sentence.</param>
internal sealed record UpstreamNotice(UpstreamNoticeKind Kind, string Message);

/// <summary>
/// Upstream as it was found: its tip, or the reason why there is none that could be rolled out.
/// </summary>
/// <param name="GitDirectory">Its git directory, where it could be opened.</param>
/// <param name="Branch">The branch that counts.</param>
/// <param name="Tip">The branch's commit; null with a <paramref name="Problem"/>.</param>
/// <param name="Problem">Why nothing can be rolled out, and what to do.</param>
/// <param name="Notices">What else there is to say.</param>
internal sealed record UpstreamObservation(
    string? GitDirectory, string Branch, ObjectId? Tip, string? Problem, IReadOnlyList<UpstreamNotice> Notices);
