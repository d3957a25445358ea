using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Policies;
using EtcSync.FileSystem;
using EtcSync.Git;
using EtcSync.Hub;
using EtcSync.Layers;

namespace EtcSync.Fleet;

/// <summary>Looks at upstream and the layers, takes new commits into the hub, and computes the composites: once for all clients.</summary>
internal sealed class FleetObserver(Workspace workspace)
{
    /// <summary>Finds out what clients should have.</summary>
    /// <param name="clients">The clients that are asked about.</param>
    /// <param name="acceptRewrite">Whether a rewritten upstream is rolled out.</param>
    /// <param name="cancellation">Ends the fetch.</param>
    /// <exception cref="IOException">The hub cannot be read or written.</exception>
    public FleetTarget Observe(IReadOnlyCollection<Client> clients, bool acceptRewrite, CancellationToken cancellation)
    {
        workspace.State.Prepare();
        using var held = HubLock.Take(workspace, cancellation);
        workspace.Hub.RemoveAbandonedLocks();
        var upstream = workspace.Upstream.Observe();
        var hub = workspace.Hub.Take(upstream, cancellation);
        if (acceptRewrite && hub.IsRewrite)
        {
            workspace.Hub.AcceptRewrite();
            hub = workspace.Hub.State();
        }

        var problem = upstream.Problem ?? (hub.IsRewrite
            ? $"The history of upstream's branch '{upstream.Branch}' was rewritten: {hub.Seen!.Value.Short} does not continue {hub.Tip!.Value.Short}. Nothing is rolled out until 'etcsync sync --accept-rewrite' says that this is meant."
            : null);
        var (composites, shadows) = hub.Tip is { } tip ? Composites(clients, tip) : ([], []);
        return new()
        {
            Upstream = upstream,
            Hub = hub,
            Problem = problem,
            Composites = composites.ToImmutableDictionary(StringComparer.Ordinal),
            Shadows = shadows.ToImmutableDictionary(StringComparer.Ordinal),
        };
    }

    private (Dictionary<string, Composite> Composites, Dictionary<string, ImmutableArray<ShadowSource>> Shadows) Composites(IReadOnlyCollection<Client> clients, ObjectId tip)
    {
        using var objects = workspace.Hub.OpenObjects();
        var composites = new Dictionary<string, Composite>(StringComparer.Ordinal);
        var shadows = new Dictionary<string, ImmutableArray<ShadowSource>>(StringComparer.Ordinal);
        var copies = new ShadowCopies(workspace);
        var reader = new LayerReader(workspace.Hub, objects);
        // Clients of the same groups may differ in their policies; those with the same policies share what was read.
        var read = new Dictionary<PathPolicies, ImmutableArray<ShadowSource>>();
        var layers = workspace.Hub.Layers();
        foreach (var client in clients)
        {
            var policies = workspace.Configuration.Policies.PathsOf(client.Context);
            if (!read.TryGetValue(policies, out var sources)) read[policies] = sources = copies.ReadSources(policies.ShadowFiles);
            shadows[client.Name.Value] = sources;
            var key = FleetTarget.KeyOf(client);
            if (composites.ContainsKey(key)) continue;
            var overlay = new ObjectOverlay(objects);
            var composite = CompositePlanner.Plan(overlay, reader.Source(tip), [.. client.Groups
                .Where(group => layers.ContainsKey(group.Value)).Select(group => reader.Read(group.Value, layers[group.Value], tip))]);
            objects.Write(overlay.Added);
            if (composite.Commit != tip) workspace.Hub.Pin(composite.Commit);
            composites[key] = composite;
        }

        return (composites, shadows);
    }
}
