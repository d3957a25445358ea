using EtcSync.Core.Git;
using EtcSync.Core.Text;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Drift;

/// <summary>
/// Recognises what an editor that was open across a rollout saves: the version before the rollout, with or without
/// edits, but with none of the rollout's changes in it.
/// </summary>
public static class StaleSaveMerge
{
    /// <summary>What the save should have been, had its author seen the rollout; null where it was no stale save.</summary>
    public static FileVersion? TryMerge(ObjectOverlay objects, FileVersion before, FileVersion after, FileVersion saved)
    {
        if (!before.Exists || !after.Exists || before.Id == after.Id) return null;
        if (before.Mode == EntryMode.SymbolicLink && after.Mode == EntryMode.SymbolicLink) return saved == before ? after : null;
        if (!before.Mode.IsRegular() || !after.Mode.IsRegular() || !saved.Mode.IsRegular()) return null;
        // Modes are not put right: what the client's .etckeeper says of them is what is there now.
        if (saved.Id == before.Id) return after with { Mode = saved.Mode };
        var (old, rolledOut, live) = (objects.ReadBlob(before.Id), objects.ReadBlob(after.Id), objects.ReadBlob(saved.Id));
        if (TextMerge.Merge(old, live, rolledOut) is not TextMergeResult.Clean clean) return null;

        // All of the rollout's changes are missing from what was saved exactly if merging brings all of them in.
        var rollout = LineDiff.Compute(old, rolledOut);
        var missing = LineDiff.Compute(live, clean.Content);
        return rollout.Length > 0 && rollout.Length == missing.Length ? new(saved.Mode, objects.AddBlob(clean.Content)) : null;
    }
}
