using System.Globalization;
using EtcSync.Core.Drift;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;

namespace EtcSync.WorkTrees;

/// <summary>Looks once more at files that were swapped out.</summary>
internal static class KeptFiles
{
    private const string LostPrefix = "lost-";
    private const string GitPrefix = "git-";

    /// <summary>What is kept, by name.</summary>
    public static IReadOnlyList<string> Names(WorkTreeView tree) => tree.Kept is { } kept ? Names(kept) : [];

    /// <summary>Whether anything of what is kept is due; cheap.</summary>
    public static bool AnyDue(IReadOnlyList<string> names, DateTimeOffset before)
    {
        foreach (var name in names)
        {
            if (Since(name) <= before || GitSince(name) <= before) return true;
        }

        return false;
    }

    /// <summary>Whether this version of a path was swapped out since a moment: then ours took its place.</summary>
    /// <param name="names">What is kept.</param>
    /// <param name="path">The path.</param>
    /// <param name="replaced">What was there before.</param>
    /// <param name="from">The moment; the names have whole seconds.</param>
    public static bool WasReplaced(IReadOnlyList<string> names, RepoPath path, FileVersion replaced, DateTimeOffset from)
    {
        var pathName = StagingArea.NameOf(path);
        return names.Any(name => Since(name) is { } since && since.ToUnixTimeSeconds() >= from.ToUnixTimeSeconds()
            && Parse(name) is var (version, keptPath) && keptPath == pathName && version.Id == replaced.Id);
    }

    /// <summary>What a client wrote and what could be put nowhere: it waits for a person.</summary>
    /// <param name="tree">The work tree.</param>
    /// <param name="names">What is kept.</param>
    /// <param name="paths">The paths that the names may stand for.</param>
    public static IEnumerable<Finding> Lost(WorkTreeView tree, IReadOnlyList<string> names, IEnumerable<RepoPath> paths)
    {
        Dictionary<string, RepoPath>? byName = null;
        foreach (var name in names)
        {
            if (!name.StartsWith(LostPrefix, StringComparison.Ordinal)) continue;
            byName ??= paths.ToDictionary(StagingArea.NameOf, StringComparer.Ordinal);
            var isKnown = byName.TryGetValue(name[(name.LastIndexOf('-') + 1)..], out var path);
            yield return new(isKnown ? path.Value : name, $"A version of {(isKnown ? "it" : "a file that is gone")} that the client wrote across a rollout could not be joined with the new one; it is kept as {tree.Kept?.Path}/{name}. Remove it there when it is no longer needed.");
        }
    }

    /// <summary>What was written after it had been swapped out; new content goes to the overlay.</summary>
    /// <param name="tree">The work tree.</param>
    /// <param name="before">What was swapped out before this moment is due.</param>
    /// <param name="paths">The paths that the names may stand for.</param>
    /// <param name="readLimit">Bytes of one file.</param>
    /// <param name="objects">Takes late content.</param>
    public static IReadOnlyList<LateWrite> Review(WorkTreeView tree, DateTimeOffset before, IEnumerable<RepoPath> paths, long readLimit, ObjectOverlay objects)
    {
        if (tree.Kept is not { } kept) return [];
        var late = new List<LateWrite>();
        Dictionary<string, RepoPath>? byName = null;
        var bytes = 0L;
        foreach (var name in Names(kept))
        {
            if (Since(name) is not { } since || since > before || Parse(name) is not var (version, pathName)) continue;
            if (Look(kept, name, version, readLimit) is not (KeptKind.Written, { } content)) continue;
            // What does not fit in memory now is looked at in the next pass.
            if ((bytes += content.Length) > ScanLimits.TotalSize) break;
            byName ??= paths.ToDictionary(StagingArea.NameOf, StringComparer.Ordinal);
            if (byName.TryGetValue(pathName, out var path)) late.Add(new(path, version, version with { Id = objects.AddBlob(content) }, name));
        }

        return late;
    }

    /// <summary>Removes what is due and nobody wrote into; what was written for a path that is gone waits for a person.</summary>
    /// <param name="tree">The work tree.</param>
    /// <param name="before">What was swapped out before this moment is due.</param>
    /// <param name="paths">The paths that the names may stand for.</param>
    /// <param name="readLimit">Bytes of one file.</param>
    public static void Sweep(WorkTree tree, DateTimeOffset before, IEnumerable<RepoPath> paths, long readLimit)
    {
        var kept = tree.Staging.Kept;
        HashSet<string>? known = null;
        foreach (var name in Names(kept))
        {
            if (GitSince(name) <= before)
            {
                if (kept.DeleteTree(name) == ChangeOutcome.NotDirectory) kept.Unlink(name);
            }
            else if (Since(name) is { } since && since <= before && Parse(name) is var (version, pathName))
            {
                known ??= paths.Select(StagingArea.NameOf).ToHashSet(StringComparer.Ordinal);
                var kind = Look(kept, name, version, readLimit).Kind;
                if (kind == KeptKind.Unchanged) kept.Unlink(name);
                else if (kind == KeptKind.Unreadable || (kind == KeptKind.Written && !known.Contains(pathName))) kept.Rename(name, kept, LostNameOf(pathName, since));
            }
        }
    }

    /// <summary>Keeps a late write that cannot be joined with what is there now until a person has seen it.</summary>
    public static void Lose(WorkTree tree, LateWrite late, DateTimeOffset now) =>
        tree.Staging.Kept.Rename(late.KeptName, tree.Staging.Kept, LostNameOf(StagingArea.NameOf(late.Path), now));

    /// <summary>The name under which something waits for a person.</summary>
    /// <param name="pathName">The staged name of its path.</param>
    /// <param name="now">Since when.</param>
    public static string LostNameOf(string pathName, DateTimeOffset now) => $"{LostPrefix}{now.ToUnixTimeMilliseconds()}-{pathName}";

    /// <summary>Gives up on a file: what was in it is in the client's history now.</summary>
    public static void Forget(WorkTree tree, LateWrite late) => tree.Staging.Kept.Unlink(late.KeptName);

    /// <summary>Moves a git directory that appeared in a work tree out of it, to be removed later.</summary>
    public static bool MoveGitDirectoryOut(WorkTree tree, DateTimeOffset now) =>
        tree.Root.RenameNoReplace(".git", tree.Staging.Kept, $"{GitPrefix}{now.ToUnixTimeSeconds()}-{now.Ticks}") == ChangeOutcome.Done;

    private static (KeptKind Kind, byte[]? Content) Look(DirectoryDescriptor kept, string name, FileVersion version, long readLimit) => kept.ReadFile(name, (int)Math.Min(readLimit, int.MaxValue)) switch
    {
        // Another name of it is in the work tree: what is written there is seen there.
        ReadOutcome.Content { Status.LinkCount: > 1 } => (KeptKind.Unchanged, null),
        ReadOutcome.Content content => ObjectId.Hash(ObjectType.Blob, content.Bytes) == version.Id ? (KeptKind.Unchanged, null) : (KeptKind.Written, content.Bytes),
        ReadOutcome.Changing or ReadOutcome.Vanished => (KeptKind.BeingWritten, null),
        _ => (KeptKind.Unreadable, null),
    };

    private enum KeptKind
    {
        /// <summary>As it was swapped out.</summary>
        Unchanged,

        /// <summary>Written since.</summary>
        Written,

        /// <summary>Being written at this moment: looked at next time.</summary>
        BeingWritten,

        /// <summary>Too large for anything that is merged: a person has to look at it.</summary>
        Unreadable,
    }

    private static List<string> Names(DirectoryDescriptor directory)
    {
        var names = new List<string>();
        foreach (var entry in directory.Enumerate()) names.Add(entry.Name);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static DateTimeOffset? GitSince(string name) => name.StartsWith(GitPrefix, StringComparison.Ordinal) ? Since(name[GitPrefix.Length..]) : null;

    private static DateTimeOffset? Since(string name) =>
        name.IndexOf('-', StringComparison.Ordinal) is var dash and > 0
        && long.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    // "seconds-xID-path" or "seconds-fID-path"; see StagingArea.KeptNameOf.
    private static (FileVersion Version, string PathName)? Parse(string name)
    {
        var parts = name.Split('-');
        if (parts.Length != 3 || parts[1].Length != 41 || !ObjectId.TryParse(parts[1][1..], out var id)) return null;
        return (new(parts[1][0] == 'x' ? EntryMode.Executable : EntryMode.File, id), parts[2]);
    }
}
