using System.Collections.Immutable;
using System.Net;

namespace EtcSync.Core.Clients;

/// <summary>
/// What a client was called and where it was, before it was renamed or given other addresses: it may be running with both until
/// it boots.
/// </summary>
/// <param name="Name">The client, as it is called now.</param>
/// <param name="Names">What it was called, the last name last.</param>
/// <param name="Addresses">The addresses that it had.</param>
/// <param name="Since">Since when it boots as what it is now: when the servers were told, or when it was changed where they were not yet.</param>
public sealed record FormerClient(ClientName Name, ImmutableArray<ClientName> Names, ImmutableArray<IPAddress> Addresses, DateTimeOffset Since)
{
    /// <summary>Whether nothing of what it was is left.</summary>
    public bool IsEmpty => Names.IsEmpty && Addresses.IsEmpty;

    /// <summary>A client of which nothing else is known.</summary>
    public static FormerClient Of(ClientName name) => new(name, [], [], DateTimeOffset.MinValue);

    /// <summary>The same after another change of the client.</summary>
    /// <param name="was">The client as it was.</param>
    /// <param name="now">The client as it is.</param>
    /// <param name="when">When it was changed.</param>
    public FormerClient Changed(Client was, Client now, DateTimeOffset when)
    {
        // A way back: what it is again is no longer what it was.
        ImmutableArray<ClientName> names = [.. Names.Append(was.Name).Distinct().Where(name => name != now.Name)];
        ImmutableArray<IPAddress> addresses = [.. Addresses.Concat(was.Addresses).Distinct().Where(address => !now.Addresses.Contains(address))];
        return new(now.Name, names, addresses, when);
    }

    /// <summary>What is left of it once a name or an address belongs to another client: two must not answer to one.</summary>
    public FormerClient Without(IReadOnlySet<ClientName> names, IReadOnlySet<IPAddress> addresses) =>
        this with { Names = [.. Names.Where(name => !names.Contains(name))], Addresses = [.. Addresses.Where(address => !addresses.Contains(address))] };

    /// <summary>Whether what was seen shows that the client has booted as what it is now.</summary>
    /// <param name="now">The client.</param>
    /// <param name="directory">Its work tree, as the configuration spells it.</param>
    /// <param name="seen">What was seen.</param>
    public bool HasBooted(Client now, string directory, IEnumerable<ClientSighting> seen) =>
        seen.Any(one => one.When >= Since && now.Addresses.Contains(one.Address) && one switch
        {
            ClientSighting.Mount mount => string.Equals(mount.Directory, directory, StringComparison.Ordinal),
            // From an address that it did not have before, a connection says as much; a new name does not show in one.
            ClientSighting.Connection => Names.IsEmpty,
            _ => true,
        });
}
