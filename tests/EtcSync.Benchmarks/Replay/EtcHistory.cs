using System.Collections.Immutable;
using EtcSync.Configuration;
using EtcSync.Core.Clients;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.Git;

namespace EtcSync.Benchmarks.Replay;

/// <summary>
/// A linear history of /etc from a git bundle, in a repository of its own, with only the paths that are merged: what the shipped
/// policies give to the client, to upstream or to nobody is taken out of every tree, and out of its .etckeeper.
/// </summary>
internal sealed class EtcHistory : IDisposable
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("etcsync-replay-");
    private readonly PathPolicies _policies;

    /// <summary>Unpacks a bundle.</summary>
    /// <exception cref="InvalidDataException">Its history is not linear.</exception>
    public EtcHistory(string bundle)
    {
        Name = Path.GetFileNameWithoutExtension(bundle);
        _policies = (PolicySet.Load(ConfigurationLoader.Shipped()).Value ?? throw new InvalidOperationException("The shipped policies are wrong.")).PathsOf(ClientContext.None);
        Shell.Git(_directory.FullName, "clone", "-q", "--bare", bundle, ".");
        Objects = ObjectStore.Open(_directory.FullName, new());
        Commits = [.. Read()];
    }

    /// <summary>The bundle's name.</summary>
    public string Name { get; }

    /// <summary>The objects, to which a replay adds.</summary>
    public ObjectStore Objects { get; }

    /// <summary>The commits, the oldest first.</summary>
    public ImmutableArray<EtcCommit> Commits { get; }

    /// <summary>What the shipped policies say about a path.</summary>
    public PathPolicy PolicyOf(RepoPath path) => _policies.ForPath(path.Value);

    /// <summary>Makes a commit that follows another.</summary>
    public ObjectId Commit(ObjectOverlay overlay, ObjectId tree, ObjectId? parent, string subject)
    {
        var who = new Signature("replay", "replay@localhost", DateTimeOffset.UnixEpoch);
        var id = overlay.Add(ObjectType.Commit, new GitCommit(tree, parent is { } known ? [known] : [], who, who, subject + "\n").ToBytes());
        Objects.Write(overlay.Added);
        return id;
    }

    /// <summary>Merges pairs of commits as git does by default: for each the tree, and the paths in conflict.</summary>
    public IEnumerable<(ObjectId Tree, ImmutableArray<string> Conflicts)> MergeByGit(IEnumerable<(ObjectId Client, ObjectId Upstream)> pairs)
    {
        var input = string.Concat(pairs.Select(pair => $"{pair.Client} {pair.Upstream}\n"));
        var words = Shell.GitReading(_directory.FullName, input, "merge-tree", "--stdin", "--name-only", "--no-messages", "-z").Split('\0');
        for (var at = 0; at < words.Length - 1;)
        {
            // Whether it is clean, the tree, the paths, and nothing.
            var tree = ObjectId.Parse(words[at + 1].TrimEnd('\n'));
            var end = Array.IndexOf(words, "", at + 2);
            yield return (tree, words[at] == "1" ? [] : [.. words[(at + 2)..end]]);
            at = end + 1;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Objects.Dispose();
        _directory.Delete(recursive: true);
    }

    private IEnumerable<EtcCommit> Read()
    {
        ObjectId? parent = null;
        foreach (var line in Shell.Git(_directory.FullName, "log", "--reverse", "--format=%T%x09%P%x09%s").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split('\t', 3);
            if (words[1].Contains(' ', StringComparison.Ordinal)) throw new InvalidDataException($"The history of {Name} is not linear.");
            var overlay = new ObjectOverlay(Objects);
            var tree = OnlyMerged(overlay, ObjectId.Parse(words[0]));
            parent = Commit(overlay, tree, parent, words[2]);
            yield return new(parent.Value, tree, words[2]);
        }
    }

    private ObjectId OnlyMerged(ObjectOverlay overlay, ObjectId tree)
    {
        var left = TreeDiff.List(overlay, tree).Select(change => change.Path).Where(path => PolicyOf(path).Class != PathClass.Merge).ToList();
        var versions = left.ToDictionary(path => path, _ => FileVersion.Absent);
        var metadata = EtckeeperFiles.Of(overlay, tree).With([], left.Select(path => path.Value), [], []);
        versions[Metadata] = new(TreeDiff.Find(overlay, tree, Metadata).Mode, overlay.AddBlob(metadata.Write()));
        return TreeEdit.Apply(overlay, tree, versions, []);
    }
}

/// <summary>A commit of a history.</summary>
/// <param name="Id">Its id, of the commit with only the paths that are merged.</param>
/// <param name="Tree">Its tree.</param>
/// <param name="Subject">The first line of its message.</param>
internal sealed record EtcCommit(ObjectId Id, ObjectId Tree, string Subject);
