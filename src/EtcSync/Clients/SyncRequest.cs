using EtcSync.Core.Drift;

namespace EtcSync.Clients;

/// <summary>What is asked of a pass over a client.</summary>
internal sealed record SyncRequest
{
    /// <summary>Everything, at once: 'etcsync sync'.</summary>
    public static SyncRequest Now { get; } = new();

    /// <summary>Whether new commits are merged; if not, only drift is taken and what was begun is finished.</summary>
    public bool Merge { get; init; } = true;

    /// <summary>Whether the work tree is scanned although nothing is to be merged.</summary>
    public bool Scan { get; init; } = true;

    /// <summary>How long the work tree must have been quiet before drift is committed.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.Zero;

    /// <summary>What a person says of drift, of a work tree that is gone, and of one that is on another file system now.</summary>
    public DriftAnswer Drift { get; init; }

    /// <summary>Is told of every directory that a scan enters.</summary>
    public Action<string, FileSystem.DirectoryDescriptor>? Entered { get; init; }
}
