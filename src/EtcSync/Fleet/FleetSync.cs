using System.Collections.Concurrent;
using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Clients;

namespace EtcSync.Fleet;

/// <summary>Works on many clients at the same time. One bad client never stops another.</summary>
internal sealed class FleetSync(Workspace workspace)
{
    private readonly ClientSync _clients = new(workspace);

    /// <summary>Brings clients to where they should be.</summary>
    /// <param name="clients">The clients.</param>
    /// <param name="target">What they should have.</param>
    /// <param name="request">What is asked of each.</param>
    /// <param name="finished">Is told of each client that is finished, from any thread.</param>
    /// <param name="cancellation">No further client is begun; those that are begun are finished first.</param>
    /// <returns>The outcomes, by name.</returns>
    public ImmutableArray<ClientOutcome> Run(
        IReadOnlyCollection<Client> clients, TakenTarget target, Func<Client, SyncRequest> request, Action<ClientOutcome> finished, CancellationToken cancellation)
    {
        var outcomes = new ConcurrentBag<ClientOutcome>();
        Workers.ForEach(workspace.Settings, clients, client =>
        {
            var outcome = target.Of(client) is { } one
                ? _clients.Run(client, one, request(client))
                : new ClientOutcome(client.Name, OutcomeKind.Held) { Reason = target.Problem ?? "There is nothing to roll out yet." };
            outcome = outcome with { Reason = workspace.Locations.Pasteable(outcome.Reason) };
            outcomes.Add(outcome);
            finished(outcome);
        }, cancellation);
        return [.. outcomes.OrderBy(outcome => outcome.Client)];
    }

    /// <summary>What <see cref="Run"/> would do; writes nothing.</summary>
    public ImmutableArray<ClientPreview> Preview(IReadOnlyCollection<Client> clients, FleetTarget target, SyncRequest request, CancellationToken cancellation)
    {
        var previews = new ConcurrentBag<ClientPreview>();
        Workers.ForEach(workspace.Settings, clients, client => previews.Add(Pasteable(target.Of(client) is { } one
            ? _clients.Preview(client, one, target.Pending, request)
            : new(client, null) { Problem = target.Problem ?? "There is nothing to roll out yet." })), cancellation);
        return [.. previews.OrderBy(preview => preview.Client.Name)];
    }

    private ClientPreview Pasteable(ClientPreview preview) => preview with
    {
        Hold = workspace.Locations.Pasteable(preview.Hold),
        Problem = workspace.Locations.Pasteable(preview.Problem),
        Plan = preview.Plan is { Held: { } held } plan ? plan with { Held = workspace.Locations.Pasteable(held) } : preview.Plan,
    };
}
