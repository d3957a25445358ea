using System.Collections.Immutable;
using EtcSync.FileSystem;

namespace EtcSync.Watching;

/// <summary>
/// Watches directories, each on behalf of a key of the caller's, and tells of events with that key. Watches belong to
/// inodes: a directory that is renamed stays watched, and one that is removed stops being so by itself.
/// </summary>
internal sealed class DirectoryWatch<TKey> : IDisposable
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly InotifyInstance _instance;
    private readonly WatchEvents _events;
    private readonly int _limit;
    private readonly EventHandler _handler;
    private readonly Action _overflow;
    private readonly Thread _thread;
    private readonly Dictionary<int, TKey> _keys = [];
    private readonly Dictionary<TKey, HashSet<int>> _watches = [];
    private volatile bool _ending;

    /// <summary>Starts to watch, without any directory yet.</summary>
    /// <param name="instance">The queue; it belongs to this object from here on.</param>
    /// <param name="events">Which events count.</param>
    /// <param name="limit">The most directories to watch, so that something is left for other programs.</param>
    /// <param name="handler">
    /// Told of each event, one at a time, on a thread of this object's or one that called <see cref="Drain"/>. It must be quick and
    /// may not throw. The name is empty where the directory itself is meant.
    /// </param>
    /// <param name="overflow">Told when events were lost, so that anything may have changed anywhere.</param>
    public DirectoryWatch(InotifyInstance instance, WatchEvents events, int limit, EventHandler handler, Action overflow)
    {
        _instance = instance;
        _events = events;
        _limit = limit;
        _handler = handler;
        _overflow = overflow;
        _thread = new(ReadUntilEnd) { IsBackground = true, Name = "inotify" };
        _thread.Start();
    }

    /// <summary>What is done with an event.</summary>
    public delegate void EventHandler(TKey key, WatchEvents events, ReadOnlySpan<byte> name);

    /// <summary>How many directories are watched.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _keys.Count;
        }
    }

    /// <summary>The keys for which directories are watched.</summary>
    public ImmutableArray<TKey> Keys
    {
        get
        {
            lock (_gate) return [.. _watches.Keys];
        }
    }

    /// <summary>Begins to say anew which directories are watched for a key; until <see cref="Registration.Complete"/> none is dropped.</summary>
    public Registration Register(TKey key) => new(this, key);

    /// <summary>Watches nothing for this key any more.</summary>
    public void Remove(TKey key)
    {
        lock (_gate)
        {
            if (!_watches.Remove(key, out var watches)) return;
            foreach (var watch in watches) Drop(watch);
        }
    }

    /// <summary>
    /// Hands over all events of what happened before this call, then does something before those of anything later are
    /// looked at.
    /// </summary>
    public void Drain(Action then)
    {
        lock (_gate)
        {
            // The kernel queues an event before the call that causes it returns: nothing earlier is still on its way. Bounded,
            // because somebody may be writing faster than we read; what is left then came in during this call.
            for (var i = 0; i < 1024 && _instance.ReadSome(Handle); i++)
            {
            }

            then();
        }
    }

    /// <summary>Ends all watching; no handler is called afterwards.</summary>
    public void Dispose()
    {
        if (_ending) return;
        _ending = true;
        _instance.Ring();
        if (Thread.CurrentThread != _thread) _thread.Join();
        lock (_gate) _instance.Dispose();
    }

    private void ReadUntilEnd()
    {
        while (true)
        {
            _instance.Wait();
            // Not in Drain's loop: between two buffers others get the gate.
            lock (_gate)
            {
                if (_ending) return;
                _instance.ReadSome(Handle);
            }
        }
    }

    private void Handle(int watch, WatchEvents events, ReadOnlySpan<byte> name)
    {
        if ((events & WatchEvents.Overflow) != WatchEvents.None)
        {
            _overflow();
            return;
        }

        // Unknown: an event of a watch that was dropped after it was queued.
        if (!_keys.TryGetValue(watch, out var key)) return;
        if ((events & WatchEvents.Ended) != WatchEvents.None)
        {
            _keys.Remove(watch);
            if (_watches.TryGetValue(key, out var watches)) watches.Remove(watch);
        }

        _handler(key, events, name);
    }

    private WatchOutcome Bind(TKey key, WatchOutcome outcome, int watch)
    {
        if (outcome is not WatchOutcome.Watched) return outcome;
        if (_keys.TryGetValue(watch, out var before))
        {
            if (EqualityComparer<TKey>.Default.Equals(before, key)) return outcome;
            _watches[before].Remove(watch);
        }
        else if (_keys.Count >= _limit)
        {
            _instance.Remove(watch);
            return new WatchOutcome.OwnLimit(_limit);
        }

        _keys[watch] = key;
        if (!_watches.TryGetValue(key, out var watches)) _watches[key] = watches = [];
        watches.Add(watch);
        return outcome;
    }

    private void Drop(int watch)
    {
        _keys.Remove(watch);
        _instance.Remove(watch);
    }

    private void Keep(TKey key, HashSet<int> kept)
    {
        if (!_watches.TryGetValue(key, out var watches)) return;
        foreach (var watch in watches)
        {
            if (!kept.Contains(watch)) Drop(watch);
        }

        watches.IntersectWith(kept);
        watches.TrimExcess();
        if (watches.Count == 0) _watches.Remove(key);
    }

    /// <summary>The directories of one key, as they are found.</summary>
    internal sealed class Registration(DirectoryWatch<TKey> owner, TKey key)
    {
        private readonly HashSet<int> _watches = [];

        /// <summary>How many different directories were added.</summary>
        public int Count => _watches.Count;

        /// <summary>Watches an open directory.</summary>
        public WatchOutcome Add(FileDescriptor directory)
        {
            // Under the gate, so that the first event finds its key.
            lock (owner._gate) return Note(owner._instance.Add(directory, owner._events, out var watch), watch);
        }

        /// <summary>Watches a directory by a path that is trusted.</summary>
        public WatchOutcome Add(string trustedPath)
        {
            lock (owner._gate) return Note(owner._instance.Add(trustedPath, owner._events, out var watch), watch);
        }

        /// <summary>These are all: what the key had before and was not added again is watched no more.</summary>
        public void Complete()
        {
            lock (owner._gate) owner.Keep(key, _watches);
        }

        private WatchOutcome Note(WatchOutcome outcome, int watch)
        {
            var bound = owner.Bind(key, outcome, watch);
            if (bound is WatchOutcome.Watched) _watches.Add(watch);
            return bound;
        }
    }
}
