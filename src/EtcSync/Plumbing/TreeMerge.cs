using System.Collections.Immutable;
using EtcSync.Configuration;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Policies;
using EtcSync.Git;

namespace EtcSync.Plumbing;

/// <summary>What came of merging three trees.</summary>
internal abstract record TreeMergeOutcome
{
    private TreeMergeOutcome()
    {
    }

    /// <summary>The merge, with or without conflicts; its objects are in the repository.</summary>
    /// <param name="Plan">The merge.</param>
    public sealed record Merged(MergePlan Plan) : TreeMergeOutcome;

    /// <summary>Nothing was merged.</summary>
    /// <param name="Problems">Sentences, one or more.</param>
    public sealed record Refused(ImmutableArray<string> Problems) : TreeMergeOutcome;
}

/// <summary>
/// The merge under everything else, on any repository: three commits or trees in, objects out. No reference, no work
/// tree and no inventory is looked at, and the merge is for no client in particular: only rules that name neither
/// clients nor groups apply.
/// </summary>
internal static class TreeMerge
{
    /// <summary>Merges, and writes the new objects.</summary>
    /// <param name="gitDirectory">The git directory; a work tree that has its own in <c>.git</c> will do.</param>
    /// <param name="ancestor">What both sides started from: a commit or tree, as an id or as anything gitrevisions(7) understands.</param>
    /// <param name="client">The client's side; it stands where there is a conflict.</param>
    /// <param name="upstream">Upstream's side.</param>
    /// <param name="policyDirectory">A directory whose <c>*.yaml</c> files are the policies, and no others; null for the shipped ones.</param>
    /// <exception cref="IOException">Objects cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">An object that the trees name is missing or damaged.</exception>
    public static TreeMergeOutcome Run(string gitDirectory, string ancestor, string client, string upstream, string? policyDirectory)
    {
        var policies = Policies(policyDirectory, out var problems);
        if (policies is null) return new TreeMergeOutcome.Refused(problems);
        var directory = GitDirectory(gitDirectory);
        if (directory is null)
        {
            return new TreeMergeOutcome.Refused([$"{gitDirectory} is not a git directory. Name the one that holds HEAD and objects, usually the '.git' of a work tree."]);
        }

        using var objects = ObjectStore.Open(directory, new());
        var revisions = new RevisionReader(directory, objects);
        var trees = new List<ObjectId>();
        foreach (var revision in (string[])[ancestor, client, upstream])
        {
            if (revisions.TreeOf(revision, out var problem) is { } tree) trees.Add(tree);
            else problems = problems.Add(problem);
        }

        return problems.IsEmpty
            ? new TreeMergeOutcome.Merged(Merge(objects, trees[0], trees[1], trees[2], policies))
            : new TreeMergeOutcome.Refused(problems);
    }

    /// <summary>Merges trees, and writes the new objects.</summary>
    public static MergePlan Merge(ObjectStore objects, ObjectId ancestor, ObjectId client, ObjectId upstream, PolicySet policies)
    {
        var paths = policies.PathsOf(ClientContext.None);
        var overlay = new ObjectOverlay(objects);
        var plan = ClientMerge.Plan(overlay, new() { Base = ancestor, Client = client, Upstream = upstream, Policy = path => paths.ForPath(path.Value) });
        objects.Write(overlay.Added);
        return plan;
    }

    private static PolicySet? Policies(string? directory, out ImmutableArray<string> problems)
    {
        problems = [];
        ImmutableArray<ConfigurationFile> files;
        if (directory is null)
        {
            files = ConfigurationLoader.Shipped();
        }
        else if (Directory.Exists(directory))
        {
            files = ConfigurationLoader.InDirectory(directory);
        }
        else
        {
            problems = [$"There is no policy directory {directory}."];
            return null;
        }

        var loaded = PolicySet.Load(files);
        problems = [.. loaded.Problems.Select(problem => problem.ToString())];
        return loaded.Value;
    }

    private static string? GitDirectory(string given)
    {
        var full = Path.GetFullPath(given);
        return new[] { full, Path.Combine(full, ".git") }.FirstOrDefault(path => File.Exists(Path.Combine(path, "HEAD")) && Directory.Exists(Path.Combine(path, "objects")));
    }
}
