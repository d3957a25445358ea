using System.Collections.Immutable;

namespace EtcSync.Core.Etckeeper;

/// <summary>
/// Merges <c>.etckeeper</c> files by what they mean: a map from path to mode, owner and group, merged attribute by
/// attribute, and a set of empty directories. A conflict exists only where both sides changed the same attribute of the
/// same path differently; ours stands there. The result agrees with the merged tree.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A record that one side removed and the other changed: the tree decides. If the path is in it, the change
/// stands. If it is not, the next rule but one decides.</item>
/// <item>A file or directory of the merged tree that would have no record gets ours, else theirs, else the ancestor's.</item>
/// <item>A record goes if its path was in a side's tree and is not in the merged one. It stays if it is a directory that
/// is empty now or has records below it, or if a side has the record and not the path: there it is a directory that
/// holds ignored files only, or a file that is ignored and has a name that etckeeper does not filter.</item>
/// <item>An empty directory that now holds tracked files is no longer one; nor is one where there is a file now.</item>
/// <item>The spelling is merged like any other value. There are two spellings, so both sides cannot change it differently.</item>
/// </list>
/// </remarks>
public static class EtckeeperMerge
{
    private static readonly IReadOnlySet<string> Nothing = ImmutableHashSet<string>.Empty;

    /// <summary>Merges what changed between the ancestor and theirs into ours.</summary>
    public static EtckeeperMergeResult Merge(EtckeeperFile ancestor, EtckeeperFile ours, EtckeeperFile theirs, EtckeeperTrees trees) =>
        Merge(ancestor, ours, theirs, trees, Nothing);

    /// <summary>Merges what changed between the ancestor and theirs into ours, except for paths that are held.</summary>
    /// <param name="ancestor">What both sides started from.</param>
    /// <param name="ours">Our version.</param>
    /// <param name="theirs">Their version.</param>
    /// <param name="trees">The trees that go with the three, and the merged one.</param>
    /// <param name="held">Paths for which the result says exactly what ours says, without conflicts.</param>
    public static EtckeeperMergeResult Merge(
        EtckeeperFile ancestor, EtckeeperFile ours, EtckeeperFile theirs, EtckeeperTrees trees, IReadOnlySet<string> held)
    {
        var walk = new RecordMerge(ancestor, ours, theirs, trees, held);
        walk.Run();
        var directories = EmptyDirectoryMerge.Merge(
            ancestor.EmptyDirectories.AsSpan(), ours.EmptyDirectories.AsSpan(), theirs.EmptyDirectories.AsSpan());
        var spelling = ours.Spelling == ancestor.Spelling ? theirs.Spelling : ours.Spelling;
        var merged = new EtckeeperFile(walk.Records, directories, spelling, []).WithRecordsFrom(ours, held);

        var agreement = new TreeAgreement(ancestor, ours, theirs, merged, trees, held);
        agreement.Run(walk.Contested, walk.Incoming);
        merged = merged.With([], agreement.Gone, [], agreement.NotEmpty);
        var conflicts = walk.Conflicts.Concat(agreement.Conflicts).OrderBy(c => c.Path, EtckeeperPath.ByteOrder).ThenBy(c => c.Attribute);
        return new(merged.Equals(ours) ? ours : merged.Equals(theirs) ? theirs : merged, [.. conflicts]);
    }
}
