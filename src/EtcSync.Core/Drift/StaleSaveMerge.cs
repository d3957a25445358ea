using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Text;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Drift;

/// <summary>What a save is that comes after a rollout.</summary>
public abstract record StaleSaveVerdict
{
    private StaleSaveVerdict()
    {
    }

    /// <summary>It knows of the rollout, or nobody can tell: the client's wish.</summary>
    public sealed record Wish : StaleSaveVerdict;

    /// <summary>It does not know of the rollout.</summary>
    /// <param name="Merged">What it should have been, had its author seen the rollout.</param>
    public sealed record PutRight(FileVersion Merged) : StaleSaveVerdict;

    /// <summary>It does not know of the rollout, and changes the same lines.</summary>
    public sealed record Disputed : StaleSaveVerdict;
}

/// <summary>
/// Recognises what an editor that was open across a rollout saves: the version before the rollout, with or without
/// edits, but with none of the rollout's changes in it.
/// </summary>
public static class StaleSaveMerge
{
    private static readonly StaleSaveVerdict Wish = new StaleSaveVerdict.Wish();

    /// <summary>Judges a save.</summary>
    /// <param name="objects">Takes new content.</param>
    /// <param name="before">The version before the rollout.</param>
    /// <param name="after">The one that it rolled out.</param>
    /// <param name="saved">The one that was saved after it.</param>
    public static StaleSaveVerdict Judge(ObjectOverlay objects, FileVersion before, FileVersion after, FileVersion saved)
    {
        if (!before.Exists || !after.Exists || before.Id == after.Id) return Wish;
        if (before.Mode == EntryMode.SymbolicLink && after.Mode == EntryMode.SymbolicLink) return saved == before ? new StaleSaveVerdict.PutRight(after) : Wish;
        if (!before.Mode.IsRegular() || !after.Mode.IsRegular() || !saved.Mode.IsRegular()) return Wish;
        // Modes are not put right: what the client's .etckeeper says of them is what is there now.
        if (saved.Id == before.Id) return new StaleSaveVerdict.PutRight(after with { Mode = saved.Mode });
        var (old, rolledOut, live) = (objects.ReadBlob(before.Id), objects.ReadBlob(after.Id), objects.ReadBlob(saved.Id));
        var rollout = LineDiff.Compute(old, rolledOut);
        if (TextMerge.Merge(old, live, rolledOut) is not TextMergeResult.Clean clean) return IsUnaware(rollout, LineDiff.Compute(old, live)) ? new StaleSaveVerdict.Disputed() : Wish;

        // All of the rollout's changes are missing from what was saved exactly if merging brings all of them in.
        var missing = LineDiff.Compute(live, clean.Content);
        return rollout.Length > 0 && rollout.Length == missing.Length ? new StaleSaveVerdict.PutRight(new(saved.Mode, objects.AddBlob(clean.Content))) : Wish;
    }

    // Where the save left a place as it was before the rollout, its author had not seen the rollout: one such place is proof,
    // for who edits the new version keeps the rest of it. Where all places of the rollout were edited, there is none.
    private static bool IsUnaware(ImmutableArray<LineChange> rollout, ImmutableArray<LineChange> save) =>
        rollout.Any(change => !save.Any(other => other.BeforeStart <= change.BeforeEnd && change.BeforeStart <= other.BeforeEnd));
}
