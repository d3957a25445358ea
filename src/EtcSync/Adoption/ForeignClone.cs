using System.Collections.Immutable;
using EtcSync.Core.Adoption;
using EtcSync.Core.Git;

namespace EtcSync.Adoption;

/// <summary>What the git directory of a hand-made clone says, read from a copy.</summary>
/// <param name="Branch">The branch that is checked out, as "refs/heads/x"; null where none is.</param>
/// <param name="Head">The commit that is checked out.</param>
/// <param name="Names">Its branches, tags and stash.</param>
/// <param name="Stashes">Its stashes, the oldest first.</param>
internal sealed record ForeignHistory(string? Branch, ObjectId Head, ImmutableArray<NamedCommit> Names, ImmutableArray<ObjectId> Stashes);

/// <summary>What came of looking at a clone's git directory.</summary>
internal abstract record ForeignClone
{
    private ForeignClone()
    {
    }

    /// <summary>Its history can be taken over.</summary>
    /// <param name="History">The history.</param>
    public sealed record Readable(ForeignHistory History) : ForeignClone;

    /// <summary>It is left as it is.</summary>
    /// <param name="Reason">Why, and what to do; whole sentences.</param>
    public sealed record Refused(string Reason) : ForeignClone;
}
