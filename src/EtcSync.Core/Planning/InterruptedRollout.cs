using System.Collections.Immutable;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Planning;

/// <summary>
/// A rollout that was cut off before it had reached some paths, which the client has written since: what it wrote knows
/// nothing of the rollout, so that the branch must not say that these paths had it. Pure.
/// </summary>
public static class InterruptedRollout
{
    private const string Subject = "Left for later: written by the client while a rollout was cut off";

    /// <summary>Marks the commit; its value is not used.</summary>
    private const string Trailer = "EtcSync-Left-For-Later";

    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    /// <summary>
    /// Whether a commit brings a composite, so that paths of it can be left for later. What puts a stale save right cannot:
    /// the save below it would stand as the client's wish. Neither can what has left paths already.
    /// </summary>
    /// <param name="tip">The branch's commit in the state that was being applied.</param>
    public static bool IsRollout(GitCommit tip) => tip.Trailer(CompositePlanner.UpstreamTrailer) is not null;

    /// <summary>Whether a commit is one that leaves paths for later.</summary>
    public static bool LeavesPaths(GitCommit commit) => commit.Trailer(Trailer) is not null;

    /// <summary>The state without these paths: branch and base have of them what they had before, and the next pass merges them from there.</summary>
    /// <param name="objects">Takes the new objects.</param>
    /// <param name="begun">The state that was being applied.</param>
    /// <param name="tree">The branch's tree in it.</param>
    /// <param name="before">The tree that has these paths as they were.</param>
    /// <param name="baseBefore">The base before it.</param>
    /// <param name="paths">The paths.</param>
    /// <param name="now">The time of the commit.</param>
    public static MergedState Without(
        ObjectOverlay objects, MergedState begun, ObjectId tree, ObjectId before, ObjectId baseBefore, IReadOnlySet<RepoPath> paths, DateTimeOffset now)
    {
        var signature = Signature.OfEtcSync(now);
        var message = $"{Subject}\n\n" + string.Concat(paths.Order().Select(path => $"{CommitWriter.Printable(path.Value)}\n")) + $"\n{Trailer}: yes\n";
        var head = objects.Add(ObjectType.Commit, new GitCommit(Restored(tree, before), [begun.Head], signature, signature, message).ToBytes());
        return new(begun.Composite, Restored(begun.Base, baseBefore), head);

        ObjectId Restored(ObjectId from, ObjectId to)
        {
            var versions = paths.ToDictionary(path => path, path => TreeDiff.Find(objects, to, path));
            if (TreeDiff.Find(objects, from, Metadata) is { Exists: true } metadata)
            {
                // What it says of modes and owners of these paths is not there yet either.
                var records = EtckeeperFiles.Of(objects, from).WithRecordsFrom(EtckeeperFiles.Of(objects, to), paths.Select(path => path.Value).ToHashSet(StringComparer.Ordinal));
                versions[Metadata] = metadata with { Id = objects.AddBlob(records.Write()) };
            }

            return TreeEdit.Apply(objects, from, versions, new List<RepoPath>());
        }
    }
}
