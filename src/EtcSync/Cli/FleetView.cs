using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Fleet;

namespace EtcSync.Cli;

/// <summary>The fleet as a report sees it: what clients should have, and what a sync would do to each.</summary>
/// <param name="Target">What clients should have.</param>
/// <param name="Upstream">What there is to say about upstream.</param>
/// <param name="Previews">What a sync would do, by name.</param>
internal sealed record FleetView(FleetTarget Target, UpstreamReport Upstream, ImmutableArray<ClientPreview> Previews)
{
    private const int Batch = 64;

    // Another process, usually the controller, is done with a client in much less.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks at clients, and writes nothing.</summary>
    public static FleetView Of(Session session, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        var clients = session.Select(names);
        var target = new FleetObserver(session.Workspace).Observe(clients);
        var upstream = UpstreamReport.Of(session, target, cancellation);
        var fleet = new FleetSync(session.Workspace);
        var previews = ImmutableArray.CreateBuilder<ClientPreview>(clients.Length);
        using (var progress = new Progress(session, "looking", clients.Length))
        {
            foreach (var some in clients.Chunk(Batch))
            {
                var seen = fleet.Preview(some, target, SyncRequest.Now, cancellation);
                cancellation.ThrowIfCancellationRequested();
                previews.AddRange(Again(session, fleet, target, seen, cancellation));
                progress.Advance(some.Length);
            }
        }

        return new(target, upstream, previews.DrainToImmutable());
    }

    private static ImmutableArray<ClientPreview> Again(Session session, FleetSync fleet, FleetTarget target, ImmutableArray<ClientPreview> seen, CancellationToken cancellation)
    {
        var start = session.Time.GetTimestamp();
        while (seen.Any(preview => preview.IsBusy) && session.Time.GetElapsedTime(start) < Patience)
        {
            cancellation.WaitHandle.WaitOne(Pause);
            Client[] busy = [.. seen.Where(preview => preview.IsBusy).Select(preview => preview.Client)];
            var next = fleet.Preview(busy, target, SyncRequest.Now, cancellation);
            cancellation.ThrowIfCancellationRequested();
            seen = [.. seen.Where(preview => !preview.IsBusy).Concat(next).OrderBy(preview => preview.Client.Name)];
        }

        return seen;
    }
}
