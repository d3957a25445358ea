using System.Collections.Immutable;
using System.IO.Enumeration;
using EtcSync.Clients;
using EtcSync.Core.Applying;
using EtcSync.Core.Clients;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.Fleet;
using EtcSync.FileSystem;
using EtcSync.Git;
using EtcSync.Hub;
using EtcSync.WorkTrees;
using FileAttributes = System.IO.FileAttributes;

namespace EtcSync.Layers;

/// <summary>
/// Edits a layer as people edit /etc: in a work tree, outside the shared root, that nobody else can enter. Upstream with
/// the layer merged in is written there; what is changed there becomes a commit on the layer, whose second parent is the
/// upstream commit it was made on. From there on that is what the layer starts from, so disputes before it are settled.
/// </summary>
internal sealed class LayerEditor(Workspace workspace, GroupName group)
{
    private const int Depth = 256;
    private static readonly TimeSpan ScanTime = TimeSpan.FromMinutes(10);
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    /// <summary>The work tree of the edit.</summary>
    public string Tree => LayerEdit.TreeOf(workspace.State, group);

    /// <summary>The edit that was begun; null where there is none.</summary>
    public LayerEdit? Find() => LayerEdit.Read(workspace.State, group);

    /// <summary>Makes sure that nobody else edits this layer.</summary>
    public LockOutcome Lock() => LockFile.TryAcquire(Tree + ".lock", $"etcsync layer edit {group}");

    /// <summary>Writes the work tree; at once whole, or not at all.</summary>
    /// <param name="upstream">The upstream commit that is rolled out.</param>
    /// <param name="by">Who edits.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public LayerEdit Begin(ObjectId upstream, string by)
    {
        using var objects = workspace.Hub.OpenObjects();
        var reader = new LayerReader(objects);
        ObjectId? tip = workspace.Hub.Layers().TryGetValue(group.Value, out var found) ? found : null;
        var overlay = new ObjectOverlay(objects);
        var composite = CompositePlanner.Plan(overlay, reader.Source(upstream), tip is { } layer ? [reader.Read(group.Value, layer, upstream)] : [], workspace.PolicyOf([group]));
        objects.Write(overlay.Added);

        using var all = OpenAll();
        var making = group + ".new";
        all.DeleteTree(making);
        all.CreateDirectory(making);
        if (all.OpenDirectory(making, out var opened) != OpenOutcome.Opened) throw new IOException($"{all.Path}/{making} cannot be made.");
        using var top = opened!;
        WorkTreeBuilder.Build(top, objects, new AttributedTree(composite.Tree, EtckeeperFiles.Of(objects, composite.Tree)), ClientAccounts.Of(objects, composite.Tree));
        var edit = new LayerEdit
        {
            Tip = tip?.ToString(),
            Upstream = upstream.ToString(),
            Tree = composite.Tree.ToString(),
            Metadata = ClientObserver.HasMetadata(objects, composite.Tree)
                ? Convert.ToBase64String(Observed(Scan(top, objects, new(objects), composite.Tree)).Write())
                : null,
            Disputes = [.. composite.Conflicts.Select(conflict => conflict.Conflict.Path.Value)],
            By = by,
            Since = workspace.Time.GetLocalNow(),
        };
        edit.Write(workspace.State, group);
        var outcome = all.RenameNoReplace(making, all, group.Value);
        return outcome == ChangeOutcome.Done ? edit : throw new IOException($"{Tree} cannot be put in place ({outcome}).");
    }

    /// <summary>Looks at what was changed.</summary>
    /// <exception cref="IOException">The work tree cannot be read.</exception>
    public LayerChange Review(LayerEdit edit)
    {
        using var objects = workspace.Hub.OpenObjects();
        if (DirectoryDescriptor.OpenRoot(Tree, out var opened) != OpenOutcome.Opened) throw new IOException($"{Tree} is no directory any more.");
        using var top = opened!;
        var before = ObjectId.Parse(edit.Tree);
        var overlay = new ObjectOverlay(objects);
        var scan = Scan(top, objects, overlay, before);
        var versions = scan.Changes.ToDictionary(change => change.Path, change => change.Live);
        var attributes = ImmutableArray<string>.Empty;
        if (edit.ReadMetadata() is { } baseline)
        {
            var committed = EtckeeperFiles.Of(objects, before);
            var edited = Edited(committed, baseline, Observed(scan), scan);
            attributes = Differing(committed, edited, versions.Keys.Select(path => path.Value).ToHashSet(StringComparer.Ordinal));
            if (!edited.Equals(committed)) versions[Metadata] = new(EntryMode.Executable, overlay.AddBlob(edited.Write()));
        }

        var tree = TreeEdit.Apply(overlay, before, versions, new List<RepoPath>());
        return new()
        {
            Tree = tree,
            Objects = overlay.Added,
            Contents = scan.Changes,
            Attributes = attributes,
            Findings = scan.Findings,
            LeftOut = LeftOut(overlay, tree, scan.Findings.Select(finding => finding.Path).ToHashSet(StringComparer.Ordinal)),
        };
    }

    /// <summary>Commits the changes to the layer; null if somebody else moved it since the edit began.</summary>
    public ObjectId? Commit(LayerEdit edit, LayerChange change, string message, Signature author, CancellationToken cancellation)
    {
        ObjectId? tip = edit.Tip is { } text ? ObjectId.Parse(text) : null;
        return LayerCommit.Make(workspace, group, tip, ObjectId.Parse(edit.Upstream), change.Tree, change.Objects, message, author, cancellation);
    }

    /// <summary>Removes the work tree and the record of the edit.</summary>
    public void Discard()
    {
        using var all = OpenAll();
        var outcome = all.DeleteTree(group.Value);
        if (outcome is not (ChangeOutcome.Done or ChangeOutcome.Missing)) throw new IOException($"{Tree} cannot be removed ({outcome}). Is something mounted in it, or still writing to it?");
        File.Delete(LayerEdit.FileOf(workspace.State, group));
    }

    private DirectoryDescriptor OpenAll()
    {
        SecureDirectory.CreateAll(workspace.State.Layers);
        return DirectoryDescriptor.OpenRoot(workspace.State.Layers, out var all) == OpenOutcome.Opened ? all! : throw new IOException($"{workspace.State.Layers} is not a directory.");
    }

    private Core.Drift.WorkTreeScan Scan(DirectoryDescriptor top, ObjectStore objects, ObjectOverlay overlay, ObjectId tree)
    {
        var paths = workspace.Configuration.Policies.PathsOf(new(null, [group]));
        var index = GitIndex.Of(objects, tree, statistics: null);
        var tracked = index.Entries.Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        var outcome = WorkTreeScanner.Scan(new()
        {
            Root = top,
            Index = index,
            IndexTime = default,
            // With nothing recorded everything differs, so that everything is reported.
            Metadata = ClientObserver.HasMetadata(objects, tree) ? EtckeeperFile.Empty : null,
            Objects = overlay,
            // Whoever edits a tracked file here means it, whosever the file is on a client. What editors leave behind stays out.
            Policy = path => tracked.Contains(path.Value) ? PathPolicy.Default : paths.ForPath(path.Value),
            Ownership = ClientAccounts.Of(objects, tree),
            Limits = new(workspace.Settings.Limits.FileSize, int.MaxValue, Depth, ScanTime),
        });
        return outcome is ScanOutcome.Seen seen ? seen.Scan : throw new IOException($"{Tree} cannot be taken: {((ScanOutcome.Refused)outcome).Reason}");
    }

    // What is ignored is not committed, and neither is what there would be to say about it.
    private static EtckeeperFile Observed(Core.Drift.WorkTreeScan scan) =>
        EtckeeperFile.FromObserved(scan.Entries.Where(entry => !entry.IsIgnored), EtckeeperSpelling.DotSlash);

    // Only what was changed: upstream's .etckeeper knows directories of ignored files, which are not in this work tree.
    private static EtckeeperFile Edited(EtckeeperFile committed, EtckeeperFile before, EtckeeperFile after, Core.Drift.WorkTreeScan scan) => committed.With(
        after.Records.Where(record => record != before.Find(record.Path)).Select(record => Owners.AreSet ? record : record with { Owner = committed.Find(record.Path)?.Owner, Group = committed.Find(record.Path)?.Group }),
        before.Records.Select(record => record.Path).Where(path => after.Find(path) is null).Concat(scan.Changes.Where(change => !change.Live.Exists).Select(change => change.Path.Value)),
        after.EmptyDirectories.Except(before.EmptyDirectories, StringComparer.Ordinal),
        before.EmptyDirectories.Except(after.EmptyDirectories, StringComparer.Ordinal));

    private static ImmutableArray<string> Differing(EtckeeperFile before, EtckeeperFile after, HashSet<string> contents) =>
    [
        .. before.Records.Concat(after.Records).Select(record => record.Path).Where(path => before.Find(path) != after.Find(path))
            .Concat(before.EmptyDirectories.Except(after.EmptyDirectories, StringComparer.Ordinal)).Concat(after.EmptyDirectories.Except(before.EmptyDirectories, StringComparer.Ordinal))
            .Where(path => path != EtckeeperFile.FileName && !contents.Contains(path)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    // It would be gone with the work tree, so it is named.
    private ImmutableArray<string> LeftOut(ObjectOverlay objects, ObjectId tree, HashSet<string> findings)
    {
        var paths = workspace.Configuration.Policies.PathsOf(new(null, [group]));
        var taken = TreeDiff.List(objects, tree).Select(file => file.Path.Value).ToHashSet(StringComparer.Ordinal);
        var files = new FileSystemEnumerable<string>(Tree, (ref entry) => entry.ToFullPath(), new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory || entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.FileName is not ".git",
        };
        return
        [
            .. files.Select(file => Path.GetRelativePath(Tree, file))
                .Where(path => path != EtckeeperFile.FileName && !taken.Contains(path) && !findings.Contains(path) && RepoPath.TryParse(path, out _) && !paths.IsLocal(path)).Order(StringComparer.Ordinal),
        ];
    }
}
