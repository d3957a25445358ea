using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Overrides;
using EtcSync.Core.Paths;
using EtcSync.FileSystem;
using EtcSync.Fleet;

namespace EtcSync.Overrides;

/// <summary>Takes overrides off a client's branch with a commit in a person's name. The next sync brings it to the work tree.</summary>
internal sealed class OverrideDropper(Workspace workspace)
{
    /// <summary>Drops overrides against the composite that the client took last.</summary>
    /// <param name="client">The client; its drift is committed already.</param>
    /// <param name="wanted">The files, and directories with everything below them.</param>
    /// <param name="author">Who says so.</param>
    /// <exception cref="IOException">Somebody else works on the client, or nothing can be written.</exception>
    public OverrideDrop Drop(Client client, IReadOnlyCollection<RepoPath> wanted, Signature author)
    {
        using var held = LockFile.TryAcquire(workspace.State.ClientLock(client.Name), "etcsync override drop") switch
        {
            LockOutcome.Acquired acquired => acquired.Lock,
            LockOutcome.Held other => throw new IOException($"{client.Name} is {other.Holder}. Nothing was dropped; try again."),
            _ => throw new InvalidOperationException("A lock has an unknown outcome."),
        };
        using var repository = ClientRepository.Open(workspace.State.GitDirectory(client.Name), client.Name, workspace.Trees);
        var head = repository.Head();
        var merged = repository.ReadState(ClientRepository.MergedRef) ?? throw new InvalidDataException($"{repository.GitDirectory} does not say what was merged last ({ClientRepository.MergedRef} is missing).");
        var objects = new ObjectOverlay(repository.Objects);
        var branch = repository.Objects.ReadCommit(head).Tree;
        var policies = workspace.Configuration.Policies.PathsOf(client.Context);
        var drop = OverrideDrop.Plan(objects, branch, repository.Objects.ReadCommit(merged.Composite).Tree, wanted, path => policies.ForPath(path.Value));
        if (drop.Tree == branch) return drop;

        List<string> paths = [.. drop.Dropped.Contents.Select(change => change.Path.Value).Union(drop.Dropped.Attributes, StringComparer.Ordinal).Select(Printable.Of)];
        var subject = paths.Count == 1 ? $"Drop the override of {paths[0]}" : $"Drop {paths.Count} overrides";
        var body = paths.Count == 1 ? "" : $"\n{string.Concat(paths.Select(path => path + "\n"))}";
        var commit = new GitCommit(drop.Tree, [head], author, Signature.OfEtcSync(author.When), $"{subject}\n{body}");
        var id = objects.Add(ObjectType.Commit, commit.ToBytes());
        repository.Objects.Write(objects.Added);
        workspace.SyncState();
        return repository.Refs.TryUpdate(repository.Branch, head, id)
            ? drop
            : throw new IOException($"{repository.Branch} was moved by somebody else in this moment. Nothing was dropped; try again.");
    }
}
