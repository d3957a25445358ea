using System.Collections.Immutable;
using EtcSync.Core.Applying;
using EtcSync.Core.Clients;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.Fleet;
using EtcSync.FileSystem;
using EtcSync.Git;
using EtcSync.State;
using EtcSync.WorkTrees;

namespace EtcSync.Clients;

/// <summary>Makes a client's clone: git directory, identity, work tree. Whole or not at all; what was interrupted is begun again.</summary>
internal sealed class FanOut(Workspace workspace, ObjectCache contents)
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    private readonly HoldStore _holds = new(workspace.State);

    /// <summary>Makes the clone, or finishes making it.</summary>
    /// <param name="client">The client.</param>
    /// <param name="composite">What its first commit is made on.</param>
    /// <param name="request">What is asked of the client.</param>
    /// <param name="refused">Why there is no clone; null otherwise.</param>
    /// <returns>Whether something was made; false where the clone is there already.</returns>
    public bool Prepare(Client client, Composite composite, SyncRequest request, out ClientOutcome? refused)
    {
        refused = null;
        var directory = workspace.State.GitDirectory(client.Name);
        var isNew = !ClientRepository.Exists(directory);
        if (isNew)
        {
            if (_holds.Find(client.Name) is { } hold) refused = new(client.Name, OutcomeKind.Held) { Reason = hold.Reason };
            else if (!request.Merge) refused = new(client.Name, OutcomeKind.Deferred) { Reason = "Its clone is made when its rollout is due." };
            else if ((Obstacle(client) ?? Unfit(client)) is { } obstacle) refused = new(client.Name, OutcomeKind.Held) { Reason = obstacle };
            if (refused is not null) return false;
            CreateRepository(client, composite);
        }

        var wasThere = ClientState.Read(directory).FileSystem.Length > 0;
        if (wasThere && Directory.Exists(workspace.CloneOf(client.Name))) return false;
        // A work tree that once was and is no more is not silently made again: perhaps a disk is not mounted.
        if (wasThere && request.Drift != DriftAnswer.Accept) return false;
        using var repository = ClientRepository.Open(directory, client.Name, workspace.Trees);
        if (!wasThere && !isNew)
        {
            if (HasItsPlace(client, repository)) return false;
            if (Obstacle(client) is { } foreign) refused = new(client.Name, OutcomeKind.Held) { Reason = foreign };
            if (refused is not null) return false;
        }

        if (!isNew && Unfit(client) is { } unfit) refused = new(client.Name, OutcomeKind.Held) { Reason = unfit };
        if (refused is not null) return false;
        repository.Refs.Delete(ClientRepository.ApplyingRef);
        BuildWorkTree(client, repository);
        return true;
    }

    /// <summary>Why a clone cannot be made; null if it can.</summary>
    public string? Obstacle(Client client)
    {
        // Whoever has read the inventory before a rename still asks for the old name.
        if (RenameRecord.Read(workspace.State) is { } rename && (rename.From == client.Name || rename.To == client.Name))
            return $"{rename.From} is being renamed to {rename.To}. If no 'etcsync client rename' runs, it was interrupted: 'etcsync client rename {rename.From} {rename.To}' finishes it.";
        if (new FormerStore(workspace.State).All().FirstOrDefault(former => former.Name != client.Name && former.Names.Contains(client.Name)) is { } renamed)
            return $"{client.Name} was renamed to {renamed.Name}, which may be running with the old name until it boots. 'etcsync client booted {renamed.Name}' says that it has booted.";
        var path = workspace.CloneOf(client.Name);
        if (!Directory.Exists(path) && !File.Exists(path)) return null;
        if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null && !Directory.EnumerateFileSystemEntries(path).Any()) return null;
        return $"{path} exists and was not made by EtcSync, so it is left alone. 'etcsync adopt' takes a clone over that was made by hand; or move it away to have a new one made, and copy into that one afterwards what is to stay.";
    }

    // Why no clone can live where it is to be: the file system lacks something. That is tried out, so it is for one who is about to make the clone.
    private string? Unfit(Client client)
    {
        var path = workspace.CloneOf(client.Name);
        // That it is missing is said when the clone is made.
        if (DirectoryDescriptor.OpenRoot(Path.GetDirectoryName(path)!, out var parent) != OpenOutcome.Opened) return null;
        using var opened = parent!;
        var shown = workspace.Locations.Unmap(path);
        if (FileSystemAbilities.ReadOnly(opened, shown) is { } reason) return reason;
        // The client's own, which its lock guards: others try in theirs at the same moment.
        using var staging = StagingArea.OpenOutside(opened, client.Name);
        return workspace.Abilities.Lacking(staging.Directory, shown);
    }

    // The git directory with the client's first commits. The work tree is still missing then, which BuildWorkTree mends.
    private void CreateRepository(Client client, Composite composite)
    {
        var state = workspace.State;
        var making = state.GitDirectory(client.Name) + ".making";
        if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
        BareRepository.Create(making, ClientRepository.BranchOf(client.Name), state.Hub);
        using (var repository = ClientRepository.Open(making, client.Name, workspace.Trees))
        {
            var objects = new ObjectOverlay(repository.Objects);
            var head = FirstCommit(client, composite, objects);
            var now = workspace.Time.GetLocalNow();
            var recorded = new MergedState(composite.Commit, composite.Tree, head).Record(objects, now);
            repository.Objects.Write(objects.Added);
            repository.Refs.TryUpdate(repository.Branch, null, head);
            repository.Refs.TryUpdate(ClientRepository.MergedRef, null, recorded);
        }

        Directory.Move(making, state.GitDirectory(client.Name));
    }

    private void BuildWorkTree(Client client, ClientRepository repository)
    {
        var path = workspace.CloneOf(client.Name);
        var parentPath = Path.GetDirectoryName(path)!;
        if (DirectoryDescriptor.OpenRoot(parentPath, out var parent) != OpenOutcome.Opened)
        {
            throw new IOException($"{parentPath}, where the clones are to be, is not a directory. Make it, or change 'clones' in etcsync.yaml.");
        }

        using var opened = parent!;
        using var nursery = StagingArea.OpenNursery(opened);
        var name = client.Name + ".new";
        nursery.DeleteTree(name);
        nursery.CreateDirectory(name);
        if (nursery.OpenDirectory(name, out var top) != OpenOutcome.Opened) throw new IOException($"{nursery.Path}/{name} cannot be made.");
        using var made = top!;

        var head = repository.Objects.ReadCommit(repository.Head());
        var reader = contents.Over(repository.Objects);
        var tree = new AttributedTree(head.Tree, EtckeeperFiles.Of(repository.Objects, head.Tree));
        var ownership = ClientAccounts.Of(repository.Objects, head.Tree);
        var written = WorkTreeBuilder.Build(made, reader, tree, ownership);
        AddIgnoredIdentity(client, made, repository.Objects, head.Tree, ownership);
        repository.DeleteIndex();
        (ClientState.Read(repository.GitDirectory) with { FileSystem = "", Placing = made.Status().Inode }).Write(repository.GitDirectory);
        workspace.Sync.Sync(made);
        if (!workspace.StateIsBesideClones(made)) workspace.SyncState();

        // An empty directory may be waiting there.
        opened.RemoveDirectory(Path.GetFileName(path));
        var outcome = nursery.RenameNoReplace(name, opened, Path.GetFileName(path));
        if (outcome != ChangeOutcome.Done) throw new IOException($"{path} cannot be put in place ({outcome}).");
        var policy = workspace.Configuration.Policies.PathsOf(client.Context);
        var index = GitIndex.Of(repository.Objects, head.Tree, statistics: null);
        repository.WriteIndex(new([.. index.Entries.Select(entry => entry with
        {
            Stat = written.TryGetValue(RepoPath.Parse(entry.Path), out var status) ? IndexStats.Of(status) : IndexStat.Unknown,
            AssumeUnchanged = policy.ForPath(entry.Path).Class is PathClass.Local or PathClass.ShadowOfRoot,
        })], head.Tree));
        RecordPlace(repository, made);
    }

    // Whether the work tree that is there is ours although its making was never finished: killed between the rename that gave
    // it its place and the record of that, which is made now.
    private bool HasItsPlace(Client client, ClientRepository repository)
    {
        using var tree = WorkTreeView.TryLook(workspace.CloneOf(client.Name), client.Name);
        if (tree is null || (!repository.HasIndex && ClientState.Read(repository.GitDirectory).Placing != tree.Root.Status().Inode)) return false;
        RecordPlace(repository, tree.Root);
        return true;
    }

    private static void RecordPlace(ClientRepository repository, DirectoryDescriptor top) =>
        (ClientState.Read(repository.GitDirectory) with { FileSystem = top.FileSystem().ToString(), Placing = 0 }).Write(repository.GitDirectory);

    // Where upstream's .gitignore covers a file of the identity, it is written and not committed.
    private void AddIgnoredIdentity(Client client, DirectoryDescriptor made, ObjectStore objects, ObjectId tree, Ownership ownership)
    {
        foreach (var file in IdentityOf(client, objects, tree))
        {
            if (file.Content is null || file.Path.Parent is not null || TreeDiff.Find(objects, tree, file.Path).Exists) continue;
            if (made.CreateFile(file.Path.Name, file.Content, out var written) != ChangeOutcome.Done) continue;
            using (written) Owners.Set(written!, ownership, new(file.Mode, null, null), replaced: null);
        }
    }

    private IReadOnlyList<IdentityFile> IdentityOf(Client client, IObjectReader objects, ObjectId tree) => new Identity(workspace.State.Identity(client.Name))
        .Files(client.Name, workspace.Configuration.Policies.IdentityOf(client, workspace.Settings.Identity), objects, tree);

    // The identity is the first commit on the branch: what makes the client itself, and nothing else, differs from the composite.
    private ObjectId FirstCommit(Client client, Composite composite, ObjectOverlay objects)
    {
        var ignores = TreeIgnores.Of(objects, composite.Tree);
        var versions = new Dictionary<RepoPath, FileVersion>();
        var metadata = EtckeeperFiles.Of(objects, composite.Tree);
        var hasMetadata = ClientObserver.HasMetadata(objects, composite.Tree);
        foreach (var file in IdentityOf(client, objects, composite.Tree))
        {
            var present = TreeDiff.Find(objects, composite.Tree, file.Path);
            if (!present.Exists && (file.Content is null || ignores.IsIgnored(file.Path.Value, isDirectory: false))) continue;
            // Upstream's record of the mode stands, and git's has to agree with it.
            var mode = present.Mode.IsRegular() ? present.Mode : EntryMode.File;
            versions[file.Path] = file.Content is { } content ? new(mode, objects.AddBlob(content)) : FileVersion.Absent;
            if (file.Content is null) metadata = metadata.With([], [file.Path.Value], [], []);
            else if (metadata.Find(file.Path.Value) is null) metadata = metadata.With([new EtckeeperRecord(file.Path.Value, file.Mode)], [], [], []);
        }

        if (hasMetadata && !ReferenceEquals(metadata, EtckeeperFiles.Of(objects, composite.Tree))) versions[Metadata] = new(EntryMode.Executable, objects.AddBlob(metadata.Write()));
        var tree = TreeEdit.Apply(objects, composite.Tree, versions, new List<RepoPath>());
        var now = workspace.Time.GetLocalNow();
        var author = Signature.OfClient(client.Name, now);
        var names = string.Concat(versions.Keys.Where(path => path != Metadata).Order().Select(path => path + "\n"));
        var commit = new GitCommit(tree, [composite.Commit], author, Signature.OfEtcSync(now), $"{CommitWriter.FirstSubject(client.Name)}\n\n{names}");
        return objects.Add(ObjectType.Commit, commit.ToBytes());
    }
}
