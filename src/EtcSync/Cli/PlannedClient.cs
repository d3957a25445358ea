using System.Collections.Immutable;
using EtcSync.Cli.Json;
using EtcSync.Clients;
using EtcSync.Core.Applying;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Planning;
using EtcSync.Fleet;

namespace EtcSync.Cli;

/// <summary>A line of a plan: what is done, and to what.</summary>
internal readonly record struct PlannedStep(string Action, string What, Tint Tint = Tint.None);

/// <summary>What a sync would do to one client, ready to be told.</summary>
internal sealed class PlannedClient
{
    private const string Interrupted = "An earlier sync was interrupted; it is finished first, and then there may be more to do.";

    private readonly Session _session;
    private readonly ClientPreview _preview;
    private readonly LayerMoves _layers;
    private readonly ObjectId? _from;
    private readonly ObjectId? _to;
    private readonly int? _commits;

    public PlannedClient(Session session, FleetTarget target, ClientPreview preview)
    {
        (_session, _preview) = (session, preview);
        var workspace = session.Workspace;
        var status = new StatusReader(workspace, target).Of(preview);
        (_from, _to) = (status.Upstream, target.Of(preview.Client)?.Composite.Upstream);
        _commits = status.Behind;
        Reason = status.Reason;
        NeedsPerson = status.NeedsPerson;
        IsFailed = status.State == ClientStateKind.Failed;
        _layers = preview.Plan is { } plan ? LayerMoves.Of(workspace, target.Pending, preview.Client, plan) : LayerMoves.None;
    }

    /// <summary>Its name.</summary>
    public string Name => _preview.Client.Name.Value;

    /// <summary>Why it needs somebody or something.</summary>
    public string? Reason { get; }

    /// <summary>Whether a person has to decide something.</summary>
    public bool NeedsPerson { get; }

    /// <summary>Whether it could not be looked at.</summary>
    public bool IsFailed { get; }

    /// <summary>In one word what a sync would do.</summary>
    public string Action
    {
        get
        {
            if (_preview.Hold is not null || _preview.Plan?.Held is not null || _preview.IsMissing) return "hold";
            if (_preview.IsNew) return _preview.Problem is null ? "clone" : "hold";
            if (_preview.IsUnfinished) return "finish";
            if (_preview.Plan is { } plan) return plan.ChangesAnything ? "sync" : "none";
            return _preview.IsBusy ? "wait" : "fail";
        }
    }

    /// <summary>The lines, without the client's name: the same for clients to which the same is done.</summary>
    public ImmutableArray<PlannedStep> Steps()
    {
        var steps = ImmutableArray.CreateBuilder<PlannedStep>();
        if ((_preview.Hold ?? _preview.Plan?.Held) is { } hold) steps.Add(new("held", hold, Tint.Bad));
        switch (Action)
        {
            case "hold" when _preview.Problem is { } problem:
                steps.Add(new("held", problem, Tint.Bad));
                break;
            case "clone":
                steps.Add(new("clone", $"make it from upstream {_to?.Short}{Groups()}, with an identity of its own", Tint.Good));
                break;
            case "finish":
                steps.Add(new("finish", Interrupted, Tint.Notice));
                break;
            case "wait" or "fail":
                steps.Add(new(Action, _preview.Problem ?? "", Tint.Bad));
                break;
        }

        if (_preview.Hold is not null && _preview.Plan is { ChangesAnything: true }) steps.Add(new("then", "when it is let go:", Tint.Faint));
        if (_preview.Plan is not null) steps.AddRange(Planned());
        if (steps.Count == 0 && Action == "sync") steps.Add(new("record", "what was committed to its branch, which changes no file", Tint.Good));
        if (steps.Count == 0) steps.Add(new("nothing", "It is as it should be.", Tint.Faint));
        return steps.DrainToImmutable();
    }

    /// <summary>It as JSON.</summary>
    public PlanClientJson Json()
    {
        var plan = _preview.Plan;
        return new(
            Name,
            Action,
            Reason,
            _from?.ToString(),
            _to?.ToString(),
            _commits,
            _layers.Leaves,
            _layers.Joins,
            plan is null ? [] : [.. plan.Drift.Changes.Select(change => new DriftJson(change.Path.Value, Words.Of(change)))],
            plan?.Drift.Attributes ?? false,
            plan is null ? [] : [.. plan.Drift.AttributeChanges.Select(ToJson.Of)],
            plan is null ? [] : [.. plan.Drift.StaleSaves.Select(save => save.Path.Value)],
            plan is null ? [] : [.. plan.LateWrites.Select(late => late.Late.Path.Value)],
            [.. Decisions().Select(decision => ToJson.Of(decision) with { Layer = Layer(decision) })],
            [.. (plan?.Merge?.Settled ?? []).Select(ToJson.Of)],
            plan is null ? [] : [.. plan.Apply.AttributeChanges.Select(change => new AttributesJson(change.Path, Convert.ToString(change.Attributes.Mode, 8).PadLeft(4, '0'), change.Attributes.Owner ?? "root", change.Attributes.Group ?? "root"))],
            [.. (plan?.Merge?.Conflicts ?? []).Select(ToJson.Of)],
            plan is null ? [] : [.. plan.Observation.Scan.Findings.Select(ToJson.Of)],
            plan?.Merge?.Notices ?? []);
    }

    private IEnumerable<PlannedStep> Planned()
    {
        var plan = _preview.Plan!;
        foreach (var change in plan.Drift.Changes) yield return new("commit", $"drift: {Words.Of(change)} {change.Path}", Tint.Notice);
        foreach (var change in plan.Drift.AttributeChanges) yield return new("commit", $"drift: {change}", Tint.Notice);
        foreach (var save in plan.Drift.StaleSaves) yield return new("put right", $"{save.Path}: saved by a program that had it open across a rollout", Tint.Notice);
        foreach (var late in plan.LateWrites) yield return new("put right", $"{late.Late.Path}: written after it was replaced{(late.Merged is null ? "; it cannot be joined with what is there now and stays as it is" : "")}", Tint.Notice);
        if (plan.Observation.Composite.Commit != plan.Observation.Merged.Composite && plan.Held is null) yield return new("merge", Source(), Tint.Good);
        foreach (var group in _layers.Leaves) yield return new("leave", $"group/{group}: what its layer changed is taken back", Tint.Notice);
        foreach (var group in _layers.Joins) yield return new("join", $"group/{group}", Tint.Notice);
        foreach (var decision in Decisions())
        {
            var layer = Layer(decision) is { } left ? $"  (no longer from {left})" : "";
            var rule = decision.Rule is { } source ? $"  (by {source})" : "";
            yield return new(Words.Of(decision.Action).Replace('-', ' '), $"{Change(decision)}{decision.Path}{layer}{rule}");
        }

        foreach (var settled in plan.Merge?.Settled ?? []) yield return new("settle", Words.Of(settled), Tint.Notice);
        foreach (var step in Unexplained(plan)) yield return step;
        foreach (var (path, attributes) in plan.Apply.AttributeChanges) yield return new("set", $"{path}: mode {Convert.ToString(attributes.Mode, 8).PadLeft(4, '0')}, owner {attributes.Owner ?? "root"}:{attributes.Group ?? "root"}");
        foreach (var conflict in plan.Merge?.Conflicts ?? []) yield return new("conflict", $"{conflict.Path}: {conflict.Reason}", Tint.Bad);
        foreach (var notice in plan.Merge?.Notices ?? []) yield return new("note", notice, Tint.Notice);
        foreach (var finding in plan.Observation.Scan.Findings) yield return new("leave alone", $"{finding.Path}: {finding.Message}", Tint.Notice);
    }

    // What is done to the work tree and follows from no decision: commits that a person made on the branch, and empty directories.
    private IEnumerable<PlannedStep> Unexplained(ClientPlan plan)
    {
        var told = Decisions().Select(decision => decision.Path).Concat(plan.Drift.StaleSaves.Select(save => save.Path)).Concat(plan.LateWrites.Select(late => late.Late.Path)).ToHashSet();
        var written = plan.Apply.Steps.OfType<ApplyStep.PutFile>().Select(put => put.File.Value).ToList();
        var removed = plan.Apply.Steps.OfType<ApplyStep.RemoveFile>().Select(remove => remove.File.Value).ToList();
        foreach (var step in plan.Apply.Steps)
        {
            switch (step)
            {
                case ApplyStep.PutFile put when put.Expected != put.Version && put.File.Value != EtckeeperFile.FileName && !told.Contains(put.File):
                    yield return new("write", $"{(put.Expected.Exists ? "changed" : "added")} {put.File}");
                    break;
                case ApplyStep.RemoveFile remove when !told.Contains(remove.File):
                    yield return new("write", $"deleted {remove.File}");
                    break;
                case ApplyStep.MakeDirectory make when !IsAbove(make.Directory.Value, written):
                    yield return new("make", $"{make.Directory}/");
                    break;
                case ApplyStep.RemoveDirectory remove when !IsAbove(remove.Directory.Value, removed):
                    yield return new("remove", $"{remove.Directory}/");
                    break;
            }
        }
    }

    private static bool IsAbove(string directory, List<string> files) => files.Exists(file => file.StartsWith(directory + "/", StringComparison.Ordinal));

    private string Source()
    {
        if (_to == _from) return $"upstream {_to?.Short} with other layers than before";
        return $"upstream {_to?.Short}{(_commits is > 0 and var count ? $", {Words.Count(count, "new commit")}" : "")}";
    }

    private string Groups() => _preview.Client.Groups.IsEmpty ? "" : $" and {string.Join(", ", _preview.Client.Groups.Select(group => "group/" + group.Value))}";

    private ImmutableArray<MergeDecision> Decisions() => _preview.Plan?.Merge?.Decisions ?? [];

    private string? Layer(MergeDecision decision) =>
        _layers.Lost.Contains(decision.Path) ? string.Join(", ", _layers.Leaves.Select(group => "group/" + group)) : null;

    private static string Change(MergeDecision decision) => Words.Change(decision) is { } change ? change + " " : "";
}
