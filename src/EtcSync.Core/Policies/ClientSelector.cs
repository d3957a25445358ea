using System.Collections.Immutable;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Policies;

/// <summary>
/// For whom a rule is: the clients that are named, and the members of the groups that are named (both may hold <c>*</c>, <c>?</c>
/// and <c>[]</c>). A rule that names neither is for everybody.
/// </summary>
internal sealed record ClientSelector(ImmutableArray<(NamePattern Value, int Line)> Clients, ImmutableArray<(NamePattern Value, int Line)> Groups)
{
    public bool IsEverybody => Clients.IsEmpty && Groups.IsEmpty;

    public bool IsMatch(ClientContext client)
    {
        if (IsEverybody) return true;
        if (client.Name is { } name && Clients.Any(c => c.Value.IsMatch(name.Value))) return true;
        return Groups.Any(pattern => client.Groups.Any(group => pattern.Value.IsMatch(group.Value)));
    }
}
