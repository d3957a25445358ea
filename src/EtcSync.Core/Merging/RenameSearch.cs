using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Text;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Merging;

/// <summary>
/// Finds where upstream moved a file that it deleted, so that a conflict can name the new path. Nothing is merged by
/// it: a guess about a rename is good enough for a report and not for a machine's configuration.
/// </summary>
public static class RenameSearch
{
    private const int MaximumCandidates = 200;

    /// <summary>The path that upstream added with the same, or (at least half of the lines) similar content, or null.</summary>
    public static RepoPath? Find(IObjectReader objects, PathChange deleted, ImmutableArray<PathChange> changes)
    {
        var added = changes.Where(change => !change.Before.Exists && change.After.Mode.IsRegular()).ToList();
        foreach (var change in added)
        {
            if (change.After.Id == deleted.Before.Id && deleted.Before.Id != ObjectId.EmptyBlob) return change.Path;
        }

        if (!deleted.Before.Mode.IsRegular() || added.Count > MaximumCandidates) return null;
        var before = objects.ReadBlob(deleted.Before.Id);
        var lines = CountLines(before);
        if (lines == 0) return null;
        var best = (Path: default(RepoPath?), Kept: 0);
        foreach (var change in added)
        {
            var after = objects.ReadBlob(change.After.Id);
            var kept = lines - LineDiff.Compute(before, after).Sum(line => line.BeforeCount);
            if (2 * kept >= Math.Max(lines, CountLines(after)) && kept > best.Kept) best = (change.Path, kept);
        }

        return best.Path;
    }

    private static int CountLines(ReadOnlySpan<byte> content) => content.Count((byte)'\n') + (content.IsEmpty || content[^1] == '\n' ? 0 : 1);
}
