using System.Collections.Immutable;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Overrides;

/// <summary>A client's overrides put into upstream, or into upstream with a layer. Pure; new objects are in the overlay.</summary>
/// <param name="Tree">The target's tree with them.</param>
/// <param name="Promoted">What was put in.</param>
/// <param name="Refused">What was not, and why.</param>
public sealed record OverridePromotion(ObjectId Tree, OverrideSelection Promoted, ImmutableArray<OverrideRefusal> Refused)
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    /// <summary>Plans it: what the client changed in its composite is merged into the target.</summary>
    /// <param name="objects">Takes the new objects.</param>
    /// <param name="branch">The branch's tree.</param>
    /// <param name="composite">What the client took last.</param>
    /// <param name="target">The tree that the overrides are put into.</param>
    /// <param name="wanted">The files, and directories with everything below them.</param>
    /// <param name="policy">What the policies say about a path of this client.</param>
    public static OverridePromotion Plan(
        ObjectOverlay objects, ObjectId branch, ObjectId composite, ObjectId target, IReadOnlyCollection<RepoPath> wanted, Func<RepoPath, PathPolicy> policy)
    {
        var found = OverrideSelection.Of(objects, composite, branch, wanted);
        var refused = ImmutableArray.CreateBuilder<OverrideRefusal>();
        var versions = new Dictionary<RepoPath, FileVersion>();
        refused.AddRange(HalfSets.Of(objects, composite, branch, found, wanted, policy));
        var halves = refused.Select(refusal => refusal.Path).ToHashSet();
        foreach (var (path, ancestor, client) in found.Contents.Where(change => !halves.Contains(change.Path)))
        {
            var rules = policy(path);
            if (rules.Class is PathClass.Client or PathClass.Local)
            {
                refused.Add(new(path, $"It is the client's own by {rules.ClassSource}: what makes one machine itself is not for all."));
                continue;
            }

            switch (FileMerge.Merge(objects, path, ancestor, client, TreeDiff.Find(objects, target, path), ContentMergers.Find(rules.Merger), Arbiter.Silent))
            {
                case FileMergeResult.Merged merged:
                    versions[path] = merged.Version;
                    break;
                case FileMergeResult.Disputed disputed:
                    refused.Add(new(path, $"It has changed there as well. {disputed.Reason} Settle the client's conflict first."));
                    break;
            }
        }

        var kept = refused.Select(refusal => refusal.Path).ToHashSet();
        var attributes = found.Attributes.Where(path => !kept.Contains(RepoPath.Parse(path))).ToHashSet(StringComparer.Ordinal);
        var (own, theirs) = (EtckeeperFiles.Of(objects, branch), EtckeeperFiles.Of(objects, target));
        // A new file may lie in a directory that only the client knows.
        foreach (var path in versions.Where(version => version.Value.Exists).Select(version => version.Key))
        {
            for (var directory = path.Parent; directory is { } above; directory = above.Parent)
            {
                if (theirs.Find(above.Value) is null && own.Find(above.Value) is not null) attributes.Add(above.Value);
            }
        }

        var with = theirs.WithRecordsFrom(own, attributes);
        if (!with.Equals(theirs)) versions[Metadata] = new(EntryMode.Executable, objects.AddBlob(with.Write()));
        var collisions = new List<RepoPath>();
        var tree = TreeEdit.Apply(objects, target, versions, collisions);
        foreach (var path in collisions) refused.Add(new(path, "Other files stand in its place there."));
        var lost = refused.Select(refusal => refusal.Path).ToHashSet();
        return new(tree,
            new([.. found.Contents.Where(change => !lost.Contains(change.Path))], [.. attributes.Order(StringComparer.Ordinal)]),
            [.. refused.DistinctBy(refusal => refusal.Path).OrderBy(refusal => refusal.Path)]);
    }
}
