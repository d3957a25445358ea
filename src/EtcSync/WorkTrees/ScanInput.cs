using EtcSync.Core.Accounts;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>What a client can make us read before we stop listening.</summary>
/// <param name="FileSize">Bytes of one file.</param>
/// <param name="Files">Entries of the whole tree.</param>
/// <param name="Depth">Directories inside each other.</param>
/// <param name="Time">For one scan.</param>
internal sealed record ScanLimits(long FileSize, int Files, int Depth, TimeSpan Time)
{
    /// <summary>Bytes of everything that differs, read into memory at once.</summary>
    public const long TotalSize = 128 * 1024 * 1024;
}

/// <summary>Whether the owners of files are the ones that .etckeeper names, and what their names are.</summary>
internal abstract record Ownership
{
    private Ownership()
    {
    }

    /// <summary>We are root: owners are set and seen.</summary>
    /// <param name="Users">The client's users.</param>
    /// <param name="Groups">The client's groups.</param>
    public sealed record Real(AccountNames Users, AccountNames Groups) : Ownership;

    /// <summary>A sandbox of an ordinary user: everything belongs to that user, and the owners that .etckeeper names are carried along.</summary>
    public sealed record Carried : Ownership;
}

/// <summary>Everything that a scan depends on.</summary>
internal sealed record ScanInput
{
    /// <summary>The top of the work tree.</summary>
    public required DirectoryDescriptor Root { get; init; }

    /// <summary>The branch's files, with what lstat said of them last time.</summary>
    public required GitIndex Index { get; init; }

    /// <summary>The change time of the index file: an entry that is not older may have changed unnoticed.</summary>
    public required FileTime IndexTime { get; init; }

    /// <summary>The branch's .etckeeper; null where it has none.</summary>
    public required EtckeeperFile? Metadata { get; init; }

    /// <summary>Where new content goes.</summary>
    public required ObjectOverlay Objects { get; init; }

    /// <summary>What the policies say about a path of this client.</summary>
    public required Func<RepoPath, PathPolicy> Policy { get; init; }

    /// <summary>Whose the files are.</summary>
    public required Ownership Ownership { get; init; }

    /// <summary>The limits.</summary>
    public required ScanLimits Limits { get; init; }

    /// <summary>Patterns that hold as if they stood before those of the top's .gitignore: git's info/exclude. A client has none.</summary>
    public ReadOnlyMemory<byte> Excludes { get; init; }

    /// <summary>Is told of every directory that is entered, for a watch on it.</summary>
    public Action<string, DirectoryDescriptor>? Entered { get; init; }
}

/// <summary>What came of a scan.</summary>
internal abstract record ScanOutcome
{
    private ScanOutcome()
    {
    }

    /// <summary>The tree was seen.</summary>
    public sealed record Seen(WorkTreeScan Scan) : ScanOutcome;

    /// <summary>The tree is past a limit; nothing is known of it.</summary>
    public sealed record Refused(string Reason) : ScanOutcome;
}
