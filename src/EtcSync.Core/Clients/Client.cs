using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Clients;

/// <summary>One diskless machine, as the inventory has it. Two clients are equal when everything in them is.</summary>
/// <param name="Name">Unique in the inventory.</param>
/// <param name="Macs">Its network cards, at least one, none of them in another client.</param>
/// <param name="Addresses">The addresses it is given, at most one of IPv4 and one of IPv6, IPv4 first, unique in the inventory; none leaves it to the server's address pool.</param>
/// <param name="Groups">Its groups, in the order in which their layers are applied, each once.</param>
/// <param name="Rollout">When it takes upstream's commits; null leaves it to the policies.</param>
/// <param name="Identity">What differs from the settings and policies in how it gets its own identity.</param>
public sealed record Client(
    ClientName Name,
    ImmutableArray<MacAddress> Macs,
    ImmutableArray<IPAddress> Addresses,
    ImmutableArray<GroupName> Groups,
    RolloutPolicy? Rollout,
    IdentityOverrides Identity)
{
    /// <summary>The IPv4 address, by which it boots; null where it has none of its own.</summary>
    public IPAddress? Address => Addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork);

    /// <summary>What policies select by.</summary>
    public ClientContext Context => new(Name, Groups);

    /// <inheritdoc/>
    public bool Equals(Client? other) =>
        other is not null && Name == other.Name && Macs.AsSpan().SequenceEqual(other.Macs.AsSpan()) && Addresses.AsSpan().SequenceEqual(other.Addresses.AsSpan())
        && Groups.AsSpan().SequenceEqual(other.Groups.AsSpan()) && Equals(Rollout, other.Rollout) && Identity.Equals(other.Identity);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode();
}
