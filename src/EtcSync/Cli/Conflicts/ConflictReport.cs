using System.Collections.Immutable;
using EtcSync.Clients;
using EtcSync.Core.Merging;

namespace EtcSync.Cli.Conflicts;

/// <summary>Everything that waits for a person, ready to be shown.</summary>
/// <param name="Layers">Disputes between layers and upstream.</param>
/// <param name="Clients">Disputes of clients, each once, whoever has it.</param>
/// <param name="Unseen">Clients that could not be looked at: what they hide nobody knows.</param>
internal sealed record ConflictReport(ImmutableArray<ConflictEntry> Layers, ImmutableArray<ConflictEntry> Clients, ImmutableArray<ClientPreview> Unseen)
{
    /// <summary>All of them.</summary>
    public IEnumerable<ConflictEntry> Entries => Layers.Concat(Clients);

    /// <summary>Whether there is nothing to report.</summary>
    public bool IsEmpty => Layers.IsEmpty && Clients.IsEmpty && Unseen.IsEmpty;

    /// <summary>How much there is: "1 conflict in layers, 2 conflicts on 37 clients".</summary>
    public string Summary
    {
        get
        {
            var names = Clients.SelectMany(entry => entry.Clients).Distinct(StringComparer.Ordinal).Count();
            var layers = Layers.IsEmpty ? "" : $"{Words.Count(Layers.Length, "conflict")} in layers, ";
            return $"{layers}{Words.Count(Clients.Length, "conflict")} on {Words.Count(names, "client")}";
        }
    }

    /// <summary>Reads what the report says of the fleet as it was seen.</summary>
    public static ConflictReport Of(Session session, FleetView view)
    {
        using var reader = new ConflictReader(session, view);
        var disputes = DisputeView.Of(view.Previews);
        var held = disputes.Where(dispute => dispute.Conflict.Kind == ConflictKind.HeldTogether).ToList();
        var entries = new List<ConflictEntry>();
        var told = new HashSet<DisputeView>(ReferenceEqualityComparer.Instance);
        foreach (var dispute in disputes.Except(held))
        {
            List<DisputeView> holds = [.. held.Where(other => reader.IsHeldWith(other, dispute))];
            told.UnionWith(holds);
            entries.Add(reader.Read(dispute) with { Holds = [.. holds.Select(other => other.Key.Path).Distinct().Order()] });
        }

        // What is held together is told by what holds it.
        entries.AddRange(held.Where(dispute => !told.Contains(dispute)).Select(reader.Read));
        return new(
            [.. view.Target.Conflicts.SelectMany(reader.ReadLayer)],
            // Of one path first what most clients have.
            [.. entries.OrderBy(entry => entry.Key.Path).ThenBy(entry => entry.Key.Record, StringComparer.Ordinal).ThenByDescending(entry => entry.Clients.Length).ThenBy(entry => entry.Clients[0], StringComparer.Ordinal)],
            [.. view.Previews.Where(preview => preview is { Plan: null, Problem: not null, IsNew: false })]);
    }
}
