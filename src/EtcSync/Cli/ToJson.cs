using EtcSync.Cli.Json;
using EtcSync.Core.Drift;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Layers;
using EtcSync.Core.Merging;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;

namespace EtcSync.Cli;

/// <summary>Values of the engine in the shapes of docs/cli.md.</summary>
internal static class ToJson
{
    /// <summary>A conflict.</summary>
    public static ConflictJson Of(Conflict conflict) => new(
        conflict.Path.Value, Words.Of(conflict.Kind), conflict.Reason, Id(conflict.Base), Id(conflict.Client), Id(conflict.Upstream), conflict.RenamedTo?.Value);

    /// <summary>A dispute that was settled.</summary>
    public static SettledJson Of(Settlement settled)
    {
        var (rule, made) = ((settled as Settlement.ByRule)?.Rule, (settled as Settlement.ByResolution)?.Resolution);
        return new(settled.Key.Id, settled.Key.Path.Value, settled.Key.Record, Words.Of(settled.Answer), settled.Describe(), rule?.ToString(), made?.By, made?.When);
    }

    /// <summary>A conflict between layers.</summary>
    public static LayerConflictJson Of(CompositeConflict conflict) => new(conflict.Group, Of(conflict.Conflict));

    /// <summary>A decision of a merge.</summary>
    public static DecisionJson Of(MergeDecision decision) => new(decision.Path.Value, Words.Of(decision.Action), Words.Change(decision), decision.Rule?.ToString(), null);

    /// <summary>A mode, an owner or an empty directory.</summary>
    public static AttributeChangeJson Of(AttributeChange change) => new(change.Path, change.What);

    /// <summary>Something that was left alone.</summary>
    public static FindingJson Of(Finding finding) => new(finding.Path, finding.Message);

    /// <summary>The id of a version's content; null where it does not exist.</summary>
    public static string? Id(FileVersion version) => version.Exists ? version.Id.ToString() : null;
}
