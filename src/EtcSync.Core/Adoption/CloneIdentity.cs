using System.Collections.Immutable;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Adoption;

/// <summary>Who has which identity.</summary>
/// <param name="Client">The client.</param>
/// <param name="Parts">What it has.</param>
public sealed record CloneIdentity(ClientName Client, ImmutableArray<IdentityPart> Parts);

/// <summary>A part of an identity that is not the client's alone.</summary>
/// <param name="Client">The client.</param>
/// <param name="Key">Which part.</param>
/// <param name="Others">The other clients that have it, by name.</param>
/// <param name="IsUpstreams">Whether it is upstream's, which every client can read.</param>
/// <param name="IsKept">Whether a person said that it stays.</param>
public sealed record SharedIdentity(ClientName Client, string Key, ImmutableArray<ClientName> Others, bool IsUpstreams, bool IsKept)
{
    /// <summary>With whom it is shared, in words.</summary>
    public string With => (Others.Length, IsUpstreams) switch
    {
        (0, _) => "upstream",
        (1, true) => $"upstream and {Others[0]}",
        (1, false) => Others[0].Value,
        (_, true) => $"upstream and {Others.Length} other clients",
        _ => $"{Others.Length} other clients",
    };
}

/// <summary>Finds identities that several machines have. Pure.</summary>
public static class SharedIdentities
{
    /// <summary>The word that names all SSH host keys at once.</summary>
    public const string HostKeys = "ssh-host-keys";

    private const string HostKeyPrefix = "ssh_host_";

    /// <summary>The parts that are shared, by client and part.</summary>
    /// <param name="clients">The clients' identities.</param>
    /// <param name="upstream">Upstream's own.</param>
    /// <param name="isKept">Whether a person said that this part of a client stays.</param>
    public static ImmutableArray<SharedIdentity> Find(IReadOnlyCollection<CloneIdentity> clients, IReadOnlyCollection<IdentityPart> upstream, Func<ClientName, string, bool> isKept)
    {
        var owners = clients.SelectMany(client => client.Parts.Select(part => (Part: part, client.Client))).ToLookup(pair => pair.Part, pair => pair.Client);
        return
        [
            .. from client in clients.OrderBy(client => client.Client)
               from part in client.Parts.OrderBy(part => part.Key, StringComparer.Ordinal)
               let others = owners[part].Where(other => other != client.Client).Order().ToImmutableArray()
               let isUpstreams = upstream.Contains(part)
               where isUpstreams || others.Length > 0
               select new SharedIdentity(client.Client, part.Key, others, isUpstreams, isKept(client.Client, part.Key)),
        ];
    }

    /// <summary>Whether a part is meant by what a person typed: its own name, or the word for all host keys.</summary>
    public static bool Names(string typed, string key) =>
        string.Equals(typed, key, StringComparison.Ordinal) || (typed == HostKeys && key.StartsWith(HostKeyPrefix, StringComparison.Ordinal));
}
