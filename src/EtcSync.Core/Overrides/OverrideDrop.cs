using System.Collections.Immutable;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Overrides;

/// <summary>What dropping overrides makes of a client's branch. Pure; new objects are in the overlay.</summary>
/// <param name="Tree">The branch's tree afterwards.</param>
/// <param name="Dropped">What is dropped.</param>
/// <param name="Refused">What is not, and why.</param>
public sealed record OverrideDrop(ObjectId Tree, OverrideSelection Dropped, ImmutableArray<OverrideRefusal> Refused)
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    /// <summary>Plans it.</summary>
    /// <param name="objects">Takes the new objects.</param>
    /// <param name="branch">The branch's tree.</param>
    /// <param name="composite">What the client should have.</param>
    /// <param name="wanted">The files, and directories with everything below them, whose overrides go.</param>
    /// <param name="policy">What the policies say about a path of this client.</param>
    public static OverrideDrop Plan(ObjectOverlay objects, ObjectId branch, ObjectId composite, IReadOnlyCollection<RepoPath> wanted, Func<RepoPath, PathPolicy> policy)
    {
        var found = OverrideSelection.Of(objects, composite, branch, wanted);
        var refused = ImmutableArray.CreateBuilder<OverrideRefusal>();
        foreach (var change in found.Contents)
        {
            if (policy(change.Path) is { Class: PathClass.Client or PathClass.Local } own)
            {
                refused.Add(new(change.Path, $"It is the client's own by {own.ClassSource}, and no override. A rule for this client that says 'class: merge' would make it one."));
            }
        }

        refused.AddRange(HalfSets.Of(objects, composite, branch, found, wanted, policy));
        var kept = refused.Select(refusal => refusal.Path).ToHashSet();
        var dropped = new OverrideSelection(
            [.. found.Contents.Where(change => !kept.Contains(change.Path))],
            [.. found.Attributes.Where(path => !kept.Contains(RepoPath.Parse(path)))]);
        var versions = dropped.Contents.ToDictionary(change => change.Path, change => change.Before);
        var metadata = EtckeeperFiles.Of(objects, branch);
        var without = metadata.WithRecordsFrom(EtckeeperFiles.Of(objects, composite), dropped.Attributes.ToHashSet(StringComparer.Ordinal));
        if (!without.Equals(metadata)) versions[Metadata] = new(EntryMode.Executable, objects.AddBlob(without.Write()));
        // Where the composite has a file in place of the client's directory, the files in it are named as well or stay.
        var collisions = new List<RepoPath>();
        var tree = TreeEdit.Apply(objects, branch, versions, collisions);
        foreach (var path in collisions) refused.Add(new(path, "The client has other files in its place. Name the directory."));
        return new(tree, dropped with { Contents = [.. dropped.Contents.Where(change => !collisions.Contains(change.Path))] }, [.. refused.DistinctBy(refusal => refusal.Path).OrderBy(refusal => refusal.Path)]);
    }
}
