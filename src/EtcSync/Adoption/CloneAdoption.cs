using System.Collections.Immutable;
using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;
using EtcSync.Core.Drift;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;

namespace EtcSync.Adoption;

/// <summary>What adopting one client's clone comes to.</summary>
/// <param name="Client">The client.</param>
/// <param name="Directory">Its work tree, as the configuration spells it.</param>
internal abstract record CloneAdoption(Client Client, string Directory)
{
    /// <summary>It is EtcSync's already.</summary>
    public sealed record Ours(Client Client, string Directory) : CloneAdoption(Client, Directory);

    /// <summary>There is none; the next sync makes it.</summary>
    public sealed record Missing(Client Client, string Directory) : CloneAdoption(Client, Directory);

    /// <summary>It is left as it is.</summary>
    /// <param name="Client">The client.</param>
    /// <param name="Directory">Its work tree, as the configuration spells it.</param>
    /// <param name="Reason">Why, and what to do.</param>
    public sealed record Refused(Client Client, string Directory, string Reason) : CloneAdoption(Client, Directory);

    /// <summary>It can be taken over.</summary>
    /// <param name="Client">The client.</param>
    /// <param name="Directory">Its work tree, as the configuration spells it.</param>
    /// <param name="Copy">A repository of ours with its history.</param>
    /// <param name="History">Its history.</param>
    /// <param name="Base">Upstream's commit from which it went its own way.</param>
    /// <param name="OwnCommits">How many commits it has that upstream has not.</param>
    /// <param name="Repair">Modes, owners and empty directories that were lost.</param>
    /// <param name="Uncommitted">What is in the work tree and in no commit.</param>
    /// <param name="Shadows">Files that git ignores and that must match the shared root, which are missing.</param>
    /// <param name="SharedInodes">Files of its git directory that are hard links, most likely to upstream's objects.</param>
    /// <param name="Findings">What is left alone in its work tree.</param>
    public sealed record Possible(
        Client Client,
        string Directory,
        string Copy,
        ForeignHistory History,
        ObjectId Base,
        int OwnCommits,
        AttributeRepairPlan Repair,
        ImmutableArray<LiveChange> Uncommitted,
        ImmutableArray<RepoPath> Shadows,
        int SharedInodes,
        ImmutableArray<Finding> Findings) : CloneAdoption(Client, Directory);
}
