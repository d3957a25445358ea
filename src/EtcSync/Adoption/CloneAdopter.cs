using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.Git;
using EtcSync.State;
using EtcSync.WorkTrees;

namespace EtcSync.Adoption;

/// <summary>
/// Takes a hand-made clone over. The order makes a crash at any instant harmless: what was lost is repaired in place, which
/// can be done again; the git directory gets its place whole, and from then on the clone is one like any other, whose next
/// pass finishes what is left.
/// </summary>
internal sealed class CloneAdopter(Workspace workspace, CloneObserver observer)
{
    /// <summary>The name under which the original git directory is kept, outside the export.</summary>
    public const string KeptGit = "adopted-git";

    private const int MostKept = 1_000;

    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    /// <summary>Takes it over.</summary>
    /// <param name="adoption">What was seen.</param>
    /// <param name="replaced">The parts of its identity that it shares, and that become its own.</param>
    /// <param name="target">What clients should have: for the copies of the shared root's files.</param>
    /// <param name="cancellation">Ends git.</param>
    /// <returns>The outcome of the first pass over it.</returns>
    public ClientOutcome Run(CloneAdoption.Possible adoption, IReadOnlyCollection<string> replaced, ClientTarget target, CancellationToken cancellation)
    {
        var client = adoption.Client;
        try
        {
            StateDirectory.MakePrivate(workspace.State.Clients);
            using (var held = LockFile.TryAcquire(workspace.State.ClientLock(client.Name), "etcsync adopt") is LockOutcome.Acquired acquired ? acquired.Lock : null)
            {
                if (held is null) return new(client.Name, OutcomeKind.Deferred) { Reason = "Somebody else works on it. Adopt it again when that process is done." };
                using var tree = WorkTree.TryOpen(workspace.CloneOf(client.Name), client.Name);
                if (tree is null) return new(client.Name, OutcomeKind.Held) { Reason = $"{adoption.Directory} is gone." };
                if (Unfit(tree) is { } unfit) return new(client.Name, OutcomeKind.Held) { Reason = unfit };
                TakeOver(adoption, replaced, tree, cancellation);
            }

            // What is committed and not in the work tree yet, and the copies of the shared root's files; upstream's new commits wait for their rollout.
            return new ClientSync(workspace).Run(client, target, SyncRequest.Now with { Merge = false });
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            // The client's boundary.
            return new(client.Name, OutcomeKind.Failed) { Reason = ClientSync.Describe(e) };
        }
    }

    private string? Unfit(WorkTree tree)
    {
        var shown = workspace.Locations.Unmap(tree.Root.Path);
        return FileSystemAbilities.ReadOnly(tree.Root, shown) ?? workspace.Abilities.Lacking(tree.Staging.Directory, shown);
    }

    private void TakeOver(CloneAdoption.Possible adoption, IReadOnlyCollection<string> replaced, WorkTree tree, CancellationToken cancellation)
    {
        var client = adoption.Client;
        var place = workspace.State.GitDirectory(client.Name);
        var making = place + ".making";
        if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
        BareRepository.Create(making, ClientRepository.BranchOf(client.Name), workspace.State.Hub);
        using (var repository = ClientRepository.Open(making, client.Name, workspace.Trees))
        {
            Fetch(adoption, repository, cancellation);
            var head = repository.Objects.ReadCommit(adoption.History.Head).Tree;
            AttributeRepairer.Run(tree.Root, adoption.Repair, ClientAccounts.Of(repository.Objects, head));
            RememberUnique(client, tree, replaced);
            Commit(adoption, replaced, repository, tree, head);
            (ClientState.Read(making) with { FileSystem = tree.Root.FileSystem().ToString(), AdoptedBranch = adoption.History.Branch ?? "", IsBeingAdopted = true }).Write(making);
        }

        workspace.Sync.Sync(tree.Root);
        workspace.SyncState();
        Directory.Move(making, place);
        workspace.SyncState();
        KeepGitDirectory(tree, place);
    }

    /// <summary>Moves the git directory of a clone that was adopted out of its work tree, to stay where it is put; false where that was done.</summary>
    public static bool KeepGitDirectory(WorkTree tree, string gitDirectory)
    {
        var state = ClientState.Read(gitDirectory);
        if (!state.IsBeingAdopted) return false;
        // It may have been adopted before, and released.
        var names = Enumerable.Range(1, MostKept).Select(number => number == 1 ? KeptGit : $"{KeptGit}-{number}");
        _ = names.FirstOrDefault(name => tree.Root.RenameNoReplace(".git", tree.Staging.Kept, name) != ChangeOutcome.Exists);
        (state with { IsBeingAdopted = false }).Write(gitDirectory);
        return true;
    }

    // The objects pass through git's own check of their names; what the hub has is borrowed from there.
    private static void Fetch(CloneAdoption.Possible adoption, ClientRepository repository, CancellationToken cancellation)
    {
        string[] quietly = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--update-head-ok", adoption.Copy];
        GitProgram.Check(repository.GitDirectory, [.. quietly, $"+{ForeignCloneReader.HeadRef}:{repository.Branch}"], cancellation);
        // Of the rest, what is damaged stays behind: it is nobody's /etc.
        FetchAll(ForeignCloneReader.AdoptedPrefix, "refs/etcsync/adopted/", adoption.History.Names.Select(name => name.Name["refs/".Length..]));
        FetchAll(ForeignCloneReader.StashPrefix, "refs/etcsync/adopted/stashes/", Enumerable.Range(0, adoption.History.Stashes.Length).Select(number => $"{number:0000}"));

        // All at once, and one by one only where something of it is damaged.
        void FetchAll(string from, string to, IEnumerable<string> names)
        {
            if (!names.Any() || GitProgram.Run(repository.GitDirectory, [.. quietly, $"+{from}*:{to}*"], cancellation).ExitCode == 0) return;
            foreach (var name in names) GitProgram.Run(repository.GitDirectory, [.. quietly, $"+{from}{name}:{to}{name}"], cancellation);
        }
    }

    private void Commit(CloneAdoption.Possible adoption, IReadOnlyCollection<string> replaced, ClientRepository repository, WorkTree tree, ObjectId head)
    {
        var client = adoption.Client;
        var now = workspace.Time.GetLocalNow();
        var objects = new ObjectOverlay(repository.Objects);
        // After the repair: what differs still, the client meant.
        if (observer.Scan(client, tree, repository.Objects, objects, head, EtckeeperFiles.Of(repository.Objects, head)) is not ScanOutcome.Seen { Scan: var scan })
            throw new IOException($"{adoption.Directory} cannot be read whole any more. Adopt it again.");
        var settings = workspace.Settings.Drift;
        var drift = DriftPlanner.Plan(objects, new()
        {
            Tree = head,
            Scan = scan,
            Guards = new(settings.MassLossPercent, settings.MassLossFloor, settings.StaleSaveWindow),
            Answer = DriftAnswer.Accept,
            Now = now,
        });
        var writer = new CommitWriter(objects, client.Name, adoption.History.Head, now);
        writer.Drift(head, drift.Tree, drift);
        var taken = new MergedState(adoption.Base, repository.Objects.ReadCommit(adoption.Base).Tree, writer.Tip);
        var tip = OwnIdentity(client, replaced, objects, writer.Tip, drift.Tree, now, tree, repository);
        var recorded = taken.Record(objects, now);
        repository.Objects.Write(objects.Added);
        repository.Refs.TryUpdate(repository.Branch, adoption.History.Head, tip);
        repository.Refs.TryUpdate(ClientRepository.MergedRef, null, recorded);
        var policy = workspace.Configuration.Policies.PathsOf(client.Context);
        var index = GitIndex.Of(objects, drift.Tree, scan.Index);
        repository.WriteIndex(index.WithEntries([.. index.Entries.Select(entry => entry with { AssumeUnchanged = policy.ForPath(entry.Path).Class is PathClass.Local or PathClass.ShadowOfRoot })]));
    }

    // A commit of its own on the branch, which the first pass brings into the work tree like any other.
    private ObjectId OwnIdentity(Client client, IReadOnlyCollection<string> replaced, ObjectOverlay objects, ObjectId parent, ObjectId tree, DateTimeOffset now, WorkTree work, ClientRepository repository)
    {
        if (replaced.Count == 0) return parent;
        var metadata = EtckeeperFiles.Of(objects, tree);
        var versions = new Dictionary<RepoPath, FileVersion>();
        foreach (var file in IdentityOf(client, objects, tree).Where(file => replaced.Any(key => IsOf(file.Path, key))))
        {
            var present = TreeDiff.Find(objects, tree, file.Path);
            if (!present.Exists)
            {
                if (file.Content is not null) PutIgnored(work, file, ClientAccounts.Of(repository.Objects, repository.Objects.ReadCommit(repository.Head()).Tree));
                continue;
            }

            var mode = present.Mode.IsRegular() ? present.Mode : EntryMode.File;
            versions[file.Path] = file.Content is { } content ? new(mode, objects.AddBlob(content)) : FileVersion.Absent;
            if (file.Content is null) metadata = metadata.With([], [file.Path.Value], [], []);
            else if (metadata.Find(file.Path.Value) is null) metadata = metadata.With([new EtckeeperRecord(file.Path.Value, file.Mode)], [], [], []);
        }

        if (versions.Count == 0) return parent;
        if (ClientObserver.HasMetadata(objects, tree) && !ReferenceEquals(metadata, EtckeeperFiles.Of(objects, tree))) versions[Metadata] = new(EntryMode.Executable, objects.AddBlob(metadata.Write()));
        var changed = TreeEdit.Apply(objects, tree, versions, new List<RepoPath>());
        var names = string.Concat(versions.Keys.Where(path => path != Metadata).Order().Select(path => path + "\n"));
        var commit = new GitCommit(changed, [parent], Signature.OfClient(client.Name, now), Signature.OfEtcSync(now), $"{client.Name} gets an identity of its own\n\nIt shared these files with other machines:\n{names}");
        return objects.Add(ObjectType.Commit, commit.ToBytes());
    }

    private IReadOnlyList<IdentityFile> IdentityOf(Client client, IObjectReader objects, ObjectId tree) => new Identity(workspace.State.Identity(client.Name))
        .Files(client.Name, workspace.Configuration.Policies.IdentityOf(client, workspace.Settings.Identity), objects, tree);

    // A client whose clone is made again one day is itself again: what is unique is kept as if we had made it.
    private void RememberUnique(Client client, WorkTree tree, IReadOnlyCollection<string> replaced)
    {
        const int Private = 0x180;
        const int Limit = 64 * 1024;
        var directory = workspace.State.Identity(client.Name);
        SecureDirectory.CreateAll(directory);
        foreach (var part in LiveIdentity.Read(tree.Root).Under(workspace.Configuration.Policies.IdentityOf(client, workspace.Settings.Identity), client.Name))
        {
            if (replaced.Contains(part.Key) || part.Key == "hostname" || File.Exists(Path.Combine(directory, part.Key))) continue;
            var top = tree.Root;
            DirectoryDescriptor? ssh = null;
            if (part.Key != "machine-id" && top.OpenDirectory("ssh", out ssh) != OpenOutcome.Opened) continue;
            using (ssh)
            {
                var from = ssh ?? top;
                if (from.ReadFile(part.Key, Limit) is not ReadOutcome.Content content) continue;
                if (ssh is not null)
                {
                    // A private key without its public one is not remembered: the pair is handed out together.
                    if (from.ReadFile(part.Key + ".pub", Limit) is not ReadOutcome.Content halves) continue;
                    SecureDirectory.WriteFile(Path.Combine(directory, part.Key + ".pub"), halves.Bytes, Private);
                }

                SecureDirectory.WriteFile(Path.Combine(directory, part.Key), content.Bytes, Private);
            }
        }
    }

    private static bool IsOf(RepoPath path, string key) => path.Name == key || path.Name == key + ".pub";

    // What .gitignore covers is in no commit: it is written in place, whole.
    private static void PutIgnored(WorkTree tree, IdentityFile file, Ownership ownership)
    {
        var directory = tree.Root;
        if (file.Path.Parent is { } parent && tree.Root.OpenDirectory(parent.Value, out directory) != OpenOutcome.Opened) return;
        try
        {
            var (staging, name) = (tree.Staging.Directory, StagingArea.NameOf(file.Path));
            if (!directory!.TryStatus(file.Path.Name, out var there) || there.Kind != FileKind.Regular) return;
            staging.Unlink(name);
            if (staging.CreateFile(name, file.Content, out var made) != ChangeOutcome.Done) return;
            using (made) Owners.Set(made!, ownership, new(file.Mode, null, null), replaced: null);
            staging.Rename(name, directory, file.Path.Name);
        }
        finally
        {
            if (!ReferenceEquals(directory, tree.Root)) directory?.Dispose();
        }
    }
}
