using System.Collections.Immutable;
using EtcSync.Core.Accounts;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Applying;

/// <summary>A tree together with its .etckeeper.</summary>
/// <param name="Tree">The tree.</param>
/// <param name="Metadata">Its .etckeeper, parsed; empty where there is none.</param>
public sealed record AttributedTree(ObjectId Tree, EtckeeperFile Metadata);

/// <summary>Turns the difference between two trees into steps in an order in which none stands in another's way. Pure.</summary>
public static class ApplyPlanner
{
    private static readonly RepoPath Passwd = RepoPath.Parse("passwd");
    private static readonly RepoPath Group = RepoPath.Parse("group");

    /// <summary>Plans the way from what a work tree has to what it shall have.</summary>
    /// <param name="objects">Where the trees are.</param>
    /// <param name="live">What the work tree has.</param>
    /// <param name="target">What it shall have.</param>
    /// <param name="untouched">Paths that are neither written nor removed: no longer tracked, local, or not accessible.</param>
    public static ApplyPlan Plan(IObjectReader objects, AttributedTree live, AttributedTree target, IReadOnlySet<RepoPath> untouched)
    {
        var known = NewlyKnown(objects, live.Tree, target);
        var puts = new SortedDictionary<RepoPath, ApplyStep.PutFile>();
        var removals = new SortedDictionary<RepoPath, ApplyStep.RemoveFile>();
        foreach (var (path, before, after) in TreeDiff.Compute(objects, live.Tree, target.Tree))
        {
            if (untouched.Contains(path) || before.Mode == EntryMode.GitLink || after.Mode == EntryMode.GitLink) continue;
            if (after.Exists) puts[path] = new(path, before, after, TreeAttributes.OfFile(target.Metadata.Find(path.Value), after.Mode));
            else removals[path] = new(path, before);
        }

        var directories = new DirectoryChanges(objects, live, target, known);
        foreach (var path in EtckeeperFile.Differing(live.Metadata, target.Metadata).Where(path => target.Metadata.Find(path) is not null).Concat(known)) AttributeChange(path);
        directories.AddFor(puts.Keys, removals.Keys);
        return new(Order(puts, removals, directories));

        void AttributeChange(string text)
        {
            if (text == ".")
            {
                directories.Set(null);
                return;
            }

            if (!RepoPath.TryParse(text, out var path) || puts.ContainsKey(path) || untouched.Contains(path)) return;
            var entry = TreeDiff.FindEntry(objects, target.Tree, path);
            if (entry is null or { Mode: EntryMode.Directory })
            {
                directories.Set(path);
                return;
            }

            var version = new FileVersion(entry.Value.Mode, entry.Value.Id);
            // A file is replaced even if only its mode changes: nobody else who has the inode (a hard link) is affected.
            if (version.Mode.IsRegular() && (known.Contains(text)
                || TreeAttributes.OfFile(live.Metadata.Find(text), version.Mode) != TreeAttributes.OfFile(target.Metadata.Find(text), version.Mode)))
            {
                puts[path] = new(path, version, version, TreeAttributes.OfFile(target.Metadata.Find(text), version.Mode));
            }
        }
    }

    // Files that stand where a directory shall be go first, and directories where a file shall be; a directory that gets
    // narrower does so before anything is put into it, one that gets wider last.
    private static ImmutableArray<ApplyStep> Order(
        SortedDictionary<RepoPath, ApplyStep.PutFile> puts, SortedDictionary<RepoPath, ApplyStep.RemoveFile> removals, DirectoryChanges directories)
    {
        var steps = ImmutableArray.CreateBuilder<ApplyStep>();
        steps.AddRange(directories.Tightened());
        var early = removals.Values.Where(removal => puts.Keys.Any(put => put.IsBelow(removal.File) || removal.File.IsBelow(put))).ToHashSet();
        var earlyDirectories = directories.Removed.Where(removed => puts.Keys.Any(put => put == removed || removed.IsBelow(put))).ToHashSet();
        steps.AddRange(early.OrderBy(removal => removal.File));
        steps.AddRange(earlyDirectories.OrderDescending().Select(path => new ApplyStep.RemoveDirectory(path)));
        steps.AddRange(directories.Made());
        steps.AddRange(puts.Values);
        steps.AddRange(removals.Values.Where(removal => !early.Contains(removal)));
        steps.AddRange(directories.Removed.Where(path => !earlyDirectories.Contains(path)).OrderDescending().Select(path => new ApplyStep.RemoveDirectory(path)));
        steps.AddRange(directories.Widened());
        return steps.ToImmutable();
    }

    // Records whose owner could not be set before, because the client's accounts did not know it, and can be now, or whose owner has
    // another number now.
    private static HashSet<string> NewlyKnown(IObjectReader objects, ObjectId live, AttributedTree target)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        AddKnown(Passwd, record => record.Owner);
        AddKnown(Group, record => record.Group);
        return found;

        void AddKnown(RepoPath file, Func<EtckeeperRecord, string?> name)
        {
            var (before, after) = (TreeDiff.Find(objects, live, file), TreeDiff.Find(objects, target.Tree, file));
            if (before == after || !after.Mode.IsRegular()) return;
            var old = before.Mode.IsRegular() ? AccountNames.Parse(objects.ReadBlob(before.Id)) : AccountNames.RootOnly;
            var now = AccountNames.Parse(objects.ReadBlob(after.Id));
            found.UnionWith(target.Metadata.Records.Where(record => name(record) is { } text && now.IdOf(text) is { } id && old.IdOf(text) != id).Select(record => record.Path));
        }
    }
}
