using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Planning;
using EtcSync.Core.Policies;

namespace EtcSync.Cli;

/// <summary>A client with its clone's repository, for commands that show what is in it.</summary>
internal sealed class ClientClone : IDisposable
{
    private readonly PathPolicies _policies;

    private ClientClone(Session session, Client client, ClientRepository repository)
    {
        (Client, Repository) = (client, repository);
        WorkTree = session.Workspace.CloneOf(client.Name);
        _policies = session.Workspace.Configuration.Policies.PathsOf(client.Context);
    }

    /// <summary>The client.</summary>
    public Client Client { get; }

    /// <summary>Its repository.</summary>
    public ClientRepository Repository { get; }

    /// <summary>Its work tree, which may be missing.</summary>
    public string WorkTree { get; }

    /// <summary>Opens the clone of a client.</summary>
    /// <exception cref="UserErrorException">It is not in the inventory, or has no clone yet.</exception>
    public static ClientClone Open(Session session, string name)
    {
        var client = session.Select(name);
        var directory = session.Workspace.State.GitDirectory(client.Name);
        if (!ClientRepository.Exists(directory)) throw new UserErrorException($"{name} has no clone yet. '{session.Next($"sync {name}")}' makes it.");
        return new(session, client, ClientRepository.Open(directory, client.Name, session.Workspace.Trees));
    }

    /// <summary>What the client took last.</summary>
    /// <exception cref="InvalidDataException">The repository does not say.</exception>
    public MergedState Merged() =>
        Repository.ReadState(ClientRepository.MergedRef) ?? throw new InvalidDataException($"{Repository.GitDirectory} does not say what was merged last ({ClientRepository.MergedRef} is missing).");

    /// <summary>Whether the content of a path may not be shown.</summary>
    public bool IsSecret(string path) => _policies.ForPath(path).Secret;

    /// <inheritdoc/>
    public void Dispose() => Repository.Dispose();
}
