using System.Collections.Immutable;
using EtcSync.Core.Accounts;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Merging;

/// <summary>The part of a client's merge that concerns .etckeeper: by meaning, and in agreement with the merged tree.</summary>
internal sealed class MetadataMerge
{
    private static readonly RepoPath File = RepoPath.Parse(EtckeeperFile.FileName);

    private readonly ObjectOverlay _objects;
    private readonly MergeInput _input;
    private readonly ObjectId _merged;
    private readonly HashSet<string> _held;
    private readonly HashSet<string> _forced = new(StringComparer.Ordinal);
    private readonly EtckeeperFile _base;
    private readonly EtckeeperFile _client;
    private readonly EtckeeperFile _upstream;
    private readonly Arbiter _arbiter;
    private readonly Dictionary<string, EtckeeperRecord> _answered = new(StringComparer.Ordinal);
    private readonly HashSet<EtckeeperConflict> _settledAsMerged = [];
    private readonly List<Dispute> _disputes = [];
    private readonly List<Settlement> _settled = [];

    private MetadataMerge(ObjectOverlay objects, MergeInput input, IEnumerable<RepoPath> held, ObjectId merged, Arbiter arbiter)
    {
        _arbiter = arbiter;
        _objects = objects;
        _input = input;
        _merged = merged;
        // A dispute about the top directory, which has no path, is held under the name of .etckeeper itself.
        _held = held.Select(path => path == File ? "." : path.Value).ToHashSet(StringComparer.Ordinal);
        _base = EtckeeperFiles.Of(objects, input.Base);
        _client = EtckeeperFiles.Of(objects, input.Client);
        _upstream = EtckeeperFiles.Of(objects, input.Upstream);
    }

    /// <summary>A path that has to be held.</summary>
    internal sealed record Dispute(RepoPath Path, ConflictKind Kind, string Reason, ImmutableArray<RecordDispute> Records);

    /// <summary>What came of it.</summary>
    internal sealed record Result(ObjectId Tree, FileVersion? NextBaseMetadata, IReadOnlyList<Dispute> Disputes, ImmutableArray<string> Notices)
    {
        /// <summary>Disputes that were settled.</summary>
        public ImmutableArray<Settlement> Settled { get; init; } = [];
    }

    /// <summary>Merges .etckeeper into a tree that is merged in everything else.</summary>
    public static Result Merge(ObjectOverlay objects, MergeInput input, ImmutableArray<PathChange> changes, IEnumerable<RepoPath> held, ObjectId merged, Arbiter arbiter)
    {
        var client = TreeDiff.Find(objects, input.Client, File);
        var upstream = TreeDiff.Find(objects, input.Upstream, File);
        if (!client.Exists && !upstream.Exists) return new(merged, null, [], []);
        return new MetadataMerge(objects, input, held, merged, arbiter).Merge(changes, client, upstream);
    }

    private Result Merge(ImmutableArray<PathChange> changes, FileVersion client, FileVersion upstream)
    {
        ApplyClasses();
        var result = Records(changes);
        if (Settle(result.Conflicts)) result = Records(changes);
        foreach (var conflicts in result.Conflicts.GroupBy(conflict => conflict.Path))
        {
            _disputes.Add(new(PathOf(conflicts.Key), ConflictKind.Attribute, string.Join(' ', conflicts.Select(Describe)), [.. conflicts.Select(DisputeOf)]));
        }

        if (_disputes.Count == 0) CheckOwners(result.Merged);
        var version = VersionOf(result.Merged, client, upstream);
        var tree = version == client ? _merged : TreeEdit.Apply(_objects, _merged, new Dictionary<RepoPath, FileVersion> { [File] = version }, new List<RepoPath>());
        var notices = _upstream.Rejected.Select(line => $"Line {line.Number} of upstream's .etckeeper has no effect: {line.Text}");
        return new(tree, NextBase(upstream), _disputes, [.. notices]) { Settled = [.. _settled] };
    }

    // Each attribute by itself, so that an answer about a mode says nothing of the owner.
    private bool Settle(ImmutableArray<EtckeeperConflict> conflicts)
    {
        foreach (var conflict in conflicts)
        {
            if (_arbiter.Settle(DisputeKey.Of(PathOf(conflict.Path), DisputeOf(conflict))) is not { Answer: DisputeAnswer.Take { Side: not DisputeSide.Base and var side } } found) continue;
            // The merged tree has the file, whoever put it there.
            if (conflict.Attribute == EtckeeperAttribute.EmptyDirectory && (side == DisputeSide.Client ? conflict.Ours : conflict.Theirs) != EtckeeperConflict.No) continue;
            if (side == DisputeSide.Upstream && conflict.Attribute != EtckeeperAttribute.EmptyDirectory) TakeUpstreams(conflict);
            else _settledAsMerged.Add(conflict);
            _settled.Add(found);
        }

        return _settled.Count > 0;
    }

    private void TakeUpstreams(EtckeeperConflict conflict)
    {
        var (ours, theirs) = (_answered.GetValueOrDefault(conflict.Path) ?? _client.Find(conflict.Path)!, _upstream.Find(conflict.Path)!);
        _answered[conflict.Path] = conflict.Attribute switch
        {
            EtckeeperAttribute.Mode => ours with { Mode = theirs.Mode },
            EtckeeperAttribute.Owner => ours with { Owner = theirs.Owner },
            _ => ours with { Group = theirs.Group },
        };
    }

    private static RepoPath PathOf(string record) => RepoPath.TryParse(record, out var path) ? path : File;

    private static RecordDispute DisputeOf(EtckeeperConflict conflict) => new(
        $".etckeeper {conflict.Attribute.ToString().ToLowerInvariant()}", Describe(conflict), Bytes(conflict.Ancestor), Bytes(conflict.Ours), Bytes(conflict.Theirs));

    private static byte[]? Bytes(string? text) => text is null ? null : System.Text.Encoding.UTF8.GetBytes(text + "\n");

    private EtckeeperMergeResult Records(ImmutableArray<PathChange> changes)
    {
        var changed = changes.Concat(TreeDiff.Compute(_objects, _input.Client, _merged)).Where(change => change.Path != File).Select(change => change.Path.Value).ToHashSet(StringComparer.Ordinal);
        var trees = new EtckeeperTrees
        {
            Merged = path => Kind(_merged, path),
            Ours = path => Kind(_input.Client, path),
            Theirs = path => Kind(_input.Upstream, path),
            Changed = changed,
        };
        var client = _client.WithRecordsFrom(_upstream, _forced);
        var merged = EtckeeperMerge.Merge(_base, _answered.Count == 0 ? client : client.With(_answered.Values, [], [], []), _upstream, trees, _held);
        return merged with { Conflicts = merged.Conflicts.RemoveAll(_settledAsMerged.Contains) };
    }

    // Paths of upstream's class take upstream's attributes, those of the client's class keep the client's.
    private void ApplyClasses()
    {
        foreach (var record in EtckeeperFile.Differing(_client, _upstream))
        {
            if (RepoPath.TryParse(record, out var path) && !_held.Contains(record) && _input.Policy(path).Class == PathClass.Upstream) _forced.Add(record);
        }

        foreach (var record in EtckeeperFile.Differing(_base, _upstream))
        {
            if (RepoPath.TryParse(record, out var path) && _client.Find(record) is not null && _input.Policy(path).Class is PathClass.Client or PathClass.Local) _held.Add(record);
        }
    }

    private void CheckOwners(EtckeeperFile merged)
    {
        if (ReferenceEquals(merged, _client)) return;
        var (users, groups) = (Accounts("passwd"), Accounts("group"));
        foreach (var record in merged.Records)
        {
            // What the client has already is not looked at again, whichever file the merged one was taken from.
            if (record is { Owner: null, Group: null } || _client.Find(record.Path)?.SaysTheSame(record) == true) continue;
            if (!RepoPath.TryParse(record.Path, out var path)) path = File;
            if (record.Owner is { } owner && users is not null && users.IdOf(owner) is null) Unknown(path, "owner", owner, "passwd");
            else if (record.Group is { } group && groups is not null && groups.IdOf(group) is null) Unknown(path, "group", group, "group");
        }
    }

    private void Unknown(RepoPath path, string what, string name, string file)
    {
        if (!_held.Contains(path == File ? "." : path.Value)) _disputes.Add(new(path, ConflictKind.UnknownOwner, $"Its {what} is to be '{name}', whom the client's merged {file} does not know.", []));
    }

    private AccountNames? Accounts(string file)
    {
        var version = TreeDiff.Find(_objects, _merged, RepoPath.Parse(file));
        return version.Mode.IsRegular() ? AccountNames.Parse(_objects.ReadBlob(version.Id)) : null;
    }

    private FileVersion VersionOf(EtckeeperFile merged, FileVersion client, FileVersion upstream)
    {
        if (client.Exists && merged.Equals(_client)) return client;
        if (upstream.Exists && merged.Equals(_upstream)) return upstream;
        return new(EntryMode.Executable, _objects.AddBlob(merged.Write()));
    }

    private FileVersion? NextBase(FileVersion upstream)
    {
        if (_held.Count == 0 || !upstream.Exists) return null;
        var next = _upstream.WithRecordsFrom(_base, _held);
        return next.Equals(_upstream) ? upstream : new(upstream.Mode, _objects.AddBlob(next.Write()));
    }

    private TreeKind Kind(ObjectId tree, string path) => RepoPath.TryParse(path, out var parsed) ? TreeDiff.FindEntry(_objects, tree, parsed)?.Mode switch
    {
        EntryMode.Directory or EntryMode.GitLink => TreeKind.Directory,
        EntryMode.SymbolicLink => TreeKind.SymbolicLink,
        EntryMode.File or EntryMode.Executable => TreeKind.File,
        _ => TreeKind.None,
    } : TreeKind.None;

    private static string Describe(EtckeeperConflict conflict)
    {
        if (conflict.Attribute == EtckeeperAttribute.EmptyDirectory) return "One side made an empty directory of it, the other a file.";
        var what = conflict.Attribute.ToString().ToLowerInvariant();
        return $"Both sides changed the {what}: {conflict.Ancestor ?? "none"} became {conflict.Ours ?? "none"} on the client and {conflict.Theirs ?? "none"} upstream.";
    }
}
