using System.Collections.Immutable;

namespace EtcSync.Core.Clients;

/// <summary>What a policy can select a client by. Equal when name and groups (in order) are.</summary>
/// <param name="Name">The client; null where there is none, as in a merge of bare trees.</param>
/// <param name="Groups">Its groups.</param>
public sealed record ClientContext(ClientName? Name, ImmutableArray<GroupName> Groups)
{
    /// <summary>No client: only rules that name neither clients nor groups apply.</summary>
    public static ClientContext None { get; } = new(null, []);

    /// <inheritdoc/>
    public bool Equals(ClientContext? other) =>
        other is not null && Name == other.Name && Groups.AsSpan().SequenceEqual(other.Groups.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Groups.Length);
}
