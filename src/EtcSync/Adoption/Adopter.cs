using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Adoption;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Git;
using EtcSync.Fleet;
using EtcSync.Server;
using EtcSync.State;

namespace EtcSync.Adoption;

/// <summary>All that adopting a cluster comes to.</summary>
/// <param name="Understood">What the hand-written configuration says.</param>
/// <param name="Proposal">Settings and inventory after it.</param>
/// <param name="Clones">The clones.</param>
/// <param name="Server">The server's files.</param>
internal sealed record AdoptionPlan(UnderstoodServer Understood, ConfigurationProposal Proposal, FleetAdoptionPlan Clones, ServerAdoptionPlan Server)
{
    /// <summary>Whether there is nothing to do: also nothing that one who was killed after editing the hand-written files has left undone.</summary>
    public bool IsEmpty => Proposal.Added.IsEmpty && Proposal.Chosen.IsEmpty && !Clones.Possible.Any() && Server.Edits.IsEmpty && (Adopted.IsEmpty || Server.Plan.Changes.IsEmpty);

    /// <summary>The clones that are left as they are.</summary>
    public IEnumerable<CloneAdoption.Refused> Refused => Clones.Clones.OfType<CloneAdoption.Refused>();

    /// <summary>The clients that are EtcSync's after it.</summary>
    public ImmutableHashSet<ClientName> Adopted => [.. Clones.Clones.Where(clone => clone is CloneAdoption.Ours or CloneAdoption.Possible).Select(clone => clone.Client.Name)];
}

/// <summary>What came of adopting.</summary>
/// <param name="Clones">What came of each clone.</param>
/// <param name="Server">What came of the server's files; null where no clone could be taken over and nothing was begun.</param>
internal sealed record AdoptionOutcome(ImmutableArray<ClientOutcome> Clones, ServerOutcome? Server);

/// <summary>Takes a cluster over that was built by hand: configuration, clones, then the entries of the server's files. Each step can be done again.</summary>
internal sealed class Adopter : IDisposable
{
    private readonly Locations _locations;
    private readonly TimeProvider _time;
    private readonly HandMadeServer _server;
    private readonly FleetAdoption _fleet;
    private readonly Workspace _workspace;

    private Adopter(Locations locations, TimeProvider time, HandMadeServer server, Workspace workspace, FleetAdoption fleet)
    {
        (_locations, _time, _server, _workspace, _fleet) = (locations, time, server, workspace, fleet);
    }

    /// <summary>What would be done; set by <see cref="Observe"/>.</summary>
    public required AdoptionPlan Plan { get; init; }

    /// <summary>Looks at everything, and writes nothing but copies of its own.</summary>
    /// <param name="locations">Where everything is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isKept">Whether a person said that this part of a client's identity stays although it is shared.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The adopter with its plan, or what is wrong with the configuration.</returns>
    public static Loaded<Adopter> Observe(Locations locations, TimeProvider time, Func<ClientName, string, bool> isKept, CancellationToken cancellation)
    {
        var server = HandMadeServerObserver.Observe(locations);
        var understood = HandMadeServerReader.Read(server);
        var first = ConfigurationProposal.Make(locations, understood, _ => true);
        if (first.Value is not { } all) return Loaded.Failed<Adopter>(first.Problems);
        var workspace = new Workspace(locations, all.Configuration, time);
        var fleet = new FleetAdoption(workspace);
        try
        {
            var clones = fleet.Observe(all.Configuration.Inventory.Clients, isKept, cancellation);
            // Who cannot be taken over now is not in the inventory either: nothing of theirs changes.
            var refused = clones.Clones.OfType<CloneAdoption.Refused>().Select(clone => clone.Client.Name).ToHashSet();
            var proposed = refused.Count == 0 ? first : ConfigurationProposal.Make(locations, understood, name => !refused.Contains(name));
            if (proposed.Value is not { } proposal) return Loaded.Failed<Adopter>(proposed.Problems);
            var wanted = workspace.With(proposal.Configuration);
            var adopted = clones.Clones.Where(clone => clone is CloneAdoption.Ours or CloneAdoption.Possible).Select(clone => clone.Client.Name).ToHashSet();
            var plan = new AdoptionPlan(understood, proposal, clones, new ServerAdoption(wanted, server, understood).Plan(adopted));
            var adopter = new Adopter(locations, time, server, wanted, fleet) { Plan = plan };
            fleet = null;
            return Loaded.From(adopter);
        }
        finally
        {
            fleet?.Dispose();
        }
    }

    /// <summary>Does what was planned.</summary>
    /// <param name="author">Who does it, for the inventory's history.</param>
    /// <param name="cancellation">No further clone is begun.</param>
    public AdoptionOutcome Apply(Signature author, CancellationToken cancellation)
    {
        Plan.Proposal.Write(_workspace, author, cancellation);
        var outcomes = ImmutableArray<ClientOutcome>.Empty;
        var clients = _workspace.Configuration.Inventory.Clients;
        if (Plan.Clones.Possible.Any())
        {
            var target = new FleetObserver(_workspace).Take(clients, acceptRewrite: false, cancellation);
            outcomes = _fleet.Apply(Plan.Clones, target, cancellation);
        }

        cancellation.ThrowIfCancellationRequested();
        var adopted = clients.Select(client => client.Name).Where(name => ClientRepository.Exists(_workspace.State.GitDirectory(name))).ToHashSet();
        if (adopted.Count == 0) return new(outcomes, null);
        var now = new Workspace(_locations, Plan.Proposal.Configuration, _time);
        return new(outcomes, new ServerAdoption(now, _server, Plan.Understood).Apply(adopted, cancellation));
    }

    /// <inheritdoc/>
    public void Dispose() => _fleet.Dispose();
}
