using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Merging;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;
using EtcSync.Fleet;
using EtcSync.Git;
using EtcSync.Resolutions;

namespace EtcSync.Cli;

/// <summary>One thing that is in dispute, a path or a record in it, and everybody who has this dispute: what one answer settles.</summary>
/// <param name="Key">What is in dispute.</param>
/// <param name="Conflict">The conflict that it is part of, as the first of the clients has it; of a record, the file's versions may differ between the clients.</param>
/// <param name="Record">The record; null where it is the path as a whole.</param>
/// <param name="Previews">The clients that have it, by name.</param>
internal sealed record DisputeView(DisputeKey Key, Conflict Conflict, RecordDispute? Record, ImmutableArray<ClientPreview> Previews)
{
    /// <summary>The clients that have it.</summary>
    public IEnumerable<Client> Clients => Previews.Select(preview => preview.Client);

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => Clients.Select(client => client.Name.Value);

    /// <summary>Why there is no answer.</summary>
    public string Reason => Record?.Reason ?? Conflict.Reason;

    /// <summary>All disputes of these clients, by path and record.</summary>
    public static ImmutableArray<DisputeView> Of(IEnumerable<ClientPreview> previews) =>
    [
        // The kind as well: the same versions may be in conflict on one client, and held together with another path on the next.
        .. previews.SelectMany(Of).GroupBy(one => (one.Key, one.Conflict.Kind))
            .Select(group => group.First() with { Previews = [.. group.Select(one => one.Previews[0]).OrderBy(preview => preview.Client.Name)] })
            .OrderBy(one => one.Key.Path).ThenBy(one => one.Key.Record, StringComparer.Ordinal).ThenBy(one => one.Key.Digest, StringComparer.Ordinal),
    ];

    /// <summary>Whether no report may show what is in dispute: on one of the clients the path is secret.</summary>
    public bool IsSecret(Workspace workspace) => Clients.Any(client => workspace.Configuration.Policies.PathsOf(client.Context).ForPath(Key.Path.Value).Secret);

    /// <summary>The three versions as bytes: the record's lines, the file's content, or where a link points.</summary>
    /// <param name="workspace">Where the clients are.</param>
    /// <param name="pending">What the hub does not have yet.</param>
    public ContentsInDispute Read(Workspace workspace, PendingObjects pending)
    {
        if (Record is { } record) return new(record.Base, record.Client, record.Upstream);
        var name = Previews[0].Client.Name;
        using var repository = ClientRepository.OpenToLook(workspace.State.GitDirectory(name), name, pending, workspace.Trees);
        return new(Content(repository.Objects, Conflict.Base), Content(repository.Objects, Conflict.Client), Content(repository.Objects, Conflict.Upstream));
    }

    private byte[]? Content(ObjectStore objects, FileVersion version)
    {
        if (version.Mode is not (EntryMode.File or EntryMode.Executable or EntryMode.SymbolicLink)) return null;
        return Previews[0].Uncommitted.TryGetValue(version.Id, out var live) ? live : objects.Contains(version.Id) ? objects.ReadBlob(version.Id) : null;
    }

    private static IEnumerable<DisputeView> Of(ClientPreview preview)
    {
        foreach (var conflict in preview.Plan?.Merge?.Conflicts ?? [])
        {
            if (conflict.Records.IsEmpty) yield return new(conflict.Keys[0], conflict, null, [preview]);
            foreach (var record in conflict.Records) yield return new(DisputeKey.Of(conflict.Path, record), conflict, record, [preview]);
        }
    }
}
