using System.Collections.Immutable;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Overrides;

/// <summary>Overrides of a client that a person named: what its branch has there that its composite has not.</summary>
/// <param name="Contents">Paths whose content differs: the composite's version before, the client's after; sorted.</param>
/// <param name="Attributes">Paths whose record in .etckeeper (mode, owner, empty directory) differs, whether or not their content does; sorted.</param>
public sealed record OverrideSelection(ImmutableArray<PathChange> Contents, ImmutableArray<string> Attributes)
{
    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => Contents.IsEmpty && Attributes.IsEmpty;

    /// <summary>Finds the overrides.</summary>
    /// <param name="objects">Where the trees are.</param>
    /// <param name="composite">What the client should have.</param>
    /// <param name="branch">What it has.</param>
    /// <param name="wanted">Files, and directories with everything below them.</param>
    public static OverrideSelection Of(IObjectReader objects, ObjectId composite, ObjectId branch, IReadOnlyCollection<RepoPath> wanted) => new(
        [.. TreeDiff.Compute(objects, composite, branch).Where(change => change.Path != Metadata && IsWanted(change.Path, wanted))],
        [.. Differing(EtckeeperFiles.Of(objects, composite), EtckeeperFiles.Of(objects, branch)).Where(path => RepoPath.TryParse(path, out var parsed) && IsWanted(parsed, wanted))]);

    /// <summary>Whether a path is one of those, or below one.</summary>
    public static bool IsWanted(RepoPath path, IReadOnlyCollection<RepoPath> wanted) => wanted.Any(one => path == one || path.IsBelow(one));

    private static SortedSet<string> Differing(EtckeeperFile composite, EtckeeperFile branch) => new(
        EtckeeperFile.Differing(composite, branch)
            .Concat(branch.EmptyDirectories.Except(composite.EmptyDirectories, StringComparer.Ordinal))
            .Concat(composite.EmptyDirectories.Except(branch.EmptyDirectories, StringComparer.Ordinal)),
        StringComparer.Ordinal);
}

/// <summary>A path that is left as it is, and why.</summary>
/// <param name="Path">The path.</param>
/// <param name="Reason">Whole sentences, with what to do instead.</param>
public sealed record OverrideRefusal(RepoPath Path, string Reason);
