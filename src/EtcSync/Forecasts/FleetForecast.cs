using System.Collections.Concurrent;
using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Checks;
using EtcSync.Core.Clients;
using EtcSync.Core.Forecasts;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;
using EtcSync.Fleet;
using EtcSync.State;
using EtcSync.Upstream;

namespace EtcSync.Forecasts;

/// <summary>
/// Computes what a candidate would do to every client, from what their repositories record: no work tree is looked at, no lock is
/// taken and nothing is written. Clients with equal stand-ins share one merge.
/// </summary>
internal sealed class FleetForecast
{
    private readonly Workspace _workspace;
    private readonly Candidate _candidate;
    private readonly CandidateTarget _target;
    private readonly ResolutionSet _resolutions;
    private readonly ILookup<ClientName, string> _named;
    private readonly ImmutableDictionary<string, OwnChanges> _own;
    private readonly HoldStore _holds;
    private readonly DifferenceCache _differences = new();
    private readonly CandidateChecks _checks;
    private readonly ConcurrentDictionary<(string Composite, PathPolicies Policies), Lazy<ImmutableDictionary<RepoPath, Refusal>>> _refused = new();
    private readonly ConcurrentDictionary<(ObjectId Base, string Composite, PathPolicies Policies), StandIns> _standIns = new();
    private readonly ConcurrentDictionary<(StandIns Of, string Key, string Resolutions), ForecastOutcome> _outcomes = new();

    private FleetForecast(Workspace workspace, Candidate candidate, CandidateTarget target, ImmutableDictionary<string, OwnChanges> own, ResolutionSet resolutions)
    {
        (_workspace, _candidate, _target, _own, _resolutions) = (workspace, candidate, target, own, resolutions);
        _holds = new(workspace.State);
        _checks = new(workspace);
        // An answer for some clients is none of the others'.
        _named = resolutions.All.SelectMany(resolution => resolution.Clients.Select(client => (client, resolution.Key.Id))).ToLookup(pair => pair.client, pair => pair.Id);
    }

    /// <summary>Computes it.</summary>
    /// <param name="workspace">The fleet.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="upstream">Upstream, where it was found.</param>
    /// <param name="clients">The clients that are asked about.</param>
    /// <param name="resolutions">What people settled before.</param>
    /// <param name="cancellation">No further client is begun.</param>
    public static Forecast Of(
        Workspace workspace, Candidate candidate, UpstreamObservation upstream, IReadOnlyCollection<Client> clients, ResolutionSet resolutions, CancellationToken cancellation)
    {
        var target = new FleetObserver(workspace).Foresee(clients, candidate, upstream);
        using var objects = workspace.Hub.OpenToLook(target.Pending);
        var own = target.With.ToImmutableDictionary(
            pair => pair.Key,
            pair => OwnChanges.Between(objects!, target.Without.TryGetValue(pair.Key, out var before) ? before.Tree : ObjectId.EmptyTree, pair.Value.Tree),
            StringComparer.Ordinal);
        var forecast = new FleetForecast(workspace, candidate, target, own, resolutions);
        return forecast.Run(clients, cancellation);
    }

    private Forecast Run(IReadOnlyCollection<Client> clients, CancellationToken cancellation)
    {
        var found = new ConcurrentBag<ClientForecast>();
        Workers.ForEach(_workspace.Settings, clients, client => found.Add(Of(client)), cancellation);
        cancellation.ThrowIfCancellationRequested();
        return new(_candidate, _target, _own, [.. found.OrderBy(client => client.Client.Name)]);
    }

    private ClientForecast Of(Client client)
    {
        var name = client.Name;
        try
        {
            var hold = _workspace.Locations.Pasteable(_holds.Find(name)?.Reason);
            var directory = _workspace.State.GitDirectory(name);
            if (!ClientRepository.Exists(directory)) return new(client, null) { IsNew = true, Hold = hold };
            // No lock: state and branch are one object and one file, and each names only what is there already.
            using var repository = ClientRepository.OpenToLook(directory, name, _target.Pending, _workspace.Trees);
            if (repository.Refs.Read(ClientRepository.ApplyingRef) is not null) return new(client, null) { Hold = hold, IsUnfinished = true, Problem = "A sync of it was interrupted; the next one finishes it first." };
            var merged = repository.ReadState(ClientRepository.MergedRef)
                ?? throw new InvalidDataException($"{directory} does not say what was merged last ({ClientRepository.MergedRef} is missing).");
            return new(client, Of(client, repository, merged.Base, repository.Objects.ReadCommit(repository.Head()).Tree)) { Hold = hold };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The client's boundary: what is broken about one says nothing about another.
            return new(client, null) { Problem = ClientSync.Describe(e) };
        }
    }

    private ForecastOutcome Of(Client client, ClientRepository repository, ObjectId ancestor, ObjectId tree)
    {
        var group = FleetTarget.KeyOf(client);
        var policies = _workspace.Configuration.Policies.PathsOf(client.Context);
        var upstream = _target.With[group].Tree;
        var changes = _differences.Between(repository.Objects, ancestor, upstream);
        var standIns = _standIns.GetOrAdd((ancestor, group, policies), _ => new(repository.Objects, ancestor, upstream, changes, path => policies.ForPath(path.Value)));
        var standIn = standIns.Of(repository.Objects, tree);
        var key = (standIns, standIn.Key, string.Join(' ', _named[client.Name].Order(StringComparer.Ordinal)));
        if (_outcomes.TryGetValue(key, out var known)) return known;
        var objects = new ObjectOverlay(repository.Objects);
        var merge = ClientMerge.Plan(objects, new()
        {
            Base = ancestor,
            Client = standIn.Tree(objects),
            Upstream = upstream,
            Policy = path => policies.ForPath(path.Value),
            Checks = BuiltInChecks.All,
            Refused = _refused.GetOrAdd((group, policies), _ => new(() => Refused(repository, group, policies))).Value,
            Resolutions = dispute => _resolutions.Find(dispute, client.Name),
            Changes = changes,
        });
        return _outcomes.GetOrAdd(key, ForecastOutcome.Of(merge, _own[group], path => policies.ForPath(path.Value)));
    }

    private ImmutableDictionary<RepoPath, Refusal> Refused(ClientRepository repository, string group, PathPolicies policies) => _checks.Of(
        repository.Objects, _target.Without.TryGetValue(group, out var before) ? before.Tree : null, _target.With[group].Tree, _own[group], path => policies.ForPath(path.Value));
}
