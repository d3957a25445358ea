using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Planning;
using EtcSync.Core.Policies;
using EtcSync.Fleet;
using EtcSync.Git;

namespace EtcSync.Cli;

/// <summary>Says how clients are, from previews.</summary>
internal sealed class StatusReader(Workspace workspace, FleetTarget target)
{
    private const string Interrupted = "A sync was interrupted; the next one finishes it first.";
    private const string Unapplied = "What was committed to its branch is not in its files yet.";
    private const string IdentityPolicies = "10-identity.yaml";
    private const string NoClone = "Its clone is made by the next sync.";

    private readonly Dictionary<(ObjectId Tip, ObjectId Than), int?> _distances = [];

    /// <summary>How a client is.</summary>
    public ClientStatus Of(ClientPreview preview)
    {
        var (head, upstream, composite) = Merged(preview.Client.Name);
        var wanted = target.Of(preview.Client)?.Composite;
        var plan = preview.Plan;
        var conflicts = plan?.Merge?.Conflicts ?? [];
        var isBehind = wanted is not null && composite is not null && wanted.Commit != composite;
        var hold = preview.Hold ?? plan?.Held;
        var (state, reason, needsPerson) = preview switch
        {
            { IsNew: true } => (ClientStateKind.Missing, preview.Hold ?? preview.Problem ?? NoClone, preview.Hold is not null || preview.Problem is not null),
            { IsMissing: true } => (ClientStateKind.Missing, preview.Problem, true),
            _ when wanted is null && head is null => (ClientStateKind.Missing, preview.Problem, false),
            { IsBusy: true, Problem: var problem } => (isBehind ? ClientStateKind.Behind : ClientStateKind.Synced, problem, false),
            { Problem: { } problem } => (ClientStateKind.Failed, problem, false),
            _ when hold is not null => (ClientStateKind.Held, hold, true),
            { IsUnfinished: true } => (ClientStateKind.Behind, Interrupted, false),
            _ when !conflicts.IsEmpty => (ClientStateKind.Conflicted, Reason(conflicts), true),
            _ when plan is not null && HasDrift(plan) => (ClientStateKind.Drifted, null, false),
            _ when isBehind => (ClientStateKind.Behind, null, false),
            _ when plan is { Apply.Steps.IsEmpty: false } => (ClientStateKind.Behind, Unapplied, false),
            _ => (ClientStateKind.Synced, null, false),
        };
        return new(preview.Client.Name, state)
        {
            Reason = reason,
            NeedsPerson = needsPerson,
            Upstream = upstream,
            Head = head,
            Behind = wanted is { } w && upstream is { } u ? Distance(w.Upstream, u) : null,
            Overrides = Divergence(preview),
            Conflicts = [.. conflicts.Select(conflict => conflict.Path)],
            OwnPasswords = preview.OwnPasswords,
            Drift = plan is null ? [] : [.. plan.Drift.Changes.Select(change => change.Path)],
            DriftAttributes = plan?.Drift.AttributeChanges ?? [],
            Findings = plan?.Observation.Scan.Findings ?? [],
        };
    }

    // Every client has its own hostname, machine-id and keys: what the policies of identity give it is no divergence.
    private ImmutableArray<RepoPath> Divergence(ClientPreview preview)
    {
        var policies = workspace.Configuration.Policies.PathsOf(preview.Client.Context);
        return [.. preview.Overrides.Where(path => policies.ForPath(path.Value) is not { Class: PathClass.Client, ClassSource.File: var file } || Path.GetFileName(file) != IdentityPolicies)];
    }

    private static bool HasDrift(ClientPlan plan) => !plan.Drift.Changes.IsEmpty || plan.Drift.Attributes;

    // A path that only waits for another one explains nothing.
    private static string Reason(ImmutableArray<Conflict> conflicts)
    {
        var first = conflicts.FirstOrDefault(conflict => conflict.Kind != ConflictKind.HeldTogether) ?? conflicts[0];
        return $"{first.Path}: {first.Reason}{(conflicts.Length == 1 ? "" : $" ({conflicts.Length - 1} more)")}";
    }

    private (ObjectId? Head, ObjectId? Upstream, ObjectId? Composite) Merged(ClientName name)
    {
        var directory = workspace.State.GitDirectory(name);
        if (!ClientRepository.Exists(directory)) return default;
        try
        {
            using var repository = ClientRepository.Open(directory, name, workspace.Trees);
            var head = repository.Refs.Read(repository.Branch);
            return repository.ReadState(ClientRepository.MergedRef) is { } merged
                ? (head, CompositePlanner.UpstreamOf(merged.Composite, repository.Objects.ReadCommit(merged.Composite)), merged.Composite)
                : (head, null, null);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // What is broken about it is the preview's problem, which is told.
            return default;
        }
    }

    private int Count(ObjectId tip, ObjectId than)
    {
        using var objects = workspace.Hub.OpenToLook(target.Pending);
        return objects is null ? 0 : new History(objects).CountAhead(tip, than);
    }

    private int? Distance(ObjectId tip, ObjectId than)
    {
        if (tip == than) return 0;
        if (_distances.TryGetValue((tip, than), out var known)) return known;
        int? distance;
        try
        {
            distance = Count(tip, than);
        }
        catch (InvalidDataException)
        {
            distance = null;
        }

        return _distances[(tip, than)] = distance;
    }
}
