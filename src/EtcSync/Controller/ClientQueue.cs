using EtcSync.Core.Clients;

namespace EtcSync.Controller;

/// <summary>What is to be done to a client in the next pass over it.</summary>
/// <param name="Merge">Whether new commits are merged.</param>
/// <param name="Scan">Whether its work tree is looked at although nothing is to be merged.</param>
internal readonly record struct ClientWork(bool Merge, bool Scan)
{
    /// <summary>Both.</summary>
    public ClientWork Join(ClientWork other) => new(Merge || other.Merge, Scan || other.Scan);
}

/// <summary>
/// Clients that wait for a pass, each at most once: what is asked of a client that waits already is joined. A client that
/// is being worked on is given out again only when that pass is over. So a slow client keeps one worker and nobody else.
/// </summary>
internal sealed class ClientQueue
{
    private readonly object _gate = new();
    private readonly Dictionary<ClientName, ClientWork> _waiting = [];
    private readonly HashSet<ClientName> _busy = [];
    private readonly Queue<ClientName> _order = new();
    private bool _ended;

    /// <summary>How many clients wait or are worked on.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _waiting.Count + _busy.Count;
        }
    }

    /// <summary>Asks for a pass over a client.</summary>
    public void Add(ClientName client, ClientWork work)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(client, out var known))
            {
                _waiting[client] = known.Join(work);
                return;
            }

            _waiting[client] = work;
            _order.Enqueue(client);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for a client that may be worked on, and takes it; null when the queue has ended.</summary>
    public (ClientName Client, ClientWork Work)? Take()
    {
        lock (_gate)
        {
            while (!_ended)
            {
                for (var i = _order.Count; i > 0; i--)
                {
                    var client = _order.Dequeue();
                    if (_busy.Contains(client))
                    {
                        _order.Enqueue(client);
                        continue;
                    }

                    _busy.Add(client);
                    _waiting.Remove(client, out var work);
                    return (client, work);
                }

                Monitor.Wait(_gate);
            }

            return null;
        }
    }

    /// <summary>The pass over a client is over.</summary>
    public void Finish(ClientName client)
    {
        lock (_gate)
        {
            _busy.Remove(client);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>No client is given out any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }
}
