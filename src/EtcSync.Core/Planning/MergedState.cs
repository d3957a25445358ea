using EtcSync.Core.Git;

namespace EtcSync.Core.Planning;

/// <summary>What a client has taken.</summary>
/// <param name="Composite">The composite that was merged last.</param>
/// <param name="Base">The tree from which the next merge starts: that composite's, with held paths as they were before.</param>
/// <param name="Head">The branch's commit that goes with it.</param>
public sealed record MergedState(ObjectId Composite, ObjectId Base, ObjectId Head)
{
    /// <summary>Makes the state commit (see <see cref="Of"/>).</summary>
    /// <param name="objects">Takes it.</param>
    /// <param name="now">Its time.</param>
    public ObjectId Record(ObjectOverlay objects, DateTimeOffset now)
    {
        var signature = Signature.OfEtcSync(now);
        return objects.Add(ObjectType.Commit, new GitCommit(Base, [Head, Composite], signature, signature, "State of a client\n").ToBytes());
    }

    /// <summary>
    /// Reads a state commit: its tree is the base, its first parent the branch's commit, its second the composite. One
    /// object holds all three, so that recording them is one step.
    /// </summary>
    public static MergedState Of(GitCommit commit) => commit.Parents.Length == 2
        ? new(commit.Parents[1], commit.Tree, commit.Parents[0])
        : throw new InvalidDataException("A state commit does not have two parents.");
}
