using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.Git;
using EtcSync.Plumbing;
using EtcSync.WorkTrees;

namespace EtcSync.Upstream;

/// <summary>Finds what may become upstream's next commit, before anybody commits it. Everything stays in memory.</summary>
internal sealed class CandidateReader
{
    private const int Depth = 256;
    private const int MostNamed = 5;
    private const string GitDirectoryName = ".git";
    private static readonly TimeSpan ScanTime = TimeSpan.FromMinutes(1);
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    private readonly Workspace _workspace;
    private readonly UpstreamObservation _upstream;

    /// <summary>A reader of one upstream.</summary>
    public CandidateReader(Workspace workspace, UpstreamObservation upstream) => (_workspace, _upstream) = (workspace, upstream);

    /// <summary>A revision of upstream's repository, in the words of gitrevisions(7).</summary>
    public CandidateOutcome OfRevision(string revision) => Read((git, objects) =>
    {
        var reader = new RevisionReader(git, objects);
        if (reader.CommitOf(revision) is { } commit) return new CandidateOutcome.Found(new(CandidateSource.Revision, $"upstream {commit.Short}", commit, objects.ReadCommit(commit).Tree));
        if (reader.TreeOf(revision, out var problem) is not { } tree) return new CandidateOutcome.Refused(problem);
        return Made(new(objects), CandidateSource.Revision, $"the tree {tree.Short}", tree, _upstream.Tip!.Value, []);
    });

    /// <summary>What is staged, with .etckeeper as etckeeper would write it at the commit.</summary>
    public CandidateOutcome Staged(CancellationToken cancellation) => FromIndex(CandidateSource.Staged, IndexFile, (objects, staged, index) =>
    {
        var scan = Scan(objects, staged, index);
        return (WithMetadata(objects, staged, staged, scan), []);
    }, cancellation);

    /// <summary>What an index has, and nothing else: for one who is asked in the middle of a commit, where etckeeper has done its part.</summary>
    public CandidateOutcome StagedIn(string indexFile, CancellationToken cancellation) =>
        FromIndex(CandidateSource.Staged, _ => indexFile, (_, staged, _) => (staged, []), cancellation);

    /// <summary>The work tree as it is, as etckeeper would add and commit it.</summary>
    public CandidateOutcome WorkTree(CancellationToken cancellation) => FromIndex(CandidateSource.WorkTree, IndexFile, (objects, staged, index) =>
    {
        var scan = Scan(objects, staged, index);
        var tree = TreeEdit.Apply(objects, staged, scan.Changes.ToDictionary(change => change.Path, change => change.Live), new List<RepoPath>());
        return (WithMetadata(objects, tree, staged, scan), [.. scan.Findings.Where(finding => finding.Path != GitDirectoryName).Select(finding => $"{finding.Path} is not in it: {finding.Message}")]);
    }, cancellation);

    private static string IndexFile(string gitDirectory) => Path.Combine(gitDirectory, "index");

    private CandidateOutcome FromIndex(
        CandidateSource source, Func<string, string> indexOf, Func<ObjectOverlay, ObjectId, GitIndex?, (ObjectId Tree, ImmutableArray<string> Notices)> complete, CancellationToken cancellation) => Read((git, objects) =>
    {
        if (new RevisionReader(git, objects).CommitOf("HEAD") is not { } head) return new CandidateOutcome.Refused($"{_workspace.UpstreamDirectory} has no commit yet on what is checked out there.");
        var indexFile = indexOf(git);
        var changes = StagedChanges.Read(git, indexFile, head, cancellation);
        if (!changes.Unmerged.IsEmpty) return new CandidateOutcome.Refused($"A merge in {_workspace.UpstreamDirectory} is not finished; git would commit nothing of it ({Cli.Words.Some(changes.Unmerged, MostNamed)}).");
        var overlay = new ObjectOverlay(objects);
        var staged = TreeEdit.Apply(overlay, objects.ReadCommit(head).Tree, changes.Versions, new List<RepoPath>());
        var (tree, notices) = complete(overlay, staged, File.Exists(indexFile) ? GitIndex.TryParse(File.ReadAllBytes(indexFile), _ => null) : null);
        var what = source == CandidateSource.Staged ? "what is staged" : "the work tree as it is";
        return Made(overlay, source, $"{what}, on top of {head.Short}", tree, head, notices);
    });

    private CandidateOutcome Read(Func<string, ObjectStore, CandidateOutcome> read)
    {
        if (_upstream is not { GitDirectory: { } git, Tip: not null }) return new CandidateOutcome.Refused(_upstream.Problem ?? "There is no upstream.");
        using var objects = ObjectStore.OpenToLook(git, PendingObjects.None, _workspace.Trees);
        return read(git, objects);
    }

    private CandidateOutcome.Found Made(ObjectOverlay objects, CandidateSource source, string description, ObjectId tree, ObjectId parent, ImmutableArray<string> notices)
    {
        var signature = Signature.OfEtcSync(_workspace.Time.GetLocalNow());
        var commit = objects.Add(ObjectType.Commit, new GitCommit(tree, [parent], signature, signature, $"{description}\n").ToBytes());
        return new(new(source, description, commit, tree) { Parent = parent, Objects = [.. objects.Added], Notices = notices });
    }

    // As etckeeper takes it: whatever policies say of a path on clients, upstream commits it.
    private WorkTreeScan Scan(ObjectOverlay objects, ObjectId staged, GitIndex? statistics)
    {
        var directory = _workspace.UpstreamDirectory;
        if (DirectoryDescriptor.OpenRoot(directory, out var opened) != OpenOutcome.Opened) throw new IOException($"{directory} is not a directory.");
        using var top = opened!;
        var outcome = WorkTreeScanner.Scan(new()
        {
            Root = top,
            Index = GitIndex.Of(objects, staged, statistics),
            IndexTime = statistics is null ? default : FileTime.Of(File.GetLastWriteTimeUtc(IndexFile(_upstream.GitDirectory!))),
            // With nothing recorded everything differs, so that everything is reported.
            Metadata = ClientObserver.HasMetadata(objects, staged) ? EtckeeperFile.Empty : null,
            Objects = objects,
            Policy = _ => PathPolicy.Default,
            Ownership = ClientAccounts.Of(objects, staged),
            Limits = new(_workspace.Settings.Limits.FileSize, int.MaxValue, Depth, ScanTime),
            Excludes = Excludes(_upstream.GitDirectory!),
        });
        return outcome is ScanOutcome.Seen seen ? seen.Scan : throw new IOException($"{directory} cannot be looked at: {((ScanOutcome.Refused)outcome).Reason}");
    }

    private static ObjectId WithMetadata(ObjectOverlay objects, ObjectId tree, ObjectId staged, WorkTreeScan scan)
    {
        if (scan.Entries.IsEmpty || !ClientObserver.HasMetadata(objects, staged)) return tree;
        var committed = EtckeeperFiles.Of(objects, staged);
        var entries = Owners.AreSet ? scan.Entries : scan.Entries.Select(entry => committed.Find(entry.Path) is { } known ? entry with { OwnerName = known.Owner, GroupName = known.Group } : entry);
        var metadata = EtckeeperFile.FromObserved(entries, EtckeeperFilter.SpellingOf(scan.Entries));
        // Written anew it may be spelled otherwise than an older etckeeper spelled it, and say the same.
        if (metadata.Equals(committed)) return tree;
        return TreeEdit.Apply(objects, tree, new Dictionary<RepoPath, FileVersion> { [Metadata] = new(EntryMode.Executable, objects.AddBlob(metadata.Write())) }, new List<RepoPath>());
    }

    private static byte[] Excludes(string gitDirectory)
    {
        var file = Path.Combine(CommonDirectory.Of(gitDirectory), "info/exclude");
        return File.Exists(file) ? File.ReadAllBytes(file) : [];
    }
}
