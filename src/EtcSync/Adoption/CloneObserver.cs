using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.Git;
using EtcSync.WorkTrees;

namespace EtcSync.Adoption;

/// <summary>Looks at a hand-made clone: its history through a copy, and its work tree. Writes only below the scratch directory.</summary>
/// <param name="workspace">Where everything is.</param>
/// <param name="scratch">A directory of our own, for the copies.</param>
internal sealed class CloneObserver(Workspace workspace, string scratch)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Looks at one clone; whatever is wrong with it stays with it.</summary>
    /// <param name="client">Whose clone.</param>
    /// <param name="cancellation">Ends git.</param>
    public CloneAdoption Observe(Client client, CancellationToken cancellation)
    {
        var path = workspace.CloneOf(client.Name);
        var shown = workspace.Locations.Unmap(path);
        if (ClientRepository.Exists(workspace.State.GitDirectory(client.Name))) return new CloneAdoption.Ours(client, shown);
        try
        {
            using var tree = WorkTreeView.TryLook(path, client.Name);
            if (tree is null)
            {
                return Path.Exists(path) || new FileInfo(path).LinkTarget is not null
                    ? new CloneAdoption.Refused(client, shown, $"{shown} is no directory. Move it away to have a clone made there.")
                    : new CloneAdoption.Missing(client, shown);
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Limit);
            return Look(client, tree, shown, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new CloneAdoption.Refused(client, shown, $"Reading the history of {shown} takes longer than {Limit.TotalMinutes:0} minutes. Run 'git gc' on the client, or move the clone away to have a new one made.");
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            // The client's boundary.
            return new CloneAdoption.Refused(client, shown, ClientSync.Describe(e));
        }
    }

    private CloneAdoption Look(Client client, WorkTreeView tree, string shown, CancellationToken cancellation)
    {
        var upstream = workspace.Upstream.Observe();
        if (upstream is not { GitDirectory: { } upstreamGit, Tip: { } tip }) return Refuse(upstream.Problem ?? "Upstream has no commit.");
        if (IsEmpty(tree.Root)) return new CloneAdoption.Missing(client, shown);
        var copy = Path.Combine(scratch, client.Name + ".git");
        if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        var read = new ForeignCloneReader(upstreamGit, workspace.Locations.Unmap(upstreamGit)).Read(tree.Root, shown, copy, cancellation);
        if (read is ForeignClone.Refused refused) return Refuse(refused.Reason);
        var history = ((ForeignClone.Readable)read).History;

        using var objects = ObjectStore.Open(copy, workspace.Trees);
        var relation = new History(objects);
        if (relation.MergeBase(history.Head, tip) is not { } ancestor) return Refuse($"{shown} shares no commit with upstream: it is a clone of something else. Move it away to have a new clone made, and copy into that one afterwards what is to stay.");
        var head = objects.ReadCommit(history.Head).Tree;
        var before = objects.ReadCommit(ancestor).Tree;
        var overlay = new ObjectOverlay(objects);
        var outcome = Scan(client, tree, objects, overlay, head, EtckeeperFiles.Of(objects, head));
        if (outcome is not ScanOutcome.Seen { Scan: var scan }) return Refuse(((ScanOutcome.Refused)outcome).Reason);
        if (Markers(overlay, before, head, scan) is { } marked) return Refuse($"{shown}/{marked} holds the markers of a merge that stopped. Settle it on the client and commit, then adopt it.");

        var repair = AttributeRepair.Plan(EtckeeperFiles.Of(objects, head), EtckeeperFiles.Of(objects, before), Tracked(scan), scan.Entries);
        return new CloneAdoption.Possible(
            client, shown, copy, history, ancestor, relation.CountAhead(history.Head, tip), repair, scan.Changes, MissingShadows(client, tree), SharedInodes(tree.Root),
            [.. scan.Findings.Where(finding => finding.Path != ".git")]);

        CloneAdoption.Refused Refuse(string reason) => new(client, shown, reason);
    }

    /// <summary>Compares a work tree with a tree, of which every file is read.</summary>
    /// <param name="client">Whose it is.</param>
    /// <param name="tree">The work tree.</param>
    /// <param name="objects">Has the tree.</param>
    /// <param name="overlay">Takes new content.</param>
    /// <param name="committed">What it is compared with.</param>
    /// <param name="recorded">The modes and owners that it is compared with.</param>
    public ScanOutcome Scan(Client client, WorkTreeView tree, ObjectStore objects, ObjectOverlay overlay, ObjectId committed, EtckeeperFile recorded)
    {
        var (limits, policies) = (workspace.Settings.Limits, workspace.Configuration.Policies.PathsOf(client.Context));
        return WorkTreeScanner.Scan(new()
        {
            Root = tree.Root,
            Index = GitIndex.Of(objects, committed, statistics: null),
            IndexTime = default,
            Metadata = ClientObserver.HasMetadata(objects, committed) ? recorded : null,
            Objects = overlay,
            Policy = path => policies.ForPath(path.Value),
            Ownership = ClientAccounts.Of(objects, committed),
            Limits = new(limits.FileSize, limits.Files, limits.Depth, limits.ScanTime),
        });
    }

    /// <summary>The tracked files of a scan, and what git says they are.</summary>
    public static Dictionary<string, EntryMode> Tracked(WorkTreeScan scan) => scan.Index.Entries.ToDictionary(entry => entry.Path, entry => entry.Mode, StringComparer.Ordinal);

    // Both what was committed with markers in it, and what is in no commit.
    private static string? Markers(ObjectOverlay objects, ObjectId before, ObjectId head, WorkTreeScan scan)
    {
        var live = scan.Changes.ToDictionary(change => change.Path, change => change.Live);
        foreach (var change in TreeDiff.Compute(objects, before, head)) live.TryAdd(change.Path, change.After);
        foreach (var (path, version) in live.OrderBy(pair => pair.Key))
        {
            if (version.Mode.IsRegular() && ConflictMarkers.FindIn(objects.ReadBlob(version.Id)) is var line and > 0) return $"{path}:{line}";
        }

        return null;
    }

    private ImmutableArray<RepoPath> MissingShadows(Client client, WorkTreeView tree)
    {
        var policies = workspace.Configuration.Policies.PathsOf(client.Context);
        return [.. new ShadowCopies(workspace).ReadSources(policies.ShadowFiles).Select(source => source.Path).Where(path => !IsThere(tree.Root, path))];
    }

    private static bool IsThere(DirectoryDescriptor root, RepoPath path)
    {
        if (path.Parent is not { } parent) return root.TryStatus(path.Name, out _);
        if (root.OpenDirectory(parent.Value, out var directory) != OpenOutcome.Opened) return false;
        using (directory) return directory!.TryStatus(path.Name, out _);
    }

    // Loose objects and packs with more than one name. What a client writes into them, everybody else reads.
    private static int SharedInodes(DirectoryDescriptor root)
    {
        const int Most = 100_000;
        if (root.OpenDirectory(".git/objects", out var opened) != OpenOutcome.Opened) return 0;
        using var objects = opened!;
        var (directories, shared, seen) = (new List<string>(), 0, 0);
        foreach (var entry in objects.Enumerate()) directories.Add(entry.Name);
        foreach (var name in directories)
        {
            if (objects.OpenDirectory(name, out var some) != OpenOutcome.Opened) continue;
            using var files = some!;
            foreach (var entry in files.Enumerate())
            {
                if (++seen > Most) return shared;
                if (files.TryStatus(entry.NameBytes, out var status) && status is { Kind: FileKind.Regular, LinkCount: > 1 }) shared++;
            }
        }

        return shared;
    }

    private static bool IsEmpty(DirectoryDescriptor root)
    {
        foreach (var _ in root.Enumerate()) return false;
        return true;
    }
}
