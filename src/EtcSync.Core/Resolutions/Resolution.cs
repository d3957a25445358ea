using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Mergers;

namespace EtcSync.Core.Resolutions;

/// <summary>A person's answer to a dispute.</summary>
/// <param name="Key">What was in dispute.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Clients">Whom it is for, sorted; empty for everybody who has this dispute.</param>
/// <param name="By">Who gave it.</param>
/// <param name="When">When.</param>
public sealed record Resolution(DisputeKey Key, DisputeAnswer Answer, ImmutableArray<ClientName> Clients, string By, DateTimeOffset When)
{
    /// <summary>Whether it is for everybody.</summary>
    public bool IsForEverybody => Clients.IsEmpty;
}

/// <summary>All resolutions that are kept.</summary>
public sealed class ResolutionSet
{
    private readonly ImmutableDictionary<string, ImmutableArray<Resolution>> _byId;

    private ResolutionSet(ImmutableDictionary<string, ImmutableArray<Resolution>> byId) => _byId = byId;

    /// <summary>None.</summary>
    public static ResolutionSet Empty { get; } = new(ImmutableDictionary.Create<string, ImmutableArray<Resolution>>(StringComparer.Ordinal));

    /// <summary>All, by id.</summary>
    public IEnumerable<Resolution> All => _byId.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value);

    /// <summary>These.</summary>
    public static ResolutionSet Of(IEnumerable<Resolution> resolutions) =>
        new(resolutions.GroupBy(resolution => resolution.Key.Id, StringComparer.Ordinal).ToImmutableDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal));

    /// <summary>The answer for a client: the latest of its own, else the latest for everybody; null where there is none.</summary>
    public Resolution? Find(DisputeKey key, ClientName client)
    {
        if (!_byId.TryGetValue(key.Id, out var found)) return null;
        // Twelve digits are short enough to be made to collide by somebody who tries.
        var same = found.Where(resolution => resolution.Key == key && (resolution.IsForEverybody || resolution.Clients.Contains(client)));
        return same.OrderBy(resolution => resolution.IsForEverybody).ThenByDescending(resolution => resolution.When).FirstOrDefault();
    }
}
