using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Policies;
using EtcSync.FileSystem;
using EtcSync.Forecasts;
using EtcSync.Git;
using EtcSync.Hub;
using EtcSync.Inventories;
using EtcSync.Layers;
using EtcSync.Upstream;

namespace EtcSync.Fleet;

/// <summary>
/// Looks at upstream and the layers and computes the composites, once for all clients: to be told (<see cref="Observe"/>, which
/// writes nothing at all), or to be rolled out (<see cref="Take"/>, which puts into the hub whatever clones will borrow).
/// </summary>
internal sealed class FleetObserver(Workspace workspace)
{
    /// <summary>
    /// Finds out what clients should have, and writes nothing: upstream's new commits are read where they are, and composites
    /// stay in memory. Takes no lock either: a controller that works at this moment is not waited for.
    /// </summary>
    /// <param name="clients">The clients that are asked about.</param>
    /// <exception cref="IOException">The hub or upstream cannot be read.</exception>
    public FleetTarget Observe(IReadOnlyCollection<Client> clients)
    {
        workspace.State.Check();
        var upstream = workspace.Upstream.Observe();
        var pending = PendingObjects.None with { Upstream = workspace.Hub.HasTaken(upstream) ? null : upstream.GitDirectory };
        var hub = workspace.Hub.Foresee(upstream, pending);
        var computed = new Dictionary<ObjectId, NewObject>();
        var composites = new Dictionary<string, Composite>(StringComparer.Ordinal);
        if (hub.Tip is { } tip)
        {
            using var objects = workspace.Hub.OpenToLook(pending)!;
            composites = Composites(clients, tip, objects, (overlay, _) =>
            {
                foreach (var made in overlay.Added) computed[made.Id] = made;
            });
        }

        return new()
        {
            Upstream = upstream,
            Hub = hub,
            Problem = workspace.Locations.Pasteable(upstream.Problem ?? Rewrite(upstream.Branch, hub)),
            Composites = composites.ToImmutableDictionary(StringComparer.Ordinal),
            Shadows = composites.Count == 0 ? ImmutableDictionary<string, ImmutableArray<ShadowSource>>.Empty : Shadows(clients),
            Resolutions = workspace.Resolutions.Load(),
            Pending = pending with { Computed = computed.ToImmutableDictionary() },
        };
    }

    /// <summary>Takes upstream's new commits into the hub, writes the composites there, and says what clients should have.</summary>
    /// <param name="clients">The clients that are asked about.</param>
    /// <param name="acceptRewrite">Whether a rewritten upstream is rolled out.</param>
    /// <param name="cancellation">Ends the fetch.</param>
    /// <exception cref="IOException">The hub cannot be read or written.</exception>
    public TakenTarget Take(IReadOnlyCollection<Client> clients, bool acceptRewrite, CancellationToken cancellation)
    {
        workspace.State.Prepare();
        new ClientRenaming(workspace).FinishInterrupted(cancellation);
        using var held = HubLock.Take(workspace, cancellation);
        workspace.Hub.RemoveAbandonedLocks();
        var upstream = workspace.Upstream.Observe();
        var hub = workspace.Hub.Take(upstream, cancellation);
        if (acceptRewrite && hub.IsRewrite)
        {
            workspace.Hub.AcceptRewrite();
            hub = workspace.Hub.State();
        }

        var composites = new Dictionary<string, Composite>(StringComparer.Ordinal);
        if (hub.Tip is { } tip)
        {
            using var objects = workspace.Hub.OpenObjects();
            composites = Composites(clients, tip, objects, (overlay, composite) =>
            {
                objects.Write(overlay.Added);
                if (composite.Commit != tip) workspace.Hub.Pin(composite.Commit);
            });
        }

        return new()
        {
            Upstream = upstream,
            Hub = hub,
            Problem = workspace.Locations.Pasteable(upstream.Problem ?? Rewrite(upstream.Branch, hub)),
            Composites = composites.ToImmutableDictionary(StringComparer.Ordinal),
            Shadows = composites.Count == 0 ? ImmutableDictionary<string, ImmutableArray<ShadowSource>>.Empty : Shadows(clients),
            Resolutions = workspace.Resolutions.Load(),
        };
    }

    /// <summary>Finds out what clients should have if a candidate became upstream's commit, and what without it. Writes nothing, and takes no lock.</summary>
    /// <param name="clients">The clients that are asked about.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="upstream">Upstream, where the candidate was found.</param>
    /// <exception cref="IOException">The hub or upstream cannot be read.</exception>
    public CandidateTarget Foresee(IReadOnlyCollection<Client> clients, Candidate candidate, UpstreamObservation upstream)
    {
        workspace.State.Check();
        var computed = candidate.Objects.ToDictionary(made => made.Id);
        var pending = new PendingObjects(upstream.GitDirectory, computed.ToImmutableDictionary());
        var tip = workspace.Hub.State().Tip;
        using var objects = workspace.Hub.OpenToLook(pending) ?? throw new IOException($"{workspace.UpstreamDirectory} cannot be read.");
        var with = Composites(clients, candidate.Commit, objects, Keep);
        var without = (candidate.Parent ?? tip) is { } before ? Composites(clients, before, objects, Keep) : [];
        return new(
            with.ToImmutableDictionary(StringComparer.Ordinal),
            without.ToImmutableDictionary(StringComparer.Ordinal),
            pending with { Computed = computed.ToImmutableDictionary() },
            tip is { } old && !new History(objects).IsAncestor(old, candidate.Commit) ? old : null);

        void Keep(ObjectOverlay overlay, Composite composite)
        {
            foreach (var made in overlay.Added) computed[made.Id] = made;
        }
    }

    private static string? Rewrite(string branch, HubState hub) => hub.IsRewrite
        ? $"The history of upstream's branch '{branch}' was rewritten: {hub.Seen!.Value.Short} does not continue {hub.Tip!.Value.Short}. Nothing is rolled out until 'etcsync sync --accept-rewrite' says that this is meant."
        : null;

    private Dictionary<string, Composite> Composites(IReadOnlyCollection<Client> clients, ObjectId tip, ObjectStore objects, Action<ObjectOverlay, Composite> made)
    {
        var composites = new Dictionary<string, Composite>(StringComparer.Ordinal);
        var reader = new LayerReader(objects);
        var layers = workspace.Hub.Layers();
        foreach (var client in clients)
        {
            var key = FleetTarget.KeyOf(client);
            if (composites.ContainsKey(key)) continue;
            var overlay = new ObjectOverlay(objects);
            var composite = CompositePlanner.Plan(overlay, reader.Source(tip), [.. client.Groups
                .Where(group => layers.ContainsKey(group.Value)).Select(group => reader.Read(group.Value, layers[group.Value], tip))], workspace.PolicyOf(client.Groups));
            made(overlay, composite);
            composites[key] = composite;
        }

        return composites;
    }

    private ImmutableDictionary<string, ImmutableArray<ShadowSource>> Shadows(IReadOnlyCollection<Client> clients)
    {
        var copies = new ShadowCopies(workspace);
        // Clients of the same groups may differ in their policies; those with the same policies share what was read.
        var read = new Dictionary<PathPolicies, ImmutableArray<ShadowSource>>();
        var shadows = ImmutableDictionary.CreateBuilder<string, ImmutableArray<ShadowSource>>(StringComparer.Ordinal);
        foreach (var client in clients)
        {
            var policies = workspace.Configuration.Policies.PathsOf(client.Context);
            if (!read.TryGetValue(policies, out var sources)) read[policies] = sources = copies.ReadSources(policies.ShadowFiles);
            shadows[client.Name.Value] = sources;
        }

        return shadows.ToImmutable();
    }
}
