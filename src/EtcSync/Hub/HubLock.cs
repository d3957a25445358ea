using EtcSync.Fleet;
using EtcSync.FileSystem;

namespace EtcSync.Hub;

/// <summary>The lock under which the hub is written.</summary>
internal static class HubLock
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    /// <summary>Takes it, waiting for others to be done.</summary>
    /// <exception cref="IOException">They are not.</exception>
    public static LockFile Take(Workspace workspace, CancellationToken cancellation)
    {
        var outcome = LockFile.AcquireAsync(workspace.State.HubLock, "etcsync", Wait, workspace.Time, cancellation).GetAwaiter().GetResult();
        return outcome is LockOutcome.Acquired acquired
            ? acquired.Lock
            : throw new IOException($"The hub {workspace.State.Hub} is {((LockOutcome.Held)outcome).Holder} for {Wait.TotalSeconds:0} seconds already. Try again when that process is done.");
    }
}
