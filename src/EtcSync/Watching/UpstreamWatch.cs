using System.Collections.Immutable;
using EtcSync.Core.Git;

namespace EtcSync.Watching;

/// <summary>What is worth looking at again.</summary>
internal enum UpstreamChange
{
    /// <summary>A branch moved, appeared or went, or another one was checked out.</summary>
    Repository,

    /// <summary>Settings, the inventory or a policy.</summary>
    Configuration,
}

/// <summary>When <see cref="UpstreamWatch"/> speaks up.</summary>
/// <param name="Quiet">How long there must have been no further change.</param>
/// <param name="Longest">How long a change is kept back at most.</param>
/// <param name="Poll">How often to look without having been told.</param>
internal sealed record UpstreamWatchTiming(TimeSpan Quiet, TimeSpan Longest, TimeSpan Poll)
{
    /// <summary>A commit is known within a quarter of a second where inotify works, and within seconds where it does not.</summary>
    public static readonly UpstreamWatchTiming Default =
        new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
}

/// <summary>
/// Notices commits to upstream and edits of the configuration: through inotify, and by comparing now and then what
/// the directories look like, which also finds those that were absent, replaced, or are on a file system that tells nothing.
/// Of the git directory only its top and the branches are watched, never the objects.
/// </summary>
internal sealed class UpstreamWatch : IDisposable
{
    private const WatchEvents Gone = WatchEvents.SelfDeleted | WatchEvents.SelfMoved | WatchEvents.Unmounted | WatchEvents.Ended;
    private const WatchEvents Names = WatchEvents.Created | WatchEvents.Deleted | WatchEvents.MovedFrom | WatchEvents.MovedTo;

    // Some dozens are used; a repository with more branch directories than this is polled for the rest.
    private const int DirectoryLimit = 4096;

    private readonly Lock _gate = new();
    private readonly WatchedPlaces _places;
    private readonly TimeSpan _poll;
    private readonly ChangeQueue<UpstreamChange> _changes;
    private readonly DirectoryWatch<Spot>? _watch;
    private readonly ITimer _timer;
    private readonly Dictionary<UpstreamChange, string> _appearances = [];
    private bool _ended;

    /// <summary>Starts to watch; what is there before this returns is not reported.</summary>
    /// <param name="gitDirectory">Upstream's git directory; it may be absent.</param>
    /// <param name="configurationDirectories">Directories of YAML files; they may be absent.</param>
    /// <param name="timing">When to speak up.</param>
    /// <param name="time">The clock.</param>
    public UpstreamWatch(string gitDirectory, ImmutableArray<string> configurationDirectories, UpstreamWatchTiming timing, TimeProvider time)
    {
        _places = new(gitDirectory, configurationDirectories);
        _poll = timing.Poll;
        _changes = new(timing.Quiet, timing.Longest, time);
        if (InotifyInstance.TryCreate(out var instance, out var problem))
            _watch = new(instance, WatchEvents.Changes | WatchEvents.SelfDeleted | WatchEvents.SelfMoved, DirectoryLimit, Handle, HandleOverflow);
        else Problem = problem;
        // Made stopped: the first look must be over before the second one starts.
        _timer = time.CreateTimer(_ => Look(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Look();
        _timer.Change(_poll, _poll);
    }

    private enum Spot
    {
        /// <summary>The git directory.</summary>
        Top,

        /// <summary>refs/, in which refs/heads/ may be made anew.</summary>
        References,

        /// <summary>refs/heads/ and what is below it.</summary>
        Branches,

        /// <summary>A directory of the configuration.</summary>
        Configuration,
    }

    /// <summary>Why changes are noticed by polling only; null where they are not.</summary>
    public string? Problem { get; private set; }

    /// <summary>Waits for changes that have settled, and takes them. For one caller at a time.</summary>
    /// <returns>At least one; what is read after this returns is as new as the change.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is lost.</exception>
    public async Task<ImmutableArray<UpstreamChange>> TakeAsync(CancellationToken cancellation)
    {
        var changes = await _changes.TakeAsync(cancellation);
        lock (_gate)
        {
            // The caller is about to see this, so polling must not report it once more.
            foreach (var change in changes) _appearances[change] = _places.Appearance(change);
        }

        return changes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate) _ended = true;
        _timer.Dispose();
        _watch?.Dispose();
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_ended) return;
            // First the watches, then the comparison: in the other order a change between the two would be missed.
            Watch(Spot.Top, _places.Top());
            Watch(Spot.References, _places.References());
            Watch(Spot.Branches, _places.Branches());
            Watch(Spot.Configuration, _places.Configuration());
            foreach (var change in Enum.GetValues<UpstreamChange>())
            {
                var appearance = _places.Appearance(change);
                if (_appearances.TryGetValue(change, out var before) && before != appearance) _changes.Touch(change);
                _appearances[change] = appearance;
            }
        }
    }

    private void Watch(Spot spot, IEnumerable<string> directories)
    {
        if (_watch is null) return;
        var registration = _watch.Register(spot);
        foreach (var directory in directories)
        {
            var outcome = registration.Add(directory);
            if (outcome is WatchOutcome.KernelLimit or WatchOutcome.OwnLimit) Problem = outcome.Message;
        }

        registration.Complete();
    }

    private void Handle(Spot spot, WatchEvents events, ReadOnlySpan<byte> name)
    {
        var change = spot == Spot.Configuration ? UpstreamChange.Configuration : UpstreamChange.Repository;
        if ((events & Gone) != WatchEvents.None)
        {
            LookSoon(change);
            return;
        }

        if (name.IsEmpty) return;
        var text = GitName.Decode(name);
        if ((events & WatchEvents.Directory) != WatchEvents.None)
        {
            var isPart = spot switch
            {
                Spot.Top => text == "refs",
                Spot.References => text == "heads",
                _ => true,
            };
            if (isPart && (events & Names) != WatchEvents.None) LookSoon(change);
            return;
        }

        var counts = spot switch
        {
            Spot.Top => text is "HEAD" or "packed-refs",
            Spot.References => false,
            Spot.Branches => WatchedPlaces.IsBranchFile(text),
            _ => WatchedPlaces.IsConfigurationFile(text),
        };
        if (counts) _changes.Touch(change);
    }

    private void HandleOverflow()
    {
        LookSoon(UpstreamChange.Repository);
        _changes.Touch(UpstreamChange.Configuration);
    }

    /// <summary>Directories came or went: others have to be watched. Not here, because the handler must be quick.</summary>
    private void LookSoon(UpstreamChange change)
    {
        _changes.Touch(change);
        try
        {
            _timer.Change(TimeSpan.Zero, _poll);
        }
        catch (ObjectDisposedException)
        {
            // The end came between the event and this.
        }
    }
}
