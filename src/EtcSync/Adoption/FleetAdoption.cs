using System.Collections.Concurrent;
using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.WorkTrees;

namespace EtcSync.Adoption;

/// <summary>What the clones of a cluster come to.</summary>
/// <param name="Clones">Each clone, by the client's name.</param>
/// <param name="Shared">The identities of clones that can be taken over, as far as others have them too.</param>
internal sealed record FleetAdoptionPlan(ImmutableArray<CloneAdoption> Clones, ImmutableArray<SharedIdentity> Shared)
{
    /// <summary>The clones that can be taken over.</summary>
    public IEnumerable<CloneAdoption.Possible> Possible => Clones.OfType<CloneAdoption.Possible>();

    /// <summary>The parts of a client's identity that are replaced.</summary>
    public IReadOnlyCollection<string> ReplacedOf(ClientName client) => [.. Shared.Where(one => one.Client == client && !one.IsKept).Select(one => one.Key)];
}

/// <summary>Looks at all clones, and takes over those that can be. Disposing of it removes the copies that it read from.</summary>
internal sealed class FleetAdoption : IDisposable
{
    private readonly Workspace _workspace;
    private readonly string _scratch = Directory.CreateTempSubdirectory("etcsync-adopt-").FullName;
    private readonly CloneObserver _observer;

    public FleetAdoption(Workspace workspace)
    {
        _workspace = workspace;
        _observer = new(workspace, _scratch);
    }

    /// <summary>Looks at the clones of clients.</summary>
    /// <param name="clients">The clients.</param>
    /// <param name="isKept">Whether a person said that this part of a client's identity stays although it is shared.</param>
    /// <param name="cancellation">Ends git.</param>
    public FleetAdoptionPlan Observe(IReadOnlyCollection<Client> clients, Func<ClientName, string, bool> isKept, CancellationToken cancellation)
    {
        var seen = new ConcurrentBag<CloneAdoption>();
        Workers.ForEach(_workspace.Settings, clients, client => seen.Add(_observer.Observe(client, cancellation)), cancellation);
        cancellation.ThrowIfCancellationRequested();
        var clones = seen.OrderBy(clone => clone.Client.Name).ToImmutableArray();
        var possible = clones.OfType<CloneAdoption.Possible>().Select(clone => clone.Client.Name).ToHashSet();
        var identities = _workspace.Configuration.Inventory.Clients.Select(client => new CloneIdentity(client.Name, IdentityOf(client))).ToList();
        return new(clones, [.. SharedIdentities.Find(identities, UpstreamIdentity(), isKept).Where(one => possible.Contains(one.Client))]);
    }

    /// <summary>Takes over what can be.</summary>
    /// <param name="plan">What was seen.</param>
    /// <param name="target">What clients should have.</param>
    /// <param name="cancellation">No further clone is begun.</param>
    /// <returns>The outcomes, by name.</returns>
    public ImmutableArray<ClientOutcome> Apply(FleetAdoptionPlan plan, TakenTarget target, CancellationToken cancellation)
    {
        var adopter = new CloneAdopter(_workspace, _observer);
        var outcomes = new ConcurrentBag<ClientOutcome>();
        var possible = plan.Possible.ToDictionary(clone => clone.Client.Name);
        Workers.ForEach(_workspace.Settings, [.. possible.Values.Select(clone => clone.Client)], client => outcomes.Add(target.Of(client) is { } one
            ? adopter.Run(possible[client.Name], plan.ReplacedOf(client.Name), one, cancellation)
            : new ClientOutcome(client.Name, OutcomeKind.Held) { Reason = target.Problem ?? "There is nothing to roll out yet." }), cancellation);
        return [.. outcomes.OrderBy(outcome => outcome.Client)];
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_scratch, recursive: true);

    private ImmutableArray<IdentityPart> IdentityOf(Client client)
    {
        using var tree = WorkTreeView.TryLook(_workspace.CloneOf(client.Name), client.Name);
        return tree is null ? [] : LiveIdentity.Read(tree.Root).Under(_workspace.Configuration.Policies.IdentityOf(client, _workspace.Settings.Identity), client.Name);
    }

    private ImmutableArray<IdentityPart> UpstreamIdentity()
    {
        if (DirectoryDescriptor.OpenRoot(_workspace.UpstreamDirectory, out var top) != OpenOutcome.Opened) return [];
        using (top) return LiveIdentity.Read(top!).Under(Core.Policies.IdentityPolicy.Default, name: null);
    }
}
