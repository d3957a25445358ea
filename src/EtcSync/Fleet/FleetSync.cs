using System.Collections.Concurrent;
using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Clients;

namespace EtcSync.Fleet;

/// <summary>Works on many clients at the same time. One bad client never stops another.</summary>
internal sealed class FleetSync(Workspace workspace)
{
    // Most of a client's time is waiting for the disk, and everybody who waits at the same time is served by one call.
    private const int WorkersPerProcessor = 8;

    private readonly ClientSync _clients = new(workspace);

    /// <summary>Brings clients to where they should be.</summary>
    /// <param name="clients">The clients.</param>
    /// <param name="target">What they should have.</param>
    /// <param name="request">What is asked of each.</param>
    /// <param name="finished">Is told of each client that is finished, from any thread.</param>
    /// <param name="cancellation">No further client is begun; those that are begun are finished first.</param>
    /// <returns>The outcomes, by name.</returns>
    public ImmutableArray<ClientOutcome> Run(
        IReadOnlyCollection<Client> clients, FleetTarget target, Func<Client, SyncRequest> request, Action<ClientOutcome> finished, CancellationToken cancellation)
    {
        var outcomes = new ConcurrentBag<ClientOutcome>();
        ForEach(clients, client =>
        {
            var outcome = target.Of(client) is { } one
                ? _clients.Run(client, one, request(client))
                : new ClientOutcome(client.Name, OutcomeKind.Held) { Reason = target.Problem ?? "There is nothing to roll out yet." };
            outcomes.Add(outcome);
            finished(outcome);
        }, cancellation);
        return [.. outcomes.OrderBy(outcome => outcome.Client)];
    }

    /// <summary>What <see cref="Run"/> would do.</summary>
    public ImmutableArray<ClientPreview> Preview(IReadOnlyCollection<Client> clients, FleetTarget target, SyncRequest request, CancellationToken cancellation)
    {
        var previews = new ConcurrentBag<ClientPreview>();
        ForEach(clients, client => previews.Add(target.Of(client) is { } one
            ? _clients.Preview(client, one, request)
            : new(client, null) { Problem = target.Problem ?? "There is nothing to roll out yet." }), cancellation);
        return [.. previews.OrderBy(preview => preview.Client.Name)];
    }

    // Threads of our own: a client waits for the disk, and the pool would add threads for that only slowly.
    private void ForEach(IReadOnlyCollection<Client> clients, Action<Client> action, CancellationToken cancellation)
    {
        var waiting = new ConcurrentQueue<Client>(clients);
        var workers = Math.Min(workspace.Settings.Workers ?? (Environment.ProcessorCount * WorkersPerProcessor), clients.Count);
        var failure = default(Exception);
        var threads = Enumerable.Range(0, workers).Select(number => new Thread(Work) { Name = $"clients {number}", IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (failure is not null) throw new InvalidOperationException("A worker failed.", failure);

        void Work()
        {
            try
            {
                while (!cancellation.IsCancellationRequested && waiting.TryDequeue(out var client)) action(client);
            }
            catch (Exception e)
            {
                failure = e;
                waiting.Clear();
            }
        }
    }
}
