using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Layers;
using EtcSync.Git;
using EtcSync.Hub;
using EtcSync.Resolutions;
using EtcSync.Upstream;

namespace EtcSync.Fleet;

/// <summary>What the fleet should have now, as it was seen. It may name objects that the hub does not have: it can be told, not carried out.</summary>
internal record FleetTarget
{
    /// <summary>Upstream as it was found.</summary>
    public required UpstreamObservation Upstream { get; init; }

    /// <summary>What the hub has of it, or would have if upstream's commits were taken.</summary>
    public required HubState Hub { get; init; }

    /// <summary>Why nothing can be rolled out; null otherwise. Drift is taken all the same.</summary>
    public required string? Problem { get; init; }

    /// <summary>The composites, by the names of the groups in their order, joined by spaces; empty where nothing can be rolled out.</summary>
    public required ImmutableDictionary<string, Composite> Composites { get; init; }

    /// <summary>Upstream's files that are copied, by the client's name: its policies say which.</summary>
    public required ImmutableDictionary<string, ImmutableArray<ShadowSource>> Shadows { get; init; }

    /// <summary>What people settled.</summary>
    public required KeptResolutions Resolutions { get; init; }

    /// <summary>What of it the hub does not have.</summary>
    public PendingObjects Pending { get; init; } = PendingObjects.None;

    /// <summary>The disputes between layers, each once.</summary>
    public IEnumerable<CompositeConflict> Conflicts => Composites.Values.SelectMany(composite => composite.Conflicts).DistinctBy(conflict => (conflict.Group, conflict.Conflict.Path));

    /// <summary>What one client should have; null where nothing can be rolled out.</summary>
    /// <remarks>Null also for a client that the inventory did not have yet when this was made.</remarks>
    public ClientTarget? Of(Client client) =>
        Composites.TryGetValue(KeyOf(client), out var composite) && Shadows.TryGetValue(client.Name.Value, out var shadows) ? new(composite, shadows, Resolutions.Set) : null;

    /// <summary>The key of a client's composite.</summary>
    public static string KeyOf(Client client) => string.Join(' ', client.Groups.Select(group => group.Value));
}

/// <summary>The same with everything that it names in the hub: it can be rolled out.</summary>
internal sealed record TakenTarget : FleetTarget;
