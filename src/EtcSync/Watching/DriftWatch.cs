using System.Collections.Immutable;
using EtcSync.FileSystem;

namespace EtcSync.Watching;

/// <summary>Bounds of what <see cref="DriftWatch{TClient}"/> takes from the kernel and lets a client bring about.</summary>
/// <param name="Directories">Directories watched for all clients together.</param>
/// <param name="DirectoriesOfOne">Directories watched for one client.</param>
/// <param name="EventsOfOne">
/// Events of one client since its last scan. Past that its watches are dropped until it is scanned again: the kernel's queue is
/// shared, and a client that fills it would make everybody be scanned.
/// </param>
internal sealed record DriftWatchLimits(int Directories, int DirectoriesOfOne, int EventsOfOne)
{
    /// <summary>Enough for 2,000 clients with 150 directories, some 300 MB of the kernel's memory at the very most.</summary>
    public static readonly DriftWatchLimits Default = new(Directories: 300_000, DirectoriesOfOne: 4096, EventsOfOne: 10_000);
}

/// <summary>
/// Notices that something was written to a client's tree, so that the tree can be scanned soon. It only shortens the time
/// until the next scan of everything: what it misses (writes through a mapping, lost events, directories for which there
/// was no watch) that scan finds.
/// </summary>
internal sealed class DriftWatch<TClient> : IDisposable
    where TClient : notnull
{
    private readonly Lock _gate = new();
    private readonly DriftWatchLimits _limits;
    private readonly ChangeQueue<TClient> _changes;
    private readonly DirectoryWatch<TClient>? _watch;
    private readonly string _problem = "";
    private readonly Dictionary<TClient, string> _unwatched = [];
    private readonly Dictionary<TClient, int> _eventCounts = [];

    /// <summary>Starts to watch, without any client yet.</summary>
    /// <param name="limits">Bounds.</param>
    /// <param name="settle">How long a client must have been quiet before it is reported.</param>
    /// <param name="longest">After how long it is reported though it is never quiet.</param>
    /// <param name="time">The clock.</param>
    public DriftWatch(DriftWatchLimits limits, TimeSpan settle, TimeSpan longest, TimeProvider time)
    {
        _limits = limits;
        _changes = new(settle, longest, time);
        if (InotifyInstance.TryCreate(out var instance, out var problem)) _watch = new(instance, WatchEvents.Changes, limits.Directories, Handle, HandleOverflow);
        else _problem = problem;
    }

    /// <summary>The clients that are not watched, or not wholly, and why.</summary>
    public ImmutableDictionary<TClient, string> Unwatched
    {
        get
        {
            lock (_gate) return _unwatched.ToImmutableDictionary();
        }
    }

    /// <summary>
    /// To be called when a scan of a client begins. What was noticed so far is forgotten, because the scan sees it; what happens
    /// from here on is reported. A scan that leaves something for later says so with <see cref="Touch"/>.
    /// </summary>
    public Registration Register(TClient client)
    {
        if (_watch is null) return new(this, client, watches: null);
        _watch.Drain(() =>
        {
            _changes.Remove(client);
            lock (_gate) _eventCounts.Remove(client);
        });
        return new(this, client, _watch.Register(client));
    }

    /// <summary>Has a client reported, as if something had happened to it.</summary>
    public void Touch(TClient client) => _changes.Touch(client);

    /// <summary>Watches a client no more.</summary>
    public void Remove(TClient client)
    {
        _watch?.Remove(client);
        _changes.Remove(client);
        lock (_gate)
        {
            _unwatched.Remove(client);
            _eventCounts.Remove(client);
        }
    }

    /// <summary>Waits for clients to whose trees something happened, and takes them. For one caller at a time.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is lost.</exception>
    public Task<ImmutableArray<TClient>> TakeAsync(CancellationToken cancellation) => _changes.TakeAsync(cancellation);

    /// <inheritdoc/>
    public void Dispose() => _watch?.Dispose();

    // Lock order: the watch's gate, then ours, then the queue's.
    private void Handle(TClient client, WatchEvents events, ReadOnlySpan<byte> name)
    {
        lock (_gate)
        {
            var count = _eventCounts[client] = _eventCounts.GetValueOrDefault(client) + 1;
            if (count == _limits.EventsOfOne)
            {
                _unwatched[client] = $"More than {_limits.EventsOfOne} changes since its last scan.";
                _watch!.Remove(client);
            }
        }

        _changes.Touch(client);
    }

    private void HandleOverflow()
    {
        foreach (var client in _watch!.Keys) _changes.Touch(client);
    }

    private void SetUnwatched(TClient client, string reason)
    {
        lock (_gate)
        {
            if (reason.Length == 0) _unwatched.Remove(client);
            else _unwatched[client] = reason;
        }
    }

    /// <summary>The directories of a client, as its scan opens them.</summary>
    internal sealed class Registration(DriftWatch<TClient> owner, TClient client, DirectoryWatch<TClient>.Registration? watches)
    {
        private string _reason = watches is null ? owner._problem : "";

        /// <summary>Watches a directory of the client's, or notes why it cannot be watched.</summary>
        public void Add(DirectoryDescriptor directory)
        {
            if (watches is null) return;
            if (watches.Count >= owner._limits.DirectoriesOfOne)
            {
                _reason = $"It has more than {owner._limits.DirectoriesOfOne} directories.";
                return;
            }

            // Also past a limit: what was watched before stays watched only if it is added again.
            var outcome = watches.Add(directory);
            if (outcome is not WatchOutcome.Watched && _reason.Length == 0) _reason = outcome.Message;
        }

        /// <summary>The scan is complete: directories that it did not meet are watched no more.</summary>
        public void Complete()
        {
            watches?.Complete();
            owner.SetUnwatched(client, _reason);
        }
    }
}
