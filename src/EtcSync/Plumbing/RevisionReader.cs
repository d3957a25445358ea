using EtcSync.Core.Git;
using EtcSync.Git;

namespace EtcSync.Plumbing;

/// <summary>Finds the tree that a person means.</summary>
internal sealed class RevisionReader(string gitDirectory, ObjectStore objects)
{
    private const int Sha256Digits = 64;

    /// <summary>The tree of a commit, a tag or a tree, named by its id or in the words of gitrevisions(7); null with the reason.</summary>
    public ObjectId? TreeOf(string revision, out string problem)
    {
        problem = "";
        if (ObjectId.TryParse(revision, out var id) && TreeOf(id) is { } known) return known;

        // Not only what git understands, but also in git's own way: tags, reflogs, "branch:directory".
        var parsed = GitProgram.Run(gitDirectory, ["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{tree}"]);
        var text = parsed.Text.Trim();
        if (parsed.ExitCode == 0 && ObjectId.TryParse(text, out var tree)) return tree;
        problem = parsed.ExitCode == 0 && text.Length == Sha256Digits
            ? $"{gitDirectory} is a sha256 repository, which EtcSync cannot read."
            : $"'{revision}' names no commit and no tree in {gitDirectory}.";
        return null;
    }

    /// <summary>The commit that a person names, in the words of gitrevisions(7); null where it is no commit.</summary>
    public ObjectId? CommitOf(string revision)
    {
        var parsed = GitProgram.Run(gitDirectory, ["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"]);
        return parsed.ExitCode == 0 && ObjectId.TryParse(parsed.Text.Trim(), out var commit) ? commit : null;
    }

    private ObjectId? TreeOf(ObjectId id)
    {
        if (id == ObjectId.EmptyTree) return id;
        if (!objects.Contains(id)) return null;
        try
        {
            return objects.ReadCommit(id).Tree;
        }
        catch (InvalidDataException)
        {
            // A tree, or a tag: git tells them apart.
            return null;
        }
    }
}
