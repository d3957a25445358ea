using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Resolutions;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.Resolutions;
using EtcSync.State;
using EtcSync.WorkTrees;

namespace EtcSync.Clients;

/// <summary>
/// Moves everything that has a client's name to another one: git directory and branch, work tree, staging area, identity, hold,
/// settled disputes. Each step does nothing where it was done already, so that one that was killed anywhere is finished by doing it
/// again. The work tree keeps its inode: the handles of a client that runs stay good, as long as it is exported to it.
/// </summary>
internal sealed class ClientRename(Workspace workspace)
{
    private const string Program = "etcsync client rename";
    private const string HostnameFile = "hostname";
    private const string StagedHostname = "hostname.new";
    private const int LongestHostname = 256;
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    private readonly StateDirectory _state = workspace.State;

    /// <summary>Why a client cannot be renamed; null if it can, and where one is under way that is to be finished.</summary>
    public string? Obstacle(ClientName from, ClientName to)
    {
        if (RenameRecord.Read(_state) is { } begun)
            return begun == new RenameRecord(from, to) ? null : $"The renaming of {begun.From} to {begun.To} was interrupted. Finish it first: 'etcsync client rename {begun.From} {begun.To}'.";
        var (old, clone) = (workspace.CloneOf(from), workspace.CloneOf(to));
        foreach (var path in (string[])[clone, _state.GitDirectory(to)])
        {
            if (Path.Exists(path)) return $"{path} exists, of a client that had this name before. Move it away, or take another name.";
        }

        if (!Directory.Exists(Path.GetDirectoryName(clone))) return $"{Path.GetDirectoryName(clone)}, where its work tree is to be, is not a directory. Make it.";
        if (DirectoryDescriptor.OpenRoot(old, out var tree) != OpenOutcome.Opened) return null;
        using (tree)
        {
            if (DirectoryDescriptor.OpenRoot(Path.GetDirectoryName(clone)!, out var parent) != OpenOutcome.Opened) return null;
            using (parent)
            {
                if (tree!.Status().Device != parent!.Status().Device) return $"{old} is a file system of its own and cannot be moved while it is mounted. Unmount it, mount it at {clone} (in fstab, too), and rename the client then.";
            }
        }

        return null;
    }

    /// <summary>Moves everything, and records what the client was. The record of the rename stays, for the inventory to be written.</summary>
    /// <param name="was">The client as it was.</param>
    /// <param name="now">The client as it is to be.</param>
    /// <param name="author">Who renames it.</param>
    /// <param name="cancellation">Ends waiting for others who work on the client. What was begun is finished.</param>
    /// <exception cref="IOException">Somebody works on it, or something is in the way.</exception>
    public void Move(Client was, Client now, Signature author, CancellationToken cancellation)
    {
        // Nobody else holds two of these.
        using var from = Lock(was.Name, cancellation);
        using var to = Lock(now.Name, cancellation);
        RefuseUnfinished(was.Name);
        new RenameRecord(was.Name, now.Name).Write(_state);
        var formers = new FormerStore(_state);
        if (!formers.Find(now.Name).Names.Contains(was.Name)) formers.Set(formers.Find(was.Name).Changed(was, now, workspace.Time.GetUtcNow()));
        formers.Remove(was.Name);
        MoveFile(_state.Hold(was.Name), _state.Hold(now.Name));
        MoveDirectory(_state.Identity(was.Name), _state.Identity(now.Name));
        MoveGitDirectory(was.Name, now.Name);
        MoveWorkTree(was.Name, now.Name);
        MoveResolutions(was.Name, now.Name, author);
        workspace.SyncState();
    }

    private void RefuseUnfinished(ClientName name)
    {
        if (!ClientRepository.Exists(_state.GitDirectory(name))) return;
        using var repository = ClientRepository.Open(_state.GitDirectory(name), name, workspace.Trees);
        if (repository.Refs.Read(ClientRepository.ApplyingRef) is not null) throw new IOException($"A rollout to {name} was interrupted. Have it finished first: 'etcsync sync {name}'.");
    }

    private void MoveGitDirectory(ClientName from, ClientName to)
    {
        var (old, directory) = (_state.GitDirectory(from), _state.GitDirectory(to));
        // The branch first: a directory of the new name is whole.
        if (ClientRepository.Exists(old))
        {
            using var repository = ClientRepository.Open(old, to, workspace.Trees);
            var oldBranch = ClientRepository.BranchOf(from);
            repository.Refs.RemoveAbandonedLocks(oldBranch, repository.Branch);
            if (repository.Refs.Read(repository.Branch) is null && repository.Refs.Read(oldBranch) is { } head) repository.Refs.TryUpdateThrough(repository.Branch, null, head);
            SecureDirectory.WriteFile(Path.Combine(old, "HEAD"), Encoding.ASCII.GetBytes($"ref: {repository.Branch}\n"), 0x1A4);
            repository.Refs.Delete(oldBranch);
        }

        MoveDirectory(old, directory);
    }

    private void MoveWorkTree(ClientName from, ClientName to)
    {
        var (old, clone) = (workspace.CloneOf(from), workspace.CloneOf(to));
        if (DirectoryDescriptor.OpenRoot(Path.GetDirectoryName(old)!, out var oldParent) != OpenOutcome.Opened) return;
        using var source = oldParent!;
        if (DirectoryDescriptor.OpenRoot(Path.GetDirectoryName(clone)!, out var newParent) != OpenOutcome.Opened) throw new IOException($"{Path.GetDirectoryName(clone)} is not a directory.");
        using var target = newParent!;
        if (source.OpenDirectory(Path.GetFileName(old), out var found) == OpenOutcome.Opened)
        {
            using (found)
            {
                if (source.RenameNoReplace(Path.GetFileName(old), target, Path.GetFileName(clone)) is not ChangeOutcome.Done and var outcome) throw new IOException($"{old} could not be renamed to {clone} ({outcome}).");
            }
        }

        using (var nursery = StagingArea.OpenNursery(target))
        {
            using var oldNursery = StagingArea.OpenNursery(source);
            if (oldNursery.OpenDirectory(from.Value, out var staging) == OpenOutcome.Opened)
            {
                using (staging) oldNursery.RenameNoReplace(from.Value, nursery, to.Value);
            }
        }

        if (target.OpenDirectory(Path.GetFileName(clone), out var tree) != OpenOutcome.Opened) return;
        using (tree) Announce(tree!, target, from, to);
        target.Sync();
    }

    // A client whose /etc names it boots with that name. Like an edit of a person's it is drift, and gets its commit.
    private static void Announce(DirectoryDescriptor tree, DirectoryDescriptor parent, ClientName from, ClientName to)
    {
        if (tree.ReadFile(HostnameFile, LongestHostname) is not ReadOutcome.Content { Bytes: var content, Status: var status } || Encoding.Latin1.GetString(content).Trim() != from.Value) return;
        using var staging = StagingArea.OpenOutside(parent, to);
        staging.Directory.Unlink(StagedHostname);
        if (staging.Directory.CreateFile(StagedHostname, Encoding.ASCII.GetBytes($"{to}\n"), out var made) != ChangeOutcome.Done) return;
        using (made)
        {
            if (Environment.IsPrivilegedProcess) made!.SetOwner(status.Uid, status.Gid);
            made!.SetMode(status.Mode);
        }

        if (staging.Directory.Rename(StagedHostname, tree, HostnameFile) != ChangeOutcome.Done) staging.Directory.Unlink(StagedHostname);
    }

    private void MoveResolutions(ClientName from, ClientName to, Signature author)
    {
        var kept = workspace.Resolutions.Load();
        List<Resolution> own = [.. kept.Set.All.Where(one => one.Clients.Contains(from))];
        if (own.Count > 0) workspace.Resolutions.Keep(kept, [.. own.Select(one => new NewResolution(one with { Clients = [to] }, workspace.Resolutions.Contents(one.Key)))], author, CancellationToken.None);
    }

    private static void MoveDirectory(string from, string to)
    {
        if (!Directory.Exists(from)) return;
        if (Directory.Exists(to)) throw new IOException($"{to} exists, of a client that had this name before. Move it away, and rename the client again.");
        Directory.Move(from, to);
    }

    private static void MoveFile(string from, string to)
    {
        if (File.Exists(from)) File.Move(from, to, overwrite: true);
    }

    private LockFile Lock(ClientName client, CancellationToken cancellation)
    {
        var outcome = LockFile.AcquireAsync(_state.ClientLock(client), Program, LockWait, workspace.Time, cancellation).GetAwaiter().GetResult();
        return outcome is LockOutcome.Acquired { Lock: var held } ? held : throw new IOException($"Somebody else works on {client} ({((LockOutcome.Held)outcome).Holder}). Try again when that process is done.");
    }
}
