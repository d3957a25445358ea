using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Mergers;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;
using EtcSync.Git;
using EtcSync.Resolutions;

namespace EtcSync.Cli.Conflicts;

/// <summary>Reads what a report says of each dispute: contents, histories, rules. Of a dispute that many clients have, the first one is asked.</summary>
internal sealed class ConflictReader : IDisposable
{
    private readonly Session _session;
    private readonly FleetView _view;
    private readonly ObjectStore? _hub;
    private readonly ChangeSearch? _history;
    // Many disputes are about the same change of upstream.
    private readonly Dictionary<(ObjectId Tip, RepoPath Path, string? Record, string Version), ChangeCommit?> _upstream = [];

    public ConflictReader(Session session, FleetView view)
    {
        (_session, _view) = (session, view);
        _hub = session.Workspace.Hub.OpenToLook(view.Target.Pending);
        _history = _hub is null ? null : new(_hub);
    }

    /// <inheritdoc/>
    public void Dispose() => _hub?.Dispose();

    /// <summary>What to say of a dispute of clients.</summary>
    public ConflictEntry Read(DisputeView dispute)
    {
        var contents = dispute.Read(_session.Workspace, _view.Target.Pending);
        var entry = Entry(dispute.Key, dispute.Conflict, dispute.Record, contents, dispute.IsSecret(_session.Workspace), "client", Remedy.Of(_session, dispute));
        return entry with
        {
            Clients = [.. dispute.Names],
            Changes = Changes(dispute),
            Asked = Asked(_session.Workspace.Configuration.Policies.ForPath(dispute.Key.Path.Value, dispute.Previews[0].Client.Context), dispute.Key, dispute.Conflict),
        };
    }

    /// <summary>What to say of a conflict between a layer and upstream: an entry for each of its records.</summary>
    public IEnumerable<ConflictEntry> ReadLayer(CompositeConflict found)
    {
        var conflict = found.Conflict;
        var policy = _session.Workspace.PolicyOf([GroupName.Parse(found.Group)])(conflict.Path);
        var tip = _session.Workspace.Hub.Layers().TryGetValue(found.Group, out var layer) ? layer : default(ObjectId?);
        var upstream = _view.Target.Hub.Tip;
        foreach (var record in conflict.Records.IsEmpty ? [null] : conflict.Records.AsEnumerable<RecordDispute?>())
        {
            var key = record is null ? conflict.Keys[0] : DisputeKey.Of(conflict.Path, record);
            var contents = record is null ? new ContentsInDispute(Content(conflict.Base), Content(conflict.Client), Content(conflict.Upstream)) : new(record.Base, record.Client, record.Upstream);
            List<SideChange?> changes =
            [
                _history is not null && tip is { } own ? new SideChange("layer", null, Search(_history, own, conflict, record, record?.Client)) : null,
                upstream is { } theirs ? OfUpstream(theirs, key, conflict, record) : null,
            ];
            yield return Entry(key, conflict, record, contents, policy.Secret, "layer", Remedy.OfLayer(_session, found.Group)) with
            {
                Group = found.Group,
                Changes = [.. changes.OfType<SideChange>().Where(change => change.Commit is not null)],
                Asked = [.. Asked(policy, key, conflict).Where(rule => rule.Property != "on-conflict")],
            };
        }
    }

    /// <summary>Whether a path waits for a dispute, on a client that has both: policy says that they change together.</summary>
    public bool IsHeldWith(DisputeView held, DisputeView dispute) => held.Previews.Any(preview =>
        dispute.Previews.Contains(preview) && Policy(preview, held).Together is { } set && Policy(preview, dispute).Together == set);

    private PathPolicy Policy(ClientPreview preview, DisputeView dispute) => _session.Workspace.Configuration.Policies.ForPath(dispute.Key.Path.Value, preview.Client.Context);

    private byte[]? Content(FileVersion version) =>
        _hub is not null && version.Mode is EntryMode.File or EntryMode.Executable or EntryMode.SymbolicLink && _hub!.Contains(version.Id) ? _hub.ReadBlob(version.Id) : null;

    private static ConflictEntry Entry(DisputeKey key, Conflict conflict, RecordDispute? record, ContentsInDispute contents, bool isSecret, string side, Remedy remedy)
    {
        var lines = isSecret ? null : LinesOf(conflict, record, contents);
        return new()
        {
            Key = key,
            Conflict = conflict,
            Reason = record?.Reason ?? conflict.Reason,
            IsSecret = isSecret,
            Versions = DisputeWords.Versions(conflict, record, contents, isSecret, side),
            Lines = lines,
            Difference = isSecret ? DisputeWords.Secret(contents, side) : lines is null ? DisputeWords.NotShown(conflict, contents) : null,
            Remedy = remedy,
        };
    }

    private static AlignedText? LinesOf(Conflict conflict, RecordDispute? record, ContentsInDispute contents)
    {
        if (record is not null) return AlignedText.OfRecord(contents.Base, contents.Client, contents.Upstream);
        if (!DisputeWords.IsAboutContent(conflict)) return null;
        var lines = AlignedText.OfFile(contents.Base, contents.Client, contents.Upstream);
        return lines is { Count: > 0 } ? lines : null;
    }

    private ImmutableArray<SideChange> Changes(DisputeView dispute)
    {
        if (dispute.Previews[0] is not { Plan: { } plan, Client.Name: var name } preview) return [];
        var changes = ImmutableArray.CreateBuilder<SideChange>();
        var (conflict, path) = (dispute.Conflict, dispute.Key.Path);
        var isUncommitted = plan.Drift.Changes.Any(change => change.Path == path) || (IsAboutAttributes(conflict) && plan.Drift.AttributeChanges.Any(change => change.Path == path.Value));
        if (isUncommitted)
        {
            changes.Add(new("client", name.Value, null));
        }
        else if (conflict.Client != conflict.Base || dispute.Record is not null)
        {
            using var repository = ClientRepository.OpenToLook(_session.Workspace.State.GitDirectory(name), name, _view.Target.Pending, _session.Workspace.Trees);
            if (Search(new(repository.Objects), plan.Observation.Head, conflict, dispute.Record, dispute.Record?.Client) is { } commit) changes.Add(new("client", preview.Client.Name.Value, commit));
        }

        if (OfUpstream(plan.Observation.Composite.Commit, dispute.Key, conflict, dispute.Record) is { } upstream) changes.Add(upstream);
        return changes.DrainToImmutable();
    }

    private SideChange? OfUpstream(ObjectId tip, DisputeKey key, Conflict conflict, RecordDispute? record)
    {
        if (_history is null || !_hub!.Contains(tip)) return null;
        var asked = (tip, key.Path, key.Record, key.Upstream);
        if (!_upstream.TryGetValue(asked, out var commit)) commit = _upstream[asked] = Search(_history, tip, conflict, record, record?.Upstream);
        return commit is null ? null : new("upstream", null, commit);
    }

    private static ChangeCommit? Search(ChangeSearch history, ObjectId tip, Conflict conflict, RecordDispute? record, byte[]? own) => (record, own) switch
    {
        _ when IsAboutAttributes(conflict) => history.OfAttributes(tip, conflict.Path),
        (not null, { } lines) => history.OfLines(tip, conflict.Path, lines, areThere: true),
        ({ Base: { } lines }, null) => history.OfLines(tip, conflict.Path, lines, areThere: false),
        _ => history.OfPath(tip, conflict.Path),
    };

    // Modes and owners are in .etckeeper; git's own executable bit is a version of the path.
    private static bool IsAboutAttributes(Conflict conflict) =>
        conflict.Kind == ConflictKind.UnknownOwner || (conflict.Kind == ConflictKind.Attribute && !conflict.Records.IsEmpty);

    private static ImmutableArray<AskedRule> Asked(PathPolicy policy, DisputeKey key, Conflict conflict)
    {
        var asked = ImmutableArray.CreateBuilder<AskedRule>();
        // Links have no content that could be merged.
        if (conflict.Kind is ConflictKind.Content or ConflictKind.BothAdded or ConflictKind.Binary && conflict.Client.Mode.IsRegular()) asked.Add(new("merger", policy.Merger, policy.MergerSource?.ToString()));
        if (conflict.Kind == ConflictKind.CheckFailed && policy.Check is { } check) asked.Add(new("check", check.ToString(), policy.CheckSource?.ToString()));
        if (conflict.IsSettleable)
        {
            var (answer, source) = policy.OnConflictOf(key.Record) is { } rule ? (rule.Answer, rule.Source) : (ConflictAnswer.Hold, null);
            asked.Add(new("on-conflict", Words.Of(answer), source?.ToString()));
        }

        if (policy.Hold == HoldScope.Client) asked.Add(new("hold", "client", policy.HoldSource?.ToString()));
        if (policy.Together is { } set && conflict.Kind == ConflictKind.HeldTogether) asked.Add(new("together", set, policy.TogetherSource?.ToString()));
        return asked.DrainToImmutable();
    }
}
