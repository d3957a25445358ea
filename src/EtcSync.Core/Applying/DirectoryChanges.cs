using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Applying;

/// <summary>
/// Which directories come, go and change. Git has no directories: one exists because a tracked file is below it, or
/// because .etckeeper lists it as empty.
/// </summary>
internal sealed class DirectoryChanges
{
    private readonly IObjectReader _objects;
    private readonly AttributedTree _live;
    private readonly AttributedTree _target;
    private readonly SortedSet<RepoPath> _made = [];
    private readonly SortedSet<RepoPath> _removed = [];
    private readonly SortedSet<RepoPath> _set = [];
    private readonly IReadOnlySet<string> _known;
    private bool _top;

    public DirectoryChanges(IObjectReader objects, AttributedTree live, AttributedTree target, IReadOnlySet<string> known)
    {
        _known = known;
        _objects = objects;
        _live = live;
        _target = target;
        if (ReferenceEquals(live.Metadata, target.Metadata)) return;
        foreach (var text in target.Metadata.EmptyDirectories.Except(live.Metadata.EmptyDirectories, StringComparer.Ordinal)) MakeWithParents(text);
        foreach (var text in live.Metadata.EmptyDirectories.Except(target.Metadata.EmptyDirectories, StringComparer.Ordinal)) RemoveIfGone(text);
    }

    /// <summary>Directories to remove if they are empty then.</summary>
    public IReadOnlyCollection<RepoPath> Removed => _removed;

    /// <summary>A directory's record changed; null for the top.</summary>
    public void Set(RepoPath? path)
    {
        if (path is { } directory) _set.Add(directory);
        else _top = true;
    }

    /// <summary>Makes the parents of what is put, and removes those that lose their last file.</summary>
    public void AddFor(IEnumerable<RepoPath> puts, IEnumerable<RepoPath> removals)
    {
        foreach (var put in puts)
        {
            for (var parent = put.Parent; parent is { } directory && !ExistsIn(_live, directory) && _made.Add(directory);) parent = directory.Parent;
        }

        foreach (var removal in removals)
        {
            for (var parent = removal.Parent; parent is { } directory && !ExistsIn(_target, directory) && _removed.Add(directory);) parent = directory.Parent;
        }
    }

    /// <summary>The new directories, parents first.</summary>
    public IEnumerable<ApplyStep> Made() => _made.Select(path => new ApplyStep.MakeDirectory(path, Target(path)));

    /// <summary>Existing directories that lose permissions or change hands: what they lose goes before anything else.</summary>
    public IEnumerable<ApplyStep> Tightened()
    {
        foreach (var path in Changed())
        {
            var (before, after) = (Live(path), Target(path));
            var common = after with { Mode = before.Mode & after.Mode };
            if (common != before || _known.Contains(path?.Value ?? ".")) yield return new ApplyStep.SetDirectory(path, common);
        }
    }

    /// <summary>Existing directories that gain permissions: after everything else.</summary>
    public IEnumerable<ApplyStep> Widened()
    {
        foreach (var path in Changed())
        {
            var (before, after) = (Live(path), Target(path));
            if ((after.Mode & ~before.Mode) != 0 || _known.Contains(path?.Value ?? ".")) yield return new ApplyStep.SetDirectory(path, after);
        }
    }

    private IEnumerable<RepoPath?> Changed()
    {
        if (_top) yield return null;
        foreach (var path in _set)
        {
            if (!_made.Contains(path) && !_removed.Contains(path)) yield return path;
        }
    }

    private FileAttributes Live(RepoPath? path) => TreeAttributes.OfDirectory(_live.Metadata.Find(path?.Value ?? "."));

    private FileAttributes Target(RepoPath? path) => TreeAttributes.OfDirectory(_target.Metadata.Find(path?.Value ?? "."));

    private void MakeWithParents(string text)
    {
        if (!RepoPath.TryParse(text, out var path)) return;
        for (RepoPath? at = path; at is { } directory && !ExistsIn(_live, directory) && _made.Add(directory);) at = directory.Parent;
    }

    private void RemoveIfGone(string text)
    {
        if (!RepoPath.TryParse(text, out var path)) return;
        for (RepoPath? at = path; at is { } directory && !ExistsIn(_target, directory) && _removed.Add(directory);) at = directory.Parent;
    }

    private bool ExistsIn(AttributedTree tree, RepoPath directory)
    {
        if (TreeDiff.FindEntry(_objects, tree.Tree, directory) is { Mode: EntryMode.Directory }) return true;
        if (tree.Metadata.HasEmptyDirectory(directory.Value)) return true;
        // A parent of an empty directory, or a directory with nothing but ignored files in it (it has a record, and is no file).
        var below = directory.Value + "/";
        return tree.Metadata.EmptyDirectories.Any(empty => empty.StartsWith(below, StringComparison.Ordinal));
    }
}
