using System.Collections.Immutable;
using EtcSync.Core.Drift;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Policies;
using EtcSync.Core.Trees;
using EtcSync.Fleet;
using EtcSync.FileSystem;
using EtcSync.WorkTrees;

namespace EtcSync.Clients;

/// <summary>
/// Carries a client's plan out. The order makes a crash at any instant harmless: objects and staged files, the record of
/// what is begun, everything on the disk; then the swaps, on the disk; then index, branch and state.
/// </summary>
internal sealed class ClientApplier(Workspace workspace, ReviewedPlanner planner)
{
    private const int MaximumRounds = 4;
    /// <summary>How long a client's lock on its account files is waited for.</summary>
    public static readonly TimeSpan PasswordLockWait = TimeSpan.FromSeconds(2);
    private static readonly string[] AccountFiles = ["passwd", "shadow", "group", "gshadow", "subuid", "subgid"];

    /// <summary>What came of applying a plan.</summary>
    /// <param name="Plan">The plan that was carried out in the end.</param>
    /// <param name="Raced">The paths that the client wrote in the meantime, which are as the client left them.</param>
    /// <param name="Locked">The account files that were left because the client has them locked.</param>
    /// <param name="Findings">What people should know of the files that were replaced.</param>
    internal sealed record Applied(ClientPlan Plan, IReadOnlySet<RepoPath> Raced, IReadOnlySet<RepoPath> Locked, ImmutableArray<Finding> Findings);

    /// <summary>Applies a plan.</summary>
    public Applied Apply(ClientPlan plan, ObjectOverlay objects, ClientRepository repository, WorkTree tree)
    {
        var raced = new HashSet<RepoPath>();
        var written = new Dictionary<RepoPath, FileStatus>();
        var findings = new List<Finding>();
        using var accounts = LockAccounts(ref plan, objects, tree, raced);
        var locked = raced.ToHashSet();
        var live = plan.Live;
        for (var round = 0; ; round++)
        {
            repository.Objects.Write(objects.Added);
            var steps = ReferenceEquals(live, plan.Live) ? plan.Apply : Core.Applying.ApplyPlanner.Plan(objects, live, plan.Target, plan.Untouched);
            var (newlyRaced, refused) = Carry(plan, steps, objects, repository, tree, written, findings);
            raced.UnionWith(newlyRaced.Where(path => !refused.ContainsKey(path)));
            // The plan says that these paths change, and they did not: another plan in which they do not, from what is there now.
            if (newlyRaced.Count == 0) break;
            live = plan.Target with { Tree = LiveTree(objects, plan, newlyRaced) };
            plan = planner.Plan(objects, plan.Observation with { Fixed = plan.Observation.Fixed.SetItems(refused) }, raced.ToImmutableHashSet(), tree);
            if (round < MaximumRounds) continue;

            // Who writes faster than we swap is left alone: what is recorded must not say that these paths changed.
            repository.Objects.Write(objects.Added);
            break;
        }

        Record(plan, objects, repository, written, raced);
        raced.ExceptWith(locked);
        return new(plan, raced, locked, [.. findings.DistinctBy(finding => finding.Path)]);
    }

    /// <summary>The files of a plan that are written under the client's .pwd.lock.</summary>
    public static IReadOnlyList<RepoPath> AccountFilesOf(Core.Applying.ApplyPlan plan) =>
        [.. plan.Steps.Where(step => step.Path is { } path && AccountFiles.Contains(path.Value)).Select(step => step.Path!.Value)];

    /// <summary>The index of the target: what was written has the status of now, the rest what the scan saw.</summary>
    public static GitIndex IndexOf(ClientPlan plan, IObjectReader objects, IReadOnlyDictionary<RepoPath, FileStatus> written, IReadOnlySet<RepoPath> raced)
    {
        var scanned = plan.Observation.Scan.Index;
        var changes = TreeDiff.Compute(objects, plan.Observation.Tree, plan.Target.Tree).ToDictionary(change => change.Path.Value, change => change.After, StringComparer.Ordinal);
        foreach (var path in written.Keys) changes.TryAdd(path.Value, TreeDiff.Find(objects, plan.Target.Tree, path));
        foreach (var path in raced) changes.TryAdd(path.Value, TreeDiff.Find(objects, plan.Target.Tree, path));
        return scanned.With(changes.ToDictionary(change => change.Key, change => change.Value.Exists ? Entry(change.Key, change.Value) : (IndexEntry?)null, StringComparer.Ordinal), plan.Target.Tree);

        IndexEntry Entry(string path, FileVersion version)
        {
            var parsed = RepoPath.Parse(path);
            var status = written.TryGetValue(parsed, out var seen) && !raced.Contains(parsed) ? IndexStats.Of(seen) : IndexStat.Unknown;
            return new(path, version.Mode, version.Id, status, plan.Observation.Policy(parsed).Class is PathClass.Local or PathClass.ShadowOfRoot);
        }
    }

    private (IReadOnlySet<RepoPath> Raced, IReadOnlyDictionary<RepoPath, string> Refused) Carry(
        ClientPlan plan, Core.Applying.ApplyPlan steps, ObjectOverlay objects, ClientRepository repository, WorkTree tree, Dictionary<RepoPath, FileStatus> written, List<Finding> findings)
    {
        using var writer = new WorkTreeWriter(tree, objects, ClientAccounts.Of(objects, plan.Target.Tree), workspace.Settings.Limits.FileSize, plan.Observation.Now);
        writer.Stage(steps);
        if (plan.State is { } state) repository.Refs.TryUpdate(ClientRepository.ApplyingRef, repository.Refs.Read(ClientRepository.ApplyingRef), state);
        // Also without steps: a branch must not name objects that a power failure takes away.
        if (plan.State is not null || !steps.Steps.IsEmpty) WriteBack(tree);
        if (steps.Steps.IsEmpty) return (ImmutableHashSet<RepoPath>.Empty, ImmutableDictionary<RepoPath, string>.Empty);
        var raced = writer.Swap(steps);
        WriteBack(tree);
        foreach (var (path, status) in writer.Look(steps)) written[path] = status;
        findings.AddRange(writer.Findings);
        return (raced.ToHashSet(), writer.Refused);
    }

    private void Record(ClientPlan plan, ObjectOverlay objects, ClientRepository repository, Dictionary<RepoPath, FileStatus> written, HashSet<RepoPath> raced)
    {
        var scan = plan.Observation.Scan;
        if (plan.ChangesAnything || scan.IndexIsStale || written.Count > 0 || raced.Count > 0) repository.WriteIndex(IndexOf(plan, objects, written, raced));
        if (plan.State is not { } state)
        {
            // What an earlier round had begun was withdrawn.
            if (repository.Refs.Read(ClientRepository.ApplyingRef) is not null) repository.Refs.Delete(ClientRepository.ApplyingRef);
            return;
        }

        if (plan.Head != plan.Observation.Head && !repository.Refs.TryUpdate(repository.Branch, plan.Observation.Head, plan.Head))
        {
            throw new IOException($"{repository.Branch} in {repository.GitDirectory} was moved by somebody else while its client was synced. The next pass takes both.");
        }

        repository.Refs.TryUpdate(ClientRepository.MergedRef, repository.Refs.Read(ClientRepository.MergedRef), state);
        // A power failure may cut short what was renamed but not written back: until it is, the record of what is begun stays.
        workspace.SyncState();
        repository.Refs.Delete(ClientRepository.ApplyingRef);
    }

    // What is in the work tree after the swaps: the target, and for raced paths what the plan started from.
    private static ObjectId LiveTree(ObjectOverlay objects, ClientPlan plan, IEnumerable<RepoPath> raced) =>
        TreeEdit.Apply(objects, plan.Target.Tree, raced.ToDictionary(path => path, path => TreeDiff.Find(objects, plan.Live.Tree, path)), new List<RepoPath>());

    // passwd(1) and its kin on the client hold this lock while they rewrite the account files.
    private PasswordLock? LockAccounts(ref ClientPlan plan, ObjectOverlay objects, WorkTree tree, HashSet<RepoPath> raced)
    {
        var touched = AccountFilesOf(plan.Apply);
        if (touched.Count == 0) return null;
        switch (PasswordLock.AcquireAsync(tree.Root, PasswordLockWait, workspace.Time, CancellationToken.None).GetAwaiter().GetResult())
        {
            case PasswordLockOutcome.Acquired acquired:
                return acquired.Lock;
            case PasswordLockOutcome.Held:
                raced.UnionWith(touched);
                plan = planner.Plan(objects, plan.Observation, raced.ToImmutableHashSet(), tree);
                return null;
            default:
                // Something else than a file has its name: then nobody on the client can lock either.
                return null;
        }
    }

    private void WriteBack(WorkTree tree)
    {
        workspace.Sync.Sync(tree.Staging.Directory);
        if (!workspace.StateIsBesideClones(tree.Staging.Directory)) workspace.SyncState();
    }
}
