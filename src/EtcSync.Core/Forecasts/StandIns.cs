using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Forecasts;

/// <summary>
/// Makes the stand-ins of all clients that go from one base to one composite under the same policies. What a merge looks at is what the
/// rollout touches: the paths that it changes, the paths of which its .etckeeper says something else, what is above and below them, the
/// accounts, and what upstream owns. Safe for use from several threads.
/// </summary>
public sealed class StandIns
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    private readonly ObjectId _base;
    private readonly Func<RepoPath, PathPolicy> _policy;
    private readonly EtckeeperFile _records;
    private readonly bool _hasMetadata;
    private readonly Dictionary<string, PathChange> _changes;
    private readonly HashSet<string> _touched;
    private readonly HashSet<string> _above = new(StringComparer.Ordinal);
    // Most clients share a few versions of .etckeeper.
    private readonly ConcurrentDictionary<ObjectId, Attributes> _known = new();

    /// <summary>Prepares them.</summary>
    /// <param name="objects">Where the trees are.</param>
    /// <param name="ancestor">The tree from which the merges start.</param>
    /// <param name="upstream">The composite's tree.</param>
    /// <param name="changes">The differences between the two.</param>
    /// <param name="policy">What the policies say about a path of these clients.</param>
    public StandIns(IObjectReader objects, ObjectId ancestor, ObjectId upstream, ImmutableArray<PathChange> changes, Func<RepoPath, PathPolicy> policy)
    {
        (_base, _policy) = (ancestor, policy);
        _records = EtckeeperFiles.Of(objects, ancestor);
        _hasMetadata = TreeDiff.Find(objects, ancestor, Metadata).Mode.IsRegular();
        _changes = changes.ToDictionary(change => change.Path.Value, StringComparer.Ordinal);
        var theirs = EtckeeperFiles.Of(objects, upstream);
        _touched = [.. _changes.Keys, .. Differing(_records, theirs)];
        foreach (var path in _touched)
        {
            for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1)) _above.Add(path[..slash]);
        }
    }

    /// <summary>The stand-in of a client.</summary>
    /// <param name="objects">Where the client's tree is.</param>
    /// <param name="client">The client's tree.</param>
    public StandIn Of(IObjectReader objects, ObjectId client)
    {
        var versions = new SortedDictionary<RepoPath, FileVersion>();
        var metadata = default(Attributes);
        foreach (var own in TreeDiff.Compute(objects, _base, client))
        {
            if (own.Path == Metadata)
            {
                if (_hasMetadata && own.After.Mode.IsRegular()) metadata = _known.GetOrAdd(own.After.Id, static (_, of) => of.Self.AttributesOf(EtckeeperFiles.Of(of.Objects, of.Client)), (Self: this, Objects: objects, Client: client));
                else versions[own.Path] = own.After;
            }
            else if (Counting(own) is var version && version != own.Before)
            {
                versions[own.Path] = version;
            }
        }

        return new(_base, versions, metadata?.File, metadata?.Key ?? "");
    }

    // The version that stands in for the client's; the base's where the client's makes no difference.
    private FileVersion Counting(PathChange own)
    {
        var policy = _policy(own.Path);
        if (_changes.TryGetValue(own.Path.Value, out var change) && policy.Class == PathClass.Client && !IsAccounts(own.Path, policy))
        {
            // It keeps the file that it has, whatever is in it; the accounts of the other files have to fit to it.
            var other = change.Before.Exists ? change.Before : change.After;
            return own.After.Mode.IsRegular() && other.Mode.IsRegular() ? other : own.After;
        }

        if (_touched.Contains(own.Path.Value) || policy.Class == PathClass.Upstream || IsAccounts(own.Path, policy)) return own.After;
        if (!IsAboveOrBelow(own.Path.Value)) return own.Before;
        // What stands in the way of something, or keeps a directory from being empty, does so whatever is in it.
        return own.After.Exists ? own.After with { Id = ObjectId.EmptyBlob } : own.After;
    }

    // Owners of files are looked up in them, and they are judged as one.
    private static bool IsAccounts(RepoPath path, PathPolicy policy) =>
        policy.Together is not null || policy.Merger == ContentMergers.Accounts || path.Value is "passwd" or "group" or "shadow" or "gshadow" or "subuid" or "subgid";

    private bool IsAboveOrBelow(string path)
    {
        if (_above.Contains(path)) return true;
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (_touched.Contains(path[..slash])) return true;
        }

        return false;
    }

    private Attributes AttributesOf(EtckeeperFile client)
    {
        var paths = Differing(_records, client).Where(IsCounting).ToHashSet(StringComparer.Ordinal);
        if (paths.Count == 0 && client.Spelling == _records.Spelling) return Attributes.OfBase;
        var file = _records.WithRecordsFrom(client, paths).With(client.Spelling);
        var key = new StringBuilder().Append(client.Spelling).Append('\n');
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var record = file.Find(path);
            key.Append(CultureInfo.InvariantCulture, $"{path}\0{(record is null ? "-" : $"{record.Mode} {record.Owner} {record.Group}")}{(file.HasEmptyDirectory(path) ? " empty" : "")}\0");
        }

        return new(file, key.ToString());
    }

    private bool IsCounting(string record) =>
        _touched.Contains(record) || IsAboveOrBelow(record) || (RepoPath.TryParse(record, out var path) && _policy(path).Class == PathClass.Upstream);

    private static IEnumerable<string> Differing(EtckeeperFile one, EtckeeperFile other) => EtckeeperFile.Differing(one, other)
        .Concat(one.EmptyDirectories.Except(other.EmptyDirectories, StringComparer.Ordinal)).Concat(other.EmptyDirectories.Except(one.EmptyDirectories, StringComparer.Ordinal));

    private sealed record Attributes(EtckeeperFile? File, string Key)
    {
        public static Attributes OfBase { get; } = new(null, "");
    }
}
