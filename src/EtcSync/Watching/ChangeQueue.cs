using System.Collections.Immutable;
using System.Threading.Channels;

namespace EtcSync.Watching;

/// <summary>Carries changes from the threads that notice them to the one task that acts on them, when they have settled.</summary>
/// <param name="quiet">How long there must have been no further change.</param>
/// <param name="longest">How long a key waits at most, from its first change on.</param>
/// <param name="time">The clock.</param>
internal sealed class ChangeQueue<TKey>(TimeSpan quiet, TimeSpan longest, TimeProvider time)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly PendingChanges<TKey> _pending = new(quiet, longest);
    private readonly Channel<bool> _arrived = Channel.CreateBounded<bool>(1);
    private readonly long _start = time.GetTimestamp();

    /// <summary>Notes a change.</summary>
    public void Touch(TKey key)
    {
        lock (_gate)
        {
            // Later ones need no call: a new key is due no earlier than those that wait already.
            if (_pending.IsEmpty) _arrived.Writer.TryWrite(true);
            _pending.Touch(key, Now());
        }
    }

    /// <summary>Forgets a key's changes.</summary>
    public void Remove(TKey key)
    {
        lock (_gate) _pending.Remove(key);
    }

    /// <summary>Waits for changes that have settled, and takes them. For one caller at a time.</summary>
    /// <returns>At least one key, each once, in the order in which they came.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is lost.</exception>
    public async Task<ImmutableArray<TKey>> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            TimeSpan? wait;
            lock (_gate)
            {
                var now = Now();
                var due = _pending.TakeDue(now);
                if (!due.IsEmpty) return due;
                wait = _pending.NextDue() - now;
            }

            if (wait is not { } pause) await _arrived.Reader.ReadAsync(cancellation);
            // Timers count whole milliseconds, and may be early by less than one.
            else await Task.Delay(pause + TimeSpan.FromMilliseconds(1), time, cancellation);
        }
    }

    private TimeSpan Now() => time.GetElapsedTime(_start);
}
