using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>
/// Looks for directories that a client has put in place of files which are to be put back. What git tracks in one is the
/// merge's business, and an empty one goes; files that git ignores would be lost, and as long as they are there it stays.
/// </summary>
internal static class PutBackObstacles
{
    /// <summary>Those of the paths where such a directory stands.</summary>
    /// <param name="root">The work tree.</param>
    /// <param name="paths">The files that are to be put back.</param>
    /// <param name="isTracked">Whether a path is in the branch's tree, or will be when the drift is committed.</param>
    public static IEnumerable<KeyValuePair<RepoPath, Obstacle>> Read(DirectoryDescriptor root, IEnumerable<RepoPath> paths, Func<RepoPath, bool> isTracked)
    {
        foreach (var path in paths)
        {
            if (root.OpenDirectory(path.Value, out var opened) != OpenOutcome.Opened) continue;
            using (opened)
            {
                if (FirstUntracked(opened!, path, isTracked) is { } untracked) yield return new(path, new(FileVersion.Absent, $"the directory {path}/, in which git does not track {Printable.Of(untracked)},"));
            }
        }
    }

    // The scan went through here before, so that it is not deeper than is allowed.
    private static string? FirstUntracked(DirectoryDescriptor directory, RepoPath at, Func<RepoPath, bool> isTracked)
    {
        foreach (var entry in directory.Enumerate())
        {
            if (!directory.TryStatus(entry.Name, out var status)) continue;
            var name = $"{at}/{entry.Name}";
            var path = RepoPath.TryParse(name, out var parsed) ? parsed : (RepoPath?)null;
            if (status.Kind != FileKind.Directory)
            {
                if (path is not { } file || !isTracked(file)) return name;
                continue;
            }

            if (path is not { } below || directory.OpenDirectory(entry.Name, out var opened) != OpenOutcome.Opened) return name;
            using (opened)
            {
                var any = false;
                foreach (var _ in opened!.Enumerate()) any = true;
                // Git knows of no directories: what .etckeeper says of this one belongs to a path of its own.
                if (!any) return name + "/";
                if (FirstUntracked(opened, below, isTracked) is { } found) return found;
            }
        }

        return null;
    }
}
