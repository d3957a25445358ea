using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;

namespace EtcSync.Core.Checks;

/// <summary>Looks at a tree before it is applied. Pure, and never throws for anything that a file can say.</summary>
public interface IBuiltInCheck
{
    /// <summary>The paths that it looks at: where none of them changes there is nothing new to find.</summary>
    ImmutableArray<RepoPath> Paths { get; }

    /// <summary>What is wrong with the tree.</summary>
    ImmutableArray<CheckFinding> Look(IObjectReader objects, ObjectId tree);
}
