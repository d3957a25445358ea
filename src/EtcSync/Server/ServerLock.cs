using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.State;

namespace EtcSync.Server;

/// <summary>What one who changes the server's files holds, or what they are rendered from, where that is more than one step.</summary>
internal static class ServerLock
{
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(1);

    /// <summary>Takes the lock.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public static LockFile Take(Workspace workspace, string program, CancellationToken cancellation)
    {
        var state = new ServerState(workspace.State);
        workspace.State.Prepare();
        StateDirectory.MakePrivate(state.Directory);
        var outcome = LockFile.AcquireAsync(state.Lock, program, Wait, workspace.Time, cancellation).GetAwaiter().GetResult();
        return outcome is LockOutcome.Acquired { Lock: var held } ? held : throw new IOException($"The server's files are being changed ({((LockOutcome.Held)outcome).Holder}). Try again when that process is done.");
    }
}
