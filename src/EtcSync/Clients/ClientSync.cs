using System.Collections.Immutable;
using EtcSync.Adoption;
using EtcSync.Checks;
using EtcSync.Core.Accounts;
using EtcSync.Core.Clients;
using EtcSync.Core.Drift;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;
using EtcSync.Fleet;
using EtcSync.FileSystem;
using EtcSync.Git;
using EtcSync.State;
using EtcSync.WorkTrees;

namespace EtcSync.Clients;

/// <summary>What clients need that is the same for all of one pass.</summary>
/// <param name="Composite">What the client should have.</param>
/// <param name="Shadows">Upstream's files that are copied.</param>
/// <param name="Resolutions">What people settled.</param>
internal sealed record ClientTarget(Composite Composite, ImmutableArray<ShadowSource> Shadows, ResolutionSet Resolutions);

/// <summary>A pass over one client: recover, observe, plan, apply; each under the client's lock, and whatever goes wrong stays with this client.</summary>
internal sealed class ClientSync
{
    private const int MaximumPasses = 3;
    private const string Program = "etcsync";

    private readonly Workspace _workspace;
    private readonly DifferenceCache _differences = new();
    private readonly ClientObserver _observer;
    private readonly ClientApplier _applier;
    private readonly FanOut _fanOut;
    private readonly Recovery _recovery;
    private readonly ClientShadows _shadows;
    private readonly HoldStore _holds;
    private readonly ReviewedPlanner _planner;

    public ClientSync(Workspace workspace)
    {
        _workspace = workspace;
        _observer = new(workspace, _differences);
        _planner = new(new MergeChecks(workspace));
        _applier = new(workspace, _planner);
        _fanOut = new(workspace, new());
        _recovery = new(workspace);
        _shadows = new(workspace, _differences);
        _holds = new(workspace.State);
    }

    /// <summary>Brings a client to where it should be, as far as that is possible.</summary>
    public ClientOutcome Run(Client client, ClientTarget target, SyncRequest request)
    {
        var name = client.Name;
        try
        {
            using var held = Lock(name, out var outcome);
            if (held is null) return outcome!;
            var fannedOut = _fanOut.Prepare(client, target.Composite, request, out var refused);
            if (refused is not null) return refused;
            using var repository = ClientRepository.Open(_workspace.State.GitDirectory(name), name, _workspace.Trees);
            if (ReadOnly(name) is { } readOnly) return new(name, OutcomeKind.Held) { Reason = readOnly };
            using var tree = WorkTree.TryOpen(_workspace.CloneOf(name), name);
            if (tree is null) return Missing(name);
            if (_workspace.Abilities.Lacking(tree.Staging.Directory, _workspace.Locations.Unmap(tree.Root.Path)) is { } lacking) return new(name, OutcomeKind.Held) { Reason = lacking };
            _recovery.Run(repository, tree);
            var state = ClientState.Read(repository.GitDirectory);
            if (state.FileSystem.Length == 0) (state = state with { FileSystem = tree.Root.FileSystem().ToString() }).Write(repository.GitDirectory);
            if (OtherFileSystem(name, tree, state) is { } moved)
            {
                if (request.Drift != DriftAnswer.Accept) return new(name, OutcomeKind.Held) { Reason = moved };
                state = state with { FileSystem = tree.Root.FileSystem().ToString() };
                state.Write(repository.GitDirectory);
            }

            if (_holds.Find(name) is { } hold)
            {
                var (copied, findings) = _shadows.Update(target.Shadows, tree, repository, ref state);
                return new(name, OutcomeKind.Held) { Reason = hold.Reason, Copied = copied, Findings = findings };
            }

            if (!fannedOut && !request.Scan && IsCurrent(repository, target, state, request)) return new(name, OutcomeKind.Unchanged);
            var passed = Passes(client, target, request, repository, tree, ref state);
            return fannedOut ? passed with { FannedOut = true, Kind = passed.Kind == OutcomeKind.Unchanged ? OutcomeKind.Synced : passed.Kind } : passed;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The client's boundary: nothing that happens to one client may stop another.
            return new(name, OutcomeKind.Failed) { Reason = Describe(e) };
        }
    }

    /// <summary>What <see cref="Run"/> would do; writes nothing.</summary>
    /// <param name="client">The client.</param>
    /// <param name="target">What it should have.</param>
    /// <param name="pending">What of that the hub does not have.</param>
    /// <param name="request">What would be asked.</param>
    public ClientPreview Preview(Client client, ClientTarget target, PendingObjects pending, SyncRequest request)
    {
        var name = client.Name;
        try
        {
            var hold = _holds.Find(name)?.Reason;
            if (!ClientRepository.Exists(_workspace.State.GitDirectory(name))) return new(client, null) { IsNew = true, Hold = hold, Problem = _fanOut.Obstacle(client) };
            using var held = SharedLock.TryTake(_workspace.State.ClientLock(name), out var holder);
            if (holder is not null) return new(client, null) { IsBusy = true, Hold = hold, Problem = Busy(holder) };
            using var repository = ClientRepository.OpenToLook(_workspace.State.GitDirectory(name), name, pending, _workspace.Trees);
            using var tree = WorkTreeView.TryLook(_workspace.CloneOf(name), name);
            if (tree is null) return new(client, null) { IsMissing = true, Hold = hold, Problem = Missing(name).Reason };
            if (ReadOnly(name) is { } readOnly) return new(client, null) { Hold = readOnly };
            if (repository.Refs.Read(ClientRepository.ApplyingRef) is not null) return new(client, null) { Hold = hold, IsUnfinished = true };
            if (request.Drift != DriftAnswer.Accept && OtherFileSystem(name, tree, ClientState.Read(repository.GitDirectory)) is { } moved) return new(client, null) { Hold = moved };
            var objects = new ObjectOverlay(repository.Objects);
            return _observer.Observe(client, repository, tree, objects, target, request) switch
            {
                ObserveOutcome.Seen seen => Seen(new(client, _planner.Plan(objects, seen.Observation, ImmutableHashSet<RepoPath>.Empty, tree)) { Hold = hold }, repository.Objects, objects),
                ObserveOutcome.Refused refused => new(client, null) { Hold = hold, Problem = refused.Reason },
                _ => throw new InvalidOperationException("An observation has an unknown outcome."),
            };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new(client, null) { Problem = Describe(e) };
        }
    }

    /// <summary>Says in a sentence what went wrong.</summary>
    public static string Describe(Exception e) => e switch
    {
        IOException or UnauthorizedAccessException or InvalidDataException or DllNotFoundException => e.Message,
        _ => $"Unexpected: {e.GetType().Name}: {e.Message}",
    };

    private ClientOutcome Passes(Client client, ClientTarget target, SyncRequest request, ClientRepository repository, WorkTree tree, ref ClientState state)
    {
        ClientOutcome? total = null;
        for (var pass = 0; pass < MaximumPasses; pass++)
        {
            var outcome = Pass(client, target, request, repository, tree);
            total = total is null ? outcome : Join(total, outcome);
            if (!outcome.Again) break;
        }

        var (copied, findings) = _shadows.Update(target.Shadows, tree, repository, ref state);
        total = total! with { Copied = copied, Findings = total.Findings.AddRange(findings) };
        return copied.IsEmpty || total.Kind != OutcomeKind.Unchanged ? total : total with { Kind = OutcomeKind.Synced };
    }

    private ClientOutcome Pass(Client client, ClientTarget target, SyncRequest request, ClientRepository repository, WorkTree tree)
    {
        var name = client.Name;
        var objects = new ObjectOverlay(repository.Objects);
        var composite = request.Merge ? target.Composite : LastTaken(repository);
        var moved = !CloneAdopter.KeepGitDirectory(tree, repository.GitDirectory) && KeptFiles.MoveGitDirectoryOut(tree, _workspace.Time.GetUtcNow());
        var observed = _observer.Observe(client, repository, tree, objects, target with { Composite = composite }, request);
        if (observed is ObserveOutcome.Refused refused) return new(name, OutcomeKind.Failed) { Reason = refused.Reason + " It is left alone until that is mended." };
        var (seen, hasDueFiles) = (ObserveOutcome.Seen)observed;
        var findings = moved ? seen.Scan.Findings.Add(new(".git", "A git directory appeared in the work tree and was moved out of it.")) : seen.Scan.Findings;
        if (hasDueFiles) Sweep(tree, seen);
        if (seen.Scan.NewestChange is { } newest && seen.Now - newest < request.Settle)
        {
            return new(name, OutcomeKind.Deferred) { Reason = $"Its files changed less than {request.Settle.TotalSeconds:0} seconds ago.", Findings = findings };
        }

        var plan = _planner.Plan(objects, seen, ImmutableHashSet<RepoPath>.Empty, tree);
        findings = [.. findings, .. plan.Observation.Scan.Findings.Skip(seen.Scan.Findings.Length)];
        if (plan.Held is { } reason) return new(name, OutcomeKind.Held) { Reason = reason, Conflicts = plan.Merge?.Conflicts ?? [], Findings = findings };

        var (applied, raced, locked, replaced) = _applier.Apply(plan, objects, repository, tree);
        foreach (var late in applied.LateWrites)
        {
            if (late.Merged is not null) KeptFiles.Forget(tree, late.Late);
            else KeptFiles.Lose(tree, late.Late, seen.Now);
        }

        if (applied.ChangesAnything) repository.WriteExcludes(_workspace.Configuration.Policies.PathsOf(client.Context).UncommittedGlobs.Select(glob => "/" + glob.Text));
        var conflicts = applied.Merge?.Conflicts ?? [];
        ImmutableArray<Settlement> settled = applied.ChangesAnything ? [.. applied.Merge?.Settled ?? []] : [];
        var waits = raced.Concat(locked).Order().ToList();
        var kind = !conflicts.IsEmpty ? OutcomeKind.Conflicted : waits.Count > 0 ? OutcomeKind.Deferred : applied.ChangesAnything ? OutcomeKind.Synced : OutcomeKind.Unchanged;
        return new(name, kind)
        {
            Reason = Waiting(waits, locked),
            Drift = [.. applied.Drift.Changes.Select(change => change.Path)],
            DriftAttributes = applied.Drift.AttributeChanges,
            Merged = composite.Commit == seen.Merged.Composite ? null : composite.Upstream,
            Decisions = applied.Merge?.Decisions ?? [],
            Notices = applied.ChangesAnything ? applied.Merge?.Notices ?? [] : [],
            AttributeChanges = applied.Apply.AttributeChanges.Count(),
            Settled = settled,
            OwnPasswords = settled.Any(OwnPassword.MayComeFrom) ? OwnPassword.Between(objects, applied.Target.Tree, composite.Tree) : [],
            Conflicts = conflicts,
            StaleSaves = applied.Drift.StaleSaves,
            LateWrites = applied.LateWrites,
            Findings = findings.AddRange(replaced),
            // What git ignores from now on, or no longer, is seen by the next scan.
            Again = raced.Count > 0 || (applied.ChangesAnything && (applied.Merge?.Decisions.Any(IsIgnoreFile) ?? false)),
        };
    }

    private static ClientPreview Seen(ClientPreview preview, ObjectStore repository, ObjectOverlay objects)
    {
        var (seen, conflicts) = (preview.Plan!.Observation, preview.Plan.Merge?.Conflicts ?? []);
        var disputed = conflicts.Select(conflict => conflict.Client.Id).ToHashSet();
        return preview with
        {
            Overrides = Overrides(repository, seen.Tree, seen.Merged),
            OwnPasswords = OwnPassword.Between(objects, preview.Plan.Target.Tree, seen.Composite.Tree),
            Uncommitted = disputed.Count == 0 ? preview.Uncommitted : objects.Added.Where(made => made.Type == ObjectType.Blob && disputed.Contains(made.Id)).ToImmutableDictionary(made => made.Id, made => made.Content),
        };
    }

    private void Sweep(WorkTree tree, ClientObservation seen)
    {
        var due = seen.Now - _workspace.Settings.Drift.KeepReplaced;
        KeptFiles.Sweep(tree, due, seen.Scan.Index.Entries.Select(entry => RepoPath.Parse(entry.Path)), _workspace.Settings.Limits.FileSize);
    }

    private static bool IsIgnoreFile(MergeDecision decision) =>
        decision.Path.Name == ".gitignore" && decision.Action is not MergeAction.Keep && decision.Before != decision.After;

    private static string? Waiting(List<RepoPath> waits, IReadOnlySet<RepoPath> locked)
    {
        if (waits.Count == 0) return null;
        var paths = waits.Count > 5 ? string.Join(", ", waits.Take(5)) + $" and {waits.Count - 5} more" : string.Join(", ", waits);
        return $"{paths}: the client {(locked.Count > 0 ? $"holds {FileSystem.PasswordLock.FileName} or writes there" : "writes there")} at this moment, so that is left for next time; everything else is done.";
    }

    // What an earlier pass left because it was being written, a later one may have done.
    private static ClientOutcome Join(ClientOutcome first, ClientOutcome next) => next with
    {
        Kind = next.Kind == OutcomeKind.Unchanged ? (first.Kind == OutcomeKind.Deferred ? OutcomeKind.Synced : first.Kind) : next.Kind,
        Drift = [.. first.Drift.Union(next.Drift)],
        DriftAttributes = [.. first.DriftAttributes.Union(next.DriftAttributes)],
        Merged = next.Merged ?? first.Merged,
        Decisions = [.. first.Decisions, .. next.Decisions],
        Settled = [.. first.Settled.Union(next.Settled)],
        Notices = [.. first.Notices.Union(next.Notices, StringComparer.Ordinal)],
        OwnPasswords = [.. first.OwnPasswords.Union(next.OwnPasswords)],
        AttributeChanges = first.AttributeChanges + next.AttributeChanges,
        StaleSaves = [.. first.StaleSaves, .. next.StaleSaves],
        LateWrites = [.. first.LateWrites, .. next.LateWrites],
    };

    /// <summary>The paths in which a client's branch differs from the composite that it took.</summary>
    private static ImmutableArray<RepoPath> Overrides(ObjectStore objects, ObjectId tree, MergedState merged) =>
        [.. TreeDiff.Compute(objects, objects.ReadCommit(merged.Composite).Tree, tree).Select(change => change.Path).Where(path => path.Value != Core.Etckeeper.EtckeeperFile.FileName)];

    private static bool IsCurrent(ClientRepository repository, ClientTarget target, ClientState state, SyncRequest request) =>
        repository.ReadState(ClientRepository.MergedRef) is { } merged && (!request.Merge || merged.Composite == target.Composite.Commit)
        && repository.Refs.Read(repository.Branch) == merged.Head && ShadowCopies.AreCurrent(target.Shadows, state);

    // For a pass that only takes drift: what the client took last is merged again, which merges nothing.
    private static Composite LastTaken(ClientRepository repository)
    {
        var merged = repository.ReadState(ClientRepository.MergedRef) ?? throw new InvalidDataException($"{repository.GitDirectory} does not say what was merged last.");
        var commit = repository.Objects.ReadCommit(merged.Composite);
        return new(merged.Composite, commit.Tree, CompositePlanner.UpstreamOf(merged.Composite, commit), []);
    }

    private static string Busy(LockOutcome.Held holder) => $"Somebody else works on it ({holder.Holder}).";

    private static string? OtherFileSystem(ClientName name, WorkTreeView tree, ClientState state) =>
        !FileSystemId.TryParse(state.FileSystem, out var recorded) || tree.Root.FileSystem().IsSameAs(recorded)
            ? null
            : $"{tree.Root.Path} is on another file system than when it was made. If that is meant, 'etcsync sync --accept-drift {name}' accepts it.";

    // Before its staging area is opened, which may have to be made.
    private string? ReadOnly(ClientName name)
    {
        if (DirectoryDescriptor.OpenRoot(_workspace.CloneOf(name), out var opened) != OpenOutcome.Opened) return null;
        using (opened) return FileSystemAbilities.ReadOnly(opened!, opened!.Path);
    }

    private ClientOutcome Missing(ClientName name) => new(name, OutcomeKind.Held)
    {
        Reason = $"{_workspace.CloneOf(name)} is missing. Mount it, or have it made again from its branch with 'etcsync sync --accept-drift {name}'.",
    };

    private LockFile? Lock(ClientName name, out ClientOutcome? outcome)
    {
        outcome = null;
        StateDirectory.MakePrivate(_workspace.State.Clients);
        switch (LockFile.TryAcquire(_workspace.State.ClientLock(name), Program))
        {
            case LockOutcome.Acquired acquired:
                return acquired.Lock;
            case LockOutcome.Held held:
                outcome = new(name, OutcomeKind.Deferred) { Reason = Busy(held) };
                return null;
            default:
                throw new InvalidOperationException("A lock has an unknown outcome.");
        }
    }
}
