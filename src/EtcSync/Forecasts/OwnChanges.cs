using System.Collections.Immutable;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Forecasts;

/// <summary>A path that a candidate changes.</summary>
/// <param name="Path">The path; "." for the top.</param>
/// <param name="Change">What it does to it, in words: "added", "mode 0644 becomes 0600".</param>
/// <param name="IsContent">Whether its content changes, and not only its mode or owner.</param>
internal sealed record OwnChange(string Path, string Change, bool IsContent);

/// <summary>What a candidate itself changes: beside it, clients may have to take what was committed before.</summary>
internal sealed class OwnChanges
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    private readonly HashSet<string> _paths;

    private OwnChanges(ImmutableArray<OwnChange> changes)
    {
        Changes = changes;
        _paths = changes.Select(change => change.Path).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The changes, by path.</summary>
    public ImmutableArray<OwnChange> Changes { get; }

    /// <summary>What differs between two trees.</summary>
    public static OwnChanges Between(IObjectReader objects, ObjectId before, ObjectId after)
    {
        var changes = TreeDiff.Compute(objects, before, after).Where(change => change.Path != Metadata).Select(change => new OwnChange(change.Path.Value, Cli.Words.Change(change), IsContent: true)).ToList();
        var contents = changes.Select(change => change.Path).ToHashSet(StringComparer.Ordinal);
        var attributes = AttributeDifference.Of(EtckeeperFiles.Of(objects, before), EtckeeperFiles.Of(objects, after))
            .Where(change => change.Path != EtckeeperFile.FileName && !contents.Contains(change.Path)).GroupBy(change => change.Path, StringComparer.Ordinal)
            .Select(of => new OwnChange(of.Key, string.Join(", ", of.Select(change => change.What)), IsContent: false));
        return new([.. changes.Concat(attributes).OrderBy(change => change.Path, StringComparer.Ordinal)]);
    }

    /// <summary>Whether a path is among them.</summary>
    public bool Contains(RepoPath path) => _paths.Contains(path == Metadata ? "." : path.Value);
}
