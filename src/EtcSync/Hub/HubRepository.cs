using EtcSync.Core.Git;
using EtcSync.Git;
using EtcSync.Upstream;

namespace EtcSync.Hub;

/// <summary>What the hub has of upstream.</summary>
/// <param name="Tip">The commit that is rolled out; null before the first one.</param>
/// <param name="Seen">The commit that upstream's branch has now.</param>
/// <param name="IsRewrite">Whether <paramref name="Seen"/> does not continue <paramref name="Tip"/>: a person has to allow it.</param>
internal sealed record HubState(ObjectId? Tip, ObjectId? Seen, bool IsRewrite);

/// <summary>
/// The repository that holds every commit of upstream and of the layers, once, and lends its objects to all clones.
/// It is packed from time to time and never pruned: a clone may borrow an object that nothing here refers to any more.
/// </summary>
internal sealed class HubRepository
{
    private const string TipRef = "refs/heads/upstream";
    private const string SeenRef = "refs/etcsync/seen";
    private const string PinPrefix = "refs/etcsync/pins/";
    private const string LayerPrefix = "refs/heads/group/";
    private const string ArchivePrefix = "refs/archived/group/";
    private const int MaximumPacks = 40;
    private const int MaximumLooseObjects = 2_000;

    private readonly TreeCache _trees;

    public HubRepository(string gitDirectory, TreeCache trees)
    {
        GitDirectory = gitDirectory;
        Refs = new(gitDirectory);
        _trees = trees;
    }

    /// <summary>Where it is.</summary>
    public string GitDirectory { get; }

    /// <summary>Its references.</summary>
    public RefStore Refs { get; }

    /// <summary>Opens its objects.</summary>
    public ObjectStore OpenObjects() => ObjectStore.Open(GitDirectory, _trees);

    /// <summary>Opens its objects with others, to be read only; null where there is no repository at all.</summary>
    public ObjectStore? OpenToLook(PendingObjects pending) =>
        (Directory.Exists(GitDirectory) ? GitDirectory : pending.Upstream) is { } first ? ObjectStore.OpenToLook(first, pending, _trees) : null;

    /// <summary>What it has now.</summary>
    public HubState State()
    {
        if (!Directory.Exists(GitDirectory)) return new(null, null, false);
        var (tip, seen) = (Refs.Read(TipRef), Refs.Read(SeenRef));
        return new(tip, seen, tip is { } t && seen is { } s && !IsAncestor(t, s));
    }

    /// <summary>What it would have after <see cref="Take"/>; reads only.</summary>
    /// <param name="upstream">Upstream as it is.</param>
    /// <param name="pending">Where upstream's commits are that are not here.</param>
    public HubState Foresee(UpstreamObservation upstream, PendingObjects pending)
    {
        var (tip, seen) = Directory.Exists(GitDirectory) ? (Refs.Read(TipRef), upstream.Tip ?? Refs.Read(SeenRef)) : (null, upstream.Tip);
        if (tip is not { } old || seen is not { } now || old == now) return new(tip ?? seen, seen, false);
        using var objects = OpenToLook(pending)!;
        return new History(objects).IsAncestor(old, now) ? new(now, now, false) : new(old, now, true);
    }

    /// <summary>Whether upstream's commit is here.</summary>
    public bool HasTaken(UpstreamObservation upstream) => upstream.Tip is not { } tip || (Directory.Exists(GitDirectory) && Refs.Read(SeenRef) == tip);

    /// <summary>
    /// Takes upstream's commits over. A tip that continues the one before is what is rolled out from now on; one that
    /// does not is only remembered, until <see cref="AcceptRewrite"/>.
    /// </summary>
    /// <exception cref="IOException">The commits cannot be read or written; the next attempt may do better.</exception>
    public HubState Take(UpstreamObservation upstream, CancellationToken cancellation)
    {
        if (upstream is not { Tip: { } seen, GitDirectory: { } source }) return State();
        Create();
        var before = Refs.Read(TipRef);
        if (Refs.Read(SeenRef) != seen)
        {
            // A pack a fetch and no loose objects, however small the commit.
            GitProgram.Check(GitDirectory, ["-c", "fetch.unpackLimit=1", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance",
                source, $"+refs/heads/{upstream.Branch}:{SeenRef}"], cancellation);
        }
        else if (before == seen)
        {
            return State();
        }

        // What the fetch brought may be newer than what was observed; it is as good.
        var tip = Refs.Read(SeenRef) ?? seen;
        if (before != tip && (before is not { } old || IsAncestor(old, tip))) Refs.TryUpdate(TipRef, before, tip);
        return State();
    }

    /// <summary>Removes what a killed process left locked; for one who holds the hub's lock.</summary>
    public void RemoveAbandonedLocks() => Refs.RemoveAbandonedLocks(TipRef, SeenRef, "packed-refs");

    /// <summary>Rolls a rewritten history out from now on. The old one stays pinned.</summary>
    public void AcceptRewrite()
    {
        if (State() is not { IsRewrite: true, Tip: { } tip, Seen: { } seen }) return;
        Pin(tip);
        Refs.TryUpdate(TipRef, tip, seen);
    }

    /// <summary>Keeps a commit reachable for ever.</summary>
    public void Pin(ObjectId commit)
    {
        var name = PinPrefix + commit;
        if (Refs.Read(name) is null) Refs.TryUpdate(name, null, commit);
    }

    /// <summary>The layers there are, by group name, with their tips.</summary>
    public IReadOnlyDictionary<string, ObjectId> Layers() => Directory.Exists(GitDirectory)
        ? Refs.List(LayerPrefix).ToDictionary(pair => pair.Key[LayerPrefix.Length..], pair => pair.Value, StringComparer.Ordinal)
        : new Dictionary<string, ObjectId>(StringComparer.Ordinal);

    /// <summary>Moves a layer from one commit (null: it does not exist) to another; false if somebody else moved it.</summary>
    public bool TryMoveLayer(string group, ObjectId? from, ObjectId to) => Refs.TryUpdate(LayerPrefix + group, from, to);

    /// <summary>Takes a layer away, and keeps its commits under a name of their own; for one who holds the hub's lock.</summary>
    /// <returns>The reference that keeps them, or null where somebody moved the layer in between.</returns>
    public string? ArchiveLayer(string group, ObjectId tip)
    {
        var archived = $"{ArchivePrefix}{group}/{tip}";
        if (Refs.Read(archived) is null) Refs.TryUpdate(archived, null, tip);
        if (Refs.Read(LayerPrefix + group) != tip) return null;
        Refs.Delete(LayerPrefix + group);
        return archived;
    }

    /// <summary>Packs what has piled up; true if there was anything to do. Unreachable objects are kept.</summary>
    public bool Maintain(CancellationToken cancellation) => Directory.Exists(GitDirectory) && Repacking.RunIfNeeded(GitDirectory, MaximumPacks, MaximumLooseObjects, cancellation);

    /// <summary>Makes the repository, unless it is there.</summary>
    public void Create()
    {
        if (File.Exists(Path.Combine(GitDirectory, "HEAD"))) return;
        BareRepository.Create(GitDirectory, TipRef, borrowFrom: null);
    }

    private bool IsAncestor(ObjectId old, ObjectId tip)
    {
        if (old == tip) return true;
        using var objects = OpenObjects();
        return new History(objects).IsAncestor(old, tip);
    }
}
