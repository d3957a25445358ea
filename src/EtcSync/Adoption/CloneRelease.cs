using System.Globalization;
using System.Text;
using EtcSync.Clients;
using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.Git;
using EtcSync.WorkTrees;

namespace EtcSync.Adoption;

/// <summary>
/// Gives a clone its git directory back, with all objects of its own, so that plain git works in it. It is made in the state
/// directory, checked, copied beside the work tree and put in place in one step; the one that EtcSync used goes last.
/// </summary>
internal sealed class CloneRelease(Workspace workspace)
{
    private const string StagedName = "released-git";
    private const string GitName = ".git";
    private const string AdoptedPrefix = "refs/etcsync/adopted/";
    private const string StashPrefix = AdoptedPrefix + "stashes/";
    private const int Readable = 0x1A4; // 0644

    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    /// <summary>Releases a clone that has one.</summary>
    /// <param name="name">The client.</param>
    /// <param name="cancellation">Ends git, and waiting for the client's lock.</param>
    /// <exception cref="IOException">Something is in the way; it can be done again.</exception>
    public void Run(ClientName name, CancellationToken cancellation)
    {
        var directory = workspace.State.GitDirectory(name);
        if (!ClientRepository.Exists(directory))
        {
            // One who was killed at the very end has left what nobody needs.
            if (Directory.Exists(MakingOf(directory))) Directory.Delete(MakingOf(directory), recursive: true);
            return;
        }

        var outcome = LockFile.AcquireAsync(workspace.State.ClientLock(name), "etcsync release", LockWait, workspace.Time, cancellation).GetAwaiter().GetResult();
        if (outcome is not LockOutcome.Acquired { Lock: var held }) throw new IOException($"Somebody else works on {name} ({((LockOutcome.Held)outcome).Holder}). Try again when that process is done.");
        using (held)
        {
            using var tree = WorkTree.TryOpen(workspace.CloneOf(name), name) ?? throw new IOException($"{workspace.CloneOf(name)} is missing.");
            var making = MakingOf(directory);
            if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
            using (var repository = ClientRepository.Open(directory, name, workspace.Trees)) Make(making, name, repository, cancellation);
            Place(making, tree);
            Directory.Delete(making, recursive: true);
            // In one step: half a git directory would pass for a whole one, and the clone's new one for a planted one.
            Directory.Move(directory, making);
            Directory.Delete(making, recursive: true);
            workspace.SyncState();
        }
    }

    private static string MakingOf(string directory) => directory + ".released";

    private void Make(string making, ClientName name, ClientRepository repository, CancellationToken cancellation)
    {
        if (repository.Refs.Read(ClientRepository.ApplyingRef) is not null) throw new IOException($"A change of {name} was begun and not finished. Run 'etcsync sync {name}' first.");
        var upstreamBranch = workspace.Settings.Upstream.Branch ?? "master";
        var branch = ClientState.Read(repository.GitDirectory).AdoptedBranch is { Length: > 0 } adopted ? adopted : $"refs/heads/{upstreamBranch}";
        BareRepository.Create(making, branch, borrowFrom: null);
        // A fetch brings everything that a name needs, also what was borrowed.
        string[] fetch = ["-c", "fetch.unpackLimit=1", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--update-head-ok", repository.GitDirectory];
        GitProgram.Check(making, [.. fetch, $"+{repository.Branch}:{branch}", $"+{ClientRepository.MergedRef}:{ClientRepository.MergedRef}"], cancellation);
        var refs = new RefStore(making);
        foreach (var (adoptedName, id) in repository.Refs.List(AdoptedPrefix))
        {
            var old = "refs/" + adoptedName[AdoptedPrefix.Length..];
            if (old == branch || !AdoptedHistory.IsName(old)) continue;
            if (GitProgram.Run(making, [.. fetch, $"+{adoptedName}:{old}"], cancellation).ExitCode != 0) throw new IOException($"{old} of {name} ({id.Short}) cannot be read.");
        }

        if (repository.ReadState(ClientRepository.MergedRef) is { } merged)
        {
            var upstream = CompositePlanner.UpstreamOf(merged.Composite, repository.Objects.ReadCommit(merged.Composite));
            refs.TryUpdate($"refs/remotes/origin/{upstreamBranch}", null, upstream);
        }

        refs.Delete(ClientRepository.MergedRef);
        Stashes(making, repository, fetch, cancellation);
        var checkedResult = GitProgram.Run(making, ["fsck", "--connectivity-only", "--no-dangling"], cancellation);
        if (checkedResult.ExitCode != 0) throw new IOException($"The history of {name} is not whole: {checkedResult.Error}");
        var git = workspace.UpstreamDirectory + "/.git";
        File.WriteAllText(Path.Combine(making, "config"), ReleasedRepository.Configuration(name, branch, git, upstreamBranch));
        if (repository.ReadIndex().Index is { } index)
        {
            // Plain git looks at every file.
            var clean = GitIndex.Of(repository.Objects, repository.Objects.ReadCommit(repository.Head()).Tree, index);
            File.WriteAllBytes(Path.Combine(making, "index"), clean.WithEntries([.. clean.Entries.Select(entry => entry with { AssumeUnchanged = false })]).ToBytes());
        }

        var excludes = Path.Combine(repository.GitDirectory, "info/exclude");
        if (File.Exists(excludes)) File.Copy(excludes, Path.Combine(making, "info/exclude"), overwrite: true);
    }

    // git-stash(1) keeps all but the newest in the log of refs/stash alone.
    private static void Stashes(string making, ClientRepository repository, string[] fetch, CancellationToken cancellation)
    {
        var stashes = repository.Refs.List(StashPrefix);
        if (stashes.Count == 0) return;
        GitProgram.Check(making, [.. fetch, $"+{StashPrefix}*:{StashPrefix}*"], cancellation);
        var log = new StringBuilder();
        var before = new string('0', 2 * ObjectId.Size);
        var refs = new RefStore(making);
        foreach (var (name, id) in stashes)
        {
            var commit = repository.Objects.ReadCommit(id);
            log.Append(CultureInfo.InvariantCulture, $"{before} {id} EtcSync <etcsync@localhost> {commit.Committer.When.ToUnixTimeSeconds()} +0000\t{Printable.Of(commit.Subject)}\n");
            before = id.ToString();
            refs.Delete(name);
        }

        Directory.CreateDirectory(Path.Combine(making, "logs/refs"));
        File.WriteAllText(Path.Combine(making, "logs/refs/stash"), log.ToString());
        if (refs.Read("refs/stash") is null) refs.TryUpdate("refs/stash", null, stashes.Values.Last());
    }

    // The work tree is the client's to write: what is made beside it first has its place in one rename.
    private void Place(string making, WorkTree tree)
    {
        var staging = tree.Staging.Directory;
        staging.DeleteTree(StagedName);
        Expect(staging.CreateDirectory(StagedName));
        if (staging.OpenDirectory(StagedName, out var top) != OpenOutcome.Opened) throw new IOException($"{staging.Path}/{StagedName} cannot be made.");
        using (top) Copy(making, top!);
        workspace.Sync.Sync(staging);
        // One that appeared there is nobody's: it is kept for a while, as always.
        KeptFiles.MoveGitDirectoryOut(tree, workspace.Time.GetUtcNow());
        Expect(staging.RenameNoReplace(StagedName, tree.Root, GitName));
        workspace.Sync.Sync(tree.Root);

        void Expect(ChangeOutcome outcome)
        {
            if (outcome != ChangeOutcome.Done) throw new IOException($"{tree.Root.Path}/{GitName} cannot be put in place ({outcome}).");
        }
    }

    private static void Copy(string from, DirectoryDescriptor to)
    {
        foreach (var file in Directory.EnumerateFiles(from))
        {
            if (to.CreateFile(Path.GetFileName(file), File.ReadAllBytes(file), out var made) != ChangeOutcome.Done) throw new IOException($"{to.Path}/{Path.GetFileName(file)} cannot be written.");
            using (made) made!.SetMode(Readable);
        }

        foreach (var directory in Directory.EnumerateDirectories(from))
        {
            var name = Path.GetFileName(directory);
            to.CreateDirectory(name);
            if (to.OpenDirectory(name, out var below) != OpenOutcome.Opened) throw new IOException($"{to.Path}/{name} cannot be made.");
            using (below) Copy(directory, below!);
        }
    }
}
