using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.WorkTrees;

namespace EtcSync.Setup;

/// <summary>
/// Deletes a client's clone: work tree, staging area, git directory. The identity stays, so that a client of the same name
/// is itself again.
/// </summary>
internal sealed class CloneRemoval(Workspace workspace)
{
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    /// <summary>Why the clone cannot be deleted; null if it can.</summary>
    public string? Obstacle(ClientName client)
    {
        var clone = workspace.CloneOf(client);
        return Directory.Exists(clone) && !ClientRepository.Exists(workspace.State.GitDirectory(client))
            ? $"{clone} was not made by EtcSync and is not deleted."
            : null;
    }

    /// <summary>Deletes everything.</summary>
    /// <exception cref="IOException">Something is in the way; it can be tried again.</exception>
    public void Run(ClientName client, CancellationToken cancellation)
    {
        var outcome = LockFile.AcquireAsync(workspace.State.ClientLock(client), "etcsync client remove", LockWait, workspace.Time, cancellation).GetAwaiter().GetResult();
        if (outcome is not LockOutcome.Acquired { Lock: var held }) throw new IOException($"Somebody else works on {client} ({((LockOutcome.Held)outcome).Holder}). Try again when that process is done.");
        using (held)
        {
            var clone = workspace.CloneOf(client);
            if (DirectoryDescriptor.OpenRoot(Path.GetDirectoryName(clone)!, out var parent) == OpenOutcome.Opened)
            {
                using (parent)
                {
                    Delete(parent!, Path.GetFileName(clone));
                    using var nursery = StagingArea.OpenNursery(parent!);
                    Delete(nursery, client.Value);
                }
            }

            // Last: without it the work tree would be a directory that nobody knows. It goes in one step, or half of one would pass for a whole one.
            File.Delete(workspace.State.Hold(client));
            if (DirectoryDescriptor.OpenRoot(workspace.State.Clients, out var clients) != OpenOutcome.Opened) return;
            using (clients)
            {
                var name = Path.GetFileName(workspace.State.GitDirectory(client));
                // What is being made of a clone is begun anew by whoever makes one.
                var making = name + ".making";
                Delete(clients!, making);
                if (clients!.RenameNoReplace(name, clients, making) == ChangeOutcome.Done) Delete(clients, making);
                else Delete(clients, name);
            }
        }
    }

    private static void Delete(DirectoryDescriptor parent, string name)
    {
        var outcome = parent.DeleteTree(name);
        if (outcome is ChangeOutcome.Done or ChangeOutcome.Missing) return;
        var why = outcome switch
        {
            ChangeOutcome.OtherFileSystem or ChangeOutcome.Busy => "something is mounted there; unmount it first",
            ChangeOutcome.NotDirectory => "it is not a directory",
            ChangeOutcome.NotEmpty => "somebody keeps writing to it; shut the client down first",
            _ => outcome.ToString(),
        };
        throw new IOException($"{parent.Path}/{name} could not be deleted: {why}.");
    }
}
