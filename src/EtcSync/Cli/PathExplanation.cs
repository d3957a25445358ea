using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Policies;
using EtcSync.Core.Text;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;
using EtcSync.Git;
using EtcSync.WorkTrees;

namespace EtcSync.Cli;

/// <summary>Where a line of a file came from.</summary>
/// <param name="Layer">"upstream", "group/G", "client/NAME", or "live" for what no commit has yet.</param>
/// <param name="Commit">The commit; null for a line that no commit has yet.</param>
/// <param name="Content">The line without its line break.</param>
internal sealed record ExplainedLine(string Layer, ObjectId? Commit, byte[] Content);

/// <summary>A change between what the client should have and what it has.</summary>
/// <param name="Removed">Lines of the composite that the client has not; with the number of the first, from 1.</param>
/// <param name="Added">Lines of the client that the composite has not.</param>
internal sealed record ExplainedChange(int RemovedFrom, ImmutableArray<byte[]> Removed, int AddedFrom, ImmutableArray<byte[]> Added);

/// <summary>All there is to know of one path of one client.</summary>
internal sealed class PathExplanation
{
    private const string Live = "live";

    private readonly ClientClone _clone;
    private readonly MergedState _merged;
    private readonly ObjectId _branch;
    private readonly History _history;

    private PathExplanation(Session session, ClientClone clone, RepoPath path, CancellationToken cancellation)
    {
        (_clone, Path, _merged) = (clone, path, clone.Merged());
        var objects = clone.Repository.Objects;
        _history = new(objects);
        Head = clone.Repository.Head();
        _branch = objects.ReadCommit(Head).Tree;
        Policy = session.Workspace.Configuration.Policies.PathsOf(clone.Client.Context).ForPath(path.Value);
        var composite = objects.ReadCommit(_merged.Composite);
        Upstream = CompositePlanner.UpstreamOf(_merged.Composite, composite);
        Groups = CompositePlanner.LayersOf(composite);
        Wanted = TreeDiff.Find(objects, composite.Tree, path);
        Committed = TreeDiff.Find(objects, _branch, path);
        (Present, var present) = ReadLive(session);
        IsDirectory = TreeDiff.FindEntry(objects, _branch, path)?.Mode == EntryMode.Directory || TreeDiff.FindEntry(objects, composite.Tree, path)?.Mode == EntryMode.Directory;
        Attributes = [.. AttributeDifference.Of(EtckeeperFiles.Of(objects, composite.Tree), EtckeeperFiles.Of(objects, _branch)).Where(change => change.Path == path.Value)];
        if (present is null || IsDirectory) return;
        IsText = FileText.Of(present) is not null;
        if (Committed.Mode.IsRegular() && IsText) Lines = Explain(present, cancellation);
        if (Wanted.Mode.IsRegular() && objects.ReadBlob(Wanted.Id) is var wanted && FileText.Of(wanted) is not null && IsText) Changes = Compare(wanted, present);
    }

    /// <summary>The path.</summary>
    public RepoPath Path { get; }

    /// <summary>What the policies say about it.</summary>
    public PathPolicy Policy { get; }

    /// <summary>The branch's commit.</summary>
    public ObjectId Head { get; }

    /// <summary>The upstream commit that the client took last.</summary>
    public ObjectId Upstream { get; }

    /// <summary>The layers in what it took.</summary>
    public ImmutableArray<string> Groups { get; }

    /// <summary>The composite's version.</summary>
    public FileVersion Wanted { get; }

    /// <summary>The branch's version.</summary>
    public FileVersion Committed { get; }

    /// <summary>The version in the work tree, as far as it can be read.</summary>
    public FileVersion Present { get; }

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory { get; }

    /// <summary>Whether people can read the content.</summary>
    public bool IsText { get; }

    /// <summary>Whether the content may not be shown.</summary>
    public bool IsSecret => Policy.Secret;

    /// <summary>Where the lines of the present version came from; empty where it is no text, or on no branch.</summary>
    public ImmutableArray<ExplainedLine> Lines { get; } = [];

    /// <summary>How the present version differs from the composite's; empty where it does not, or one of them is no text.</summary>
    public ImmutableArray<ExplainedChange> Changes { get; } = [];

    /// <summary>How mode and owner differ from the composite's.</summary>
    public ImmutableArray<AttributeChange> Attributes { get; }

    /// <summary>Looks at a path; writes nothing.</summary>
    public static PathExplanation Of(Session session, ClientClone clone, RepoPath path, CancellationToken cancellation) => new(session, clone, path, cancellation);

    /// <summary>A commit of one of the lines.</summary>
    public GitCommit Commit(ObjectId id) => _clone.Repository.Objects.ReadCommit(id);

    // The client may put anything there at any time: what is not a file or a link is nothing to explain.
    private (FileVersion Version, byte[]? Content) ReadLive(Session session)
    {
        using var tree = WorkTreeView.TryLook(_clone.WorkTree, _clone.Client.Name);
        if (tree is null) return (FileVersion.Absent, null);
        var directory = tree.Root;
        if (Path.Parent is { } parent && tree.Root.OpenDirectory(parent.Value, out directory) != OpenOutcome.Opened) return (FileVersion.Absent, null);
        try
        {
            if (!directory!.TryStatus(Path.Name, out var status)) return (FileVersion.Absent, null);
            var read = status.Kind switch
            {
                FileKind.Regular => directory.ReadFile(Path.Name, (int)Math.Min(session.Workspace.Settings.Limits.FileSize, int.MaxValue)),
                FileKind.SymbolicLink => directory.ReadLink(Path.Name),
                _ => null,
            };
            return read is ReadOutcome.Content content ? (new(IndexStats.ModeOf(content.Status), ObjectId.Hash(ObjectType.Blob, content.Bytes)), content.Bytes) : (FileVersion.Absent, null);
        }
        finally
        {
            if (!ReferenceEquals(directory, tree.Root)) directory!.Dispose();
        }
    }

    private ImmutableArray<ExplainedLine> Explain(byte[] present, CancellationToken cancellation)
    {
        var objects = _clone.Repository.Objects;
        var commits = Blame.Of(_clone.Repository.GitDirectory, Head, Path, cancellation);
        var lines = Cut(present);
        var origins = new ObjectId?[lines.Count];
        // What is committed already keeps its commit; what the client wrote since has none.
        var (before, after) = (0, 0);
        foreach (var change in LineDiff.Compute(objects.ReadBlob(Committed.Id), present).Append(new(commits.Count, 0, lines.Count, 0)))
        {
            for (; before < change.BeforeStart && after < lines.Count; before++, after++) origins[after] = commits[before];
            (before, after) = (change.BeforeEnd, change.AfterEnd);
        }

        TakeFromComposite(origins, present, cancellation);
        var layers = origins.OfType<ObjectId>().Distinct().ToDictionary(id => id, LayerOf);
        return [.. lines.Select((line, i) => origins[i] is { } id ? new ExplainedLine(layers[id], id, line) : new(Live, null, line))];
    }

    // A dispute that was settled upstream's way, or a client that made the same change, left a line that is upstream's all the same.
    private void TakeFromComposite(ObjectId?[] origins, byte[] present, CancellationToken cancellation)
    {
        var own = origins.OfType<ObjectId>().Distinct().Where(id => !_history.IsAncestor(id, _merged.Composite)).ToHashSet();
        if (own.Count == 0 || !Wanted.Mode.IsRegular()) return;
        var commits = Blame.Of(_clone.Repository.GitDirectory, _merged.Composite, Path, cancellation);
        var (before, after) = (0, 0);
        foreach (var change in LineDiff.Compute(_clone.Repository.Objects.ReadBlob(Wanted.Id), present).Append(new(commits.Count, 0, origins.Length, 0)))
        {
            for (; before < change.BeforeStart && after < origins.Length; before++, after++)
            {
                if (origins[after] is { } origin && own.Contains(origin)) origins[after] = commits[before];
            }

            (before, after) = (change.BeforeEnd, change.AfterEnd);
        }
    }

    private string LayerOf(ObjectId commit)
    {
        if (_history.IsAncestor(commit, Upstream)) return "upstream";
        var composite = _clone.Repository.Objects.ReadCommit(_merged.Composite);
        // The first parent of a composite is upstream, the others are its layers in their order.
        for (var i = 0; i < Groups.Length && i + 1 < composite.Parents.Length; i++)
        {
            if (_history.IsAncestor(commit, composite.Parents[i + 1])) return $"group/{Groups[i]}";
        }

        return commit == _merged.Composite ? "composite" : $"client/{_clone.Client.Name}";
    }

    private static ImmutableArray<ExplainedChange> Compare(byte[] wanted, byte[] present)
    {
        var (before, after) = (Cut(wanted), Cut(present));
        return [.. LineDiff.Compute(wanted, present).Select(change => new ExplainedChange(
            change.BeforeStart + 1, [.. before.Skip(change.BeforeStart).Take(change.BeforeCount)], change.AfterStart + 1, [.. after.Skip(change.AfterStart).Take(change.AfterCount)]))];
    }

    private static List<byte[]> Cut(byte[] text)
    {
        var lines = new List<byte[]>();
        for (var start = 0; start < text.Length;)
        {
            var length = text.AsSpan(start).IndexOf((byte)'\n');
            lines.Add(length < 0 ? text[start..] : text[start..(start + length)]);
            start += length < 0 ? text.Length - start : length + 1;
        }

        return lines;
    }
}
