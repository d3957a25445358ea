using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Planning;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;
using EtcSync.FileSystem;
using EtcSync.Fleet;
using EtcSync.Git;

namespace EtcSync.Resolutions;

/// <summary>
/// Where resolutions are kept: a git repository of their own below the state directory, a commit for each change, in the name of
/// who made it. It may hold what is secret, and is root's alone as everything there. What is damaged is said, and costs nothing
/// but itself: no client waits for it.
/// </summary>
internal sealed class ResolutionStore(Workspace workspace)
{
    private const string Main = "refs/heads/main";
    private const int MaximumPacks = 10;
    private const int MaximumLooseObjects = 4_000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    private readonly RefStore _refs = new(workspace.State.Resolutions);
    private volatile KeptResolutions _last = KeptResolutions.None;

    /// <summary>What is kept now; read anew only where it has changed.</summary>
    public KeptResolutions Load()
    {
        try
        {
            if (Tip() is not { } tip) return _last = KeptResolutions.None;
            return _last.Commit == tip ? _last : _last = Read(tip);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return new(null, ResolutionSet.Empty, [$"No resolution is used, because {workspace.State.Resolutions} cannot be read: {e.Message} Bring it back from a backup, or move it away and settle anew what is in conflict then."]);
        }
    }

    /// <summary>Keeps resolutions, in one commit.</summary>
    /// <param name="seen">What was kept when they were thought of; where it says otherwise now about one of them, nothing is kept.</param>
    /// <param name="resolutions">The resolutions; at least one.</param>
    /// <param name="author">In whose name.</param>
    /// <param name="cancellation">Ends the wait for others.</param>
    /// <exception cref="IOException">They cannot be written.</exception>
    /// <exception cref="InvalidDataException">What is there is damaged, or one of them cannot be written down.</exception>
    public KeepOutcome Keep(KeptResolutions seen, IReadOnlyList<NewResolution> resolutions, Signature author, CancellationToken cancellation)
    {
        using var held = Lock(cancellation);
        var now = Tip() is { } tip ? Read(tip) : KeptResolutions.None;
        foreach (var one in resolutions)
        {
            if (Overtaken(seen.Set, now.Set, one.Resolution) is { } standing) return new KeepOutcome.Overtaken(standing);
        }

        using var objects = Open();
        var overlay = new ObjectOverlay(objects);
        var files = resolutions.SelectMany(one => ResolutionFiles.Of(overlay, one.Resolution, one.Contents)).DistinctBy(file => file.Key).ToDictionary();
        var tree = TreeEdit.Apply(overlay, TreeOf(objects, now.Commit), files, new List<Core.Paths.RepoPath>());
        return new KeepOutcome.Kept(Commit(objects, overlay, now.Commit, tree, author, Message("settled", [.. resolutions.Select(one => one.Resolution)])));
    }

    /// <summary>Takes resolutions back. What clients have because of them stays as it is.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="InvalidDataException">What is there is damaged.</exception>
    public void Revoke(IReadOnlyList<Resolution> resolutions, Signature author, CancellationToken cancellation)
    {
        using var held = Lock(cancellation);
        if (Tip() is not { } tip) return;
        using var objects = Open();
        var overlay = new ObjectOverlay(objects);
        var tree = resolutions.Aggregate(TreeOf(objects, tip), (rest, resolution) => ResolutionFiles.Without(overlay, rest, resolution));
        Commit(objects, overlay, tip, tree, author, Message("revoked", resolutions));
    }

    /// <summary>Takes what is kept under a name that cannot be read away; false where there is nothing of that name, or it can be read.</summary>
    public bool RemoveDamaged(string digest, Signature author, CancellationToken cancellation)
    {
        using var held = Lock(cancellation);
        if (Tip() is not { } tip) return false;
        using var objects = Open();
        var tree = TreeOf(objects, tip);
        if (objects.ReadTree(tree).Find(digest) is not { } directory || Problem(objects, directory, out _) is null) return false;
        var overlay = new ObjectOverlay(objects);
        Commit(objects, overlay, tip, ResolutionFiles.Without(overlay, tree, digest), author, $"removed: {CommitWriter.Printable(Short(digest))}, which could not be read\n");
        return true;
    }

    /// <summary>The names under which something is kept that cannot be read.</summary>
    public ImmutableArray<string> Damaged()
    {
        if (Tip() is not { } tip) return [];
        using var objects = Open();
        return [.. objects.ReadTree(TreeOf(objects, tip)).Entries.Where(entry => Problem(objects, entry, out _) is not null).Select(entry => entry.Name)];
    }

    /// <summary>The three versions of what was in dispute, as far as they were kept.</summary>
    public ContentsInDispute Contents(DisputeKey key)
    {
        if (Tip() is not { } tip) return ContentsInDispute.Unknown;
        using var objects = Open();
        return ResolutionFiles.Contents(objects, TreeOf(objects, tip), key);
    }

    /// <summary>Packs what has piled up; true if there was anything to do.</summary>
    public bool Maintain(CancellationToken cancellation)
    {
        if (!Directory.Exists(workspace.State.Resolutions)) return false;
        using var held = Lock(cancellation);
        return Repacking.RunIfNeeded(workspace.State.Resolutions, MaximumPacks, MaximumLooseObjects, cancellation);
    }

    private KeptResolutions Read(ObjectId tip)
    {
        using var objects = Open();
        var (found, problems) = (new List<Resolution>(), ImmutableArray.CreateBuilder<string>());
        foreach (var entry in objects.ReadTree(TreeOf(objects, tip)).Entries)
        {
            if (Problem(objects, entry, out var resolutions) is { } problem) problems.Add(problem);
            else found.AddRange(resolutions);
        }

        return new(tip, ResolutionSet.Of(found), problems.ToImmutable());
    }

    private static string? Problem(ObjectStore objects, TreeEntry entry, out IReadOnlyList<Resolution> resolutions)
    {
        resolutions = [];
        var name = Short(entry.Name);
        try
        {
            resolutions = [.. ResolutionFiles.Read(objects, entry)];
            return resolutions.Count > 0 ? null : $"The resolution {name} is damaged and not used: it has no answer. 'etcsync resolutions revoke {name}' removes it.";
        }
        catch (InvalidDataException e)
        {
            return $"The resolution {name} is damaged and not used: {e.Message.TrimEnd('.')}. 'etcsync resolutions revoke {name}' removes it.";
        }
    }

    // Named by a digest, unless somebody else put something there.
    private static string Short(string name) => name.Length > 12 ? name[..12] : name;

    private ObjectId? Tip()
    {
        if (!Directory.Exists(workspace.State.Resolutions)) return Path.Exists(workspace.State.Resolutions) ? throw new InvalidDataException("It is no directory.") : null;
        if (_refs.Read(Main) is { } tip) return tip;
        // The reference gets its name when it is whole. What is there and names nothing had a value, and must not look like a beginning.
        var file = Path.Combine(workspace.State.Resolutions, Main);
        return Path.Exists(file) ? _refs.Read(Main) ?? throw new InvalidDataException($"The reference {file} is damaged.") : null;
    }

    private ObjectStore Open() => ObjectStore.Open(workspace.State.Resolutions, workspace.Trees);

    private static ObjectId TreeOf(ObjectStore objects, ObjectId? commit) => commit is { } id ? objects.ReadCommit(id).Tree : ObjectId.EmptyTree;

    // Each of its clients by itself: for some of them nothing may have been said.
    private static Resolution? Overtaken(ResolutionSet seen, ResolutionSet now, Resolution wanted)
    {
        var standing = now.All.Where(one => one.Key == wanted.Key && one.Answer != wanted.Answer && (one.IsForEverybody == wanted.IsForEverybody) && (wanted.IsForEverybody || one.Clients.Intersect(wanted.Clients).Any()));
        return standing.FirstOrDefault(one => !seen.All.Any(before => before.Key == one.Key && before.Answer == one.Answer && before.When == one.When));
    }

    private ObjectId Commit(ObjectStore objects, ObjectOverlay overlay, ObjectId? parent, ObjectId tree, Signature author, string message)
    {
        if (parent is { } same && TreeOf(objects, same) == tree) return same;
        var commit = overlay.Add(ObjectType.Commit, new GitCommit(tree, parent is { } id ? [id] : [], author, Signature.OfEtcSync(author.When), message).ToBytes());
        objects.Write(overlay.Added);
        // The reference comes last, and names nothing that a power failure could take away.
        workspace.SyncState();
        _refs.RemoveAbandonedLocks(Main);
        if (!_refs.TryUpdateThrough(Main, parent, commit)) throw new IOException($"Somebody else than EtcSync moved {Main} of {workspace.State.Resolutions}. Nothing was changed; try again.");
        workspace.SyncState();
        return commit;
    }

    private static string Message(string what, IReadOnlyList<Resolution> resolutions)
    {
        var subject = resolutions is [var only] ? $"{what}: {CommitWriter.Printable(only.Key.Name)} ({Settlement.Describe(only.Answer)})" : $"{what}: {resolutions.Count} disputes";
        var lines = resolutions.Select(one => CommitWriter.Printable($"{one.Key.Name}: {Settlement.Describe(one.Answer)}, for {(one.IsForEverybody ? "everybody who has this dispute" : string.Join(", ", one.Clients))}"));
        return $"{subject}\n\n{string.Join('\n', lines)}\n\n{string.Join('\n', resolutions.Select(one => $"{CommitWriter.ResolutionTrailer}: {one.Key.Id}").Distinct(StringComparer.Ordinal))}\n";
    }

    private LockFile Lock(CancellationToken cancellation)
    {
        var outcome = LockFile.AcquireAsync(workspace.State.ResolutionsLock, "etcsync", Wait, workspace.Time, cancellation).GetAwaiter().GetResult();
        if (outcome is not LockOutcome.Acquired acquired) throw new IOException($"The resolutions in {workspace.State.Resolutions} are {((LockOutcome.Held)outcome).Holder} for {Wait.TotalSeconds:0} seconds already. Try again when that process is done.");
        if (!Directory.Exists(workspace.State.Resolutions)) BareRepository.Create(workspace.State.Resolutions, Main, borrowFrom: null);
        return acquired.Lock;
    }
}
