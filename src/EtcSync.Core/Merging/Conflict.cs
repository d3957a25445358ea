using System.Collections.Immutable;
using EtcSync.Core.Mergers;
using EtcSync.Core.Paths;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Merging;

/// <summary>Why a path has no answer of its own.</summary>
public enum ConflictKind
{
    /// <summary>Both sides changed the same lines.</summary>
    Content,

    /// <summary>Both sides changed a file that is not text, or a symbolic link.</summary>
    Binary,

    /// <summary>Both sides added the path, with different content.</summary>
    BothAdded,

    /// <summary>The client deleted what upstream changed.</summary>
    DeletedByClient,

    /// <summary>Upstream deleted (or renamed) what the client changed.</summary>
    DeletedByUpstream,

    /// <summary>The two sides made different kinds of things of it (a file, a link, a directory).</summary>
    Type,

    /// <summary>Both sides changed the executable bit, or the same of mode, owner and group in .etckeeper.</summary>
    Attribute,

    /// <summary>The merged attributes name an owner or a group that the merged accounts do not have.</summary>
    UnknownOwner,

    /// <summary>Upstream adds the path, and the client has something there that git does not track.</summary>
    Untracked,

    /// <summary>What is there, or its name, is nothing that EtcSync rolls out (a nested repository, a name that is not UTF-8).</summary>
    Unsupported,

    /// <summary>What the client has there cannot be replaced: an attribute of the file or its directory forbids it.</summary>
    Immutable,

    /// <summary>The path is held because another one of its set is.</summary>
    HeldTogether,

    /// <summary>A check of the merged tree refuses it.</summary>
    CheckFailed,

    /// <summary>No dispute: the client is writing the path at this moment, and it is merged next time.</summary>
    BeingWritten,
}

/// <summary>A path for which no rule gives an answer: the three versions, kept as a value. The client keeps its own.</summary>
/// <param name="Path">The path; of a directory where its attributes are in dispute.</param>
/// <param name="Kind">Why.</param>
/// <param name="Base">The version that both sides started from.</param>
/// <param name="Client">The client's version.</param>
/// <param name="Upstream">The composite's version.</param>
/// <param name="Reason">A sentence for people.</param>
/// <param name="RenamedTo">The new path, where upstream renamed the file.</param>
public sealed record Conflict(
    RepoPath Path, ConflictKind Kind, FileVersion Base, FileVersion Client, FileVersion Upstream, string Reason, RepoPath? RenamedTo = null)
{
    /// <summary>The records in dispute, where the merger knows records; empty where the dispute is about the path as a whole.</summary>
    public ImmutableArray<RecordDispute> Records { get; init; } = [];

    /// <summary>What is in dispute, each thing by itself: every record, or the path as a whole.</summary>
    public ImmutableArray<DisputeKey> Keys => Records.IsEmpty ? [DisputeKey.Of(Path, Base, Client, Upstream)] : [.. Records.Select(record => DisputeKey.Of(Path, record))];

    /// <summary>Whether an answer can settle it; otherwise something else has to be done first, which the reason says.</summary>
    public bool IsSettleable => Kind is ConflictKind.Content or ConflictKind.Binary or ConflictKind.BothAdded or ConflictKind.DeletedByClient
        or ConflictKind.DeletedByUpstream or ConflictKind.Type or ConflictKind.Attribute or ConflictKind.CheckFailed;

    /// <summary>Compares by content.</summary>
    public bool Equals(Conflict? other) => other is not null && (Path, Kind, Base, Client, Upstream, Reason, RenamedTo) == (other.Path, other.Kind, other.Base, other.Client, other.Upstream, other.Reason, other.RenamedTo)
        && Records.SequenceEqual(other.Records);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path, Kind, Base, Client, Upstream, Reason);
}
