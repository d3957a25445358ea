using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Planning;
using EtcSync.Core.Resolutions;
using EtcSync.Fleet;

namespace EtcSync.Resolutions;

/// <summary>Which clients made use of which resolutions: their branches say so, and nothing else is remembered about it.</summary>
internal sealed class ResolutionUses
{
    private static readonly TimeSpan ClockError = TimeSpan.FromDays(1);

    private readonly ILookup<string, string> _clients;
    private readonly ILookup<DisputeKey, ClientName> _own;

    private ResolutionUses(ILookup<string, string> clients, IEnumerable<Resolution> resolutions)
    {
        _clients = clients;
        _own = resolutions.SelectMany(resolution => resolution.Clients.Select(client => (resolution.Key, Client: client))).ToLookup(one => one.Key, one => one.Client);
    }

    /// <summary>Reads the branches of all clients, as far back as the oldest of the resolutions.</summary>
    public static ResolutionUses Of(Workspace workspace, IReadOnlyCollection<Resolution> resolutions)
    {
        if (resolutions.Count == 0) return new(Enumerable.Empty<string>().ToLookup(id => id, StringComparer.Ordinal), resolutions);
        var since = resolutions.Min(resolution => resolution.When) - ClockError;
        return new(workspace.Configuration.Inventory.Clients.SelectMany(client => Uses(workspace, client.Name, since).Select(id => (Id: id, Client: client.Name.Value)))
            .Distinct().ToLookup(use => use.Id, use => use.Client, StringComparer.Ordinal), resolutions);
    }

    /// <summary>The clients that made use of a resolution, by name. What was said of everybody is not what a client with an answer of its own made use of.</summary>
    public IReadOnlyList<string> Of(Resolution resolution)
    {
        var own = _own[resolution.Key].Select(client => client.Value);
        var used = _clients[resolution.Key.Id];
        return [.. (resolution.IsForEverybody ? used.Except(own, StringComparer.Ordinal) : used.Intersect(resolution.Clients.Select(client => client.Value), StringComparer.Ordinal)).Order(StringComparer.Ordinal)];
    }

    private static HashSet<string> Uses(Workspace workspace, ClientName client, DateTimeOffset since)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var directory = workspace.State.GitDirectory(client);
        if (!ClientRepository.Exists(directory)) return found;
        try
        {
            using var repository = ClientRepository.Open(directory, client, workspace.Trees);
            for (ObjectId? next = repository.Refs.Read(repository.Branch); next is { } id;)
            {
                var commit = repository.Objects.ReadCommit(id);
                // Before the branch's first commit there is upstream's history.
                if (commit.Committer.When < since || CommitWriter.IsFirst(commit)) break;
                found.UnionWith(commit.Trailers(CommitWriter.ResolutionTrailer));
                next = commit.Parents.IsEmpty ? null : commit.Parents[0];
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // What is broken about that client, 'status' says.
        }

        return found;
    }
}
