using EtcSync.Core.Etckeeper;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Git;

/// <summary>A commit that made something what it is.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Author">Whose change it is, and when it was made.</param>
/// <param name="Subject">The first line of its message.</param>
internal sealed record ChangeCommit(ObjectId Id, Signature Author, string Subject);

/// <summary>
/// Looks for the commit that gave a path, or a piece of its content, the form that it has at a tip: as git simplifies a
/// history, by going on to a parent that has the same. For one thread at a time.
/// </summary>
internal sealed class ChangeSearch(ObjectStore objects)
{
    // Years of a busy /etc. Who reads a report does not wait for what lies further back.
    private const int MostCommits = 2_000;

    private static readonly RepoPath Metadata = RepoPath.Parse(EtckeeperFile.FileName);

    private readonly Dictionary<(ObjectId Blob, string Lines), bool> _has = [];

    /// <summary>The commit that made the path what it is at the tip, or removed it; null where that is too long ago, or not in this repository.</summary>
    public ChangeCommit? OfPath(ObjectId tip, RepoPath path)
    {
        var now = VersionIn(TreeOf(tip), path);
        return Walk(tip, tree => VersionIn(tree, path) == now);
    }

    /// <summary>The same for lines of a file: the commit since which the file has them, or no longer has them.</summary>
    /// <param name="tip">Where to begin.</param>
    /// <param name="path">The file.</param>
    /// <param name="lines">The lines, as they stand in the file.</param>
    /// <param name="areThere">Whether the file is to have them.</param>
    public ChangeCommit? OfLines(ObjectId tip, RepoPath path, byte[] lines, bool areThere)
    {
        var key = ObjectId.Hash(ObjectType.Blob, lines).ToString();
        // What a merger calls a record need not stand in the file as one piece.
        return IsAsNow(TreeOf(tip)) ? Walk(tip, IsAsNow) : OfPath(tip, path);

        bool IsAsNow(ObjectId tree)
        {
            var version = VersionIn(tree, path);
            if (!version.Mode.IsRegular()) return !areThere;
            if (!_has.TryGetValue((version.Id, key), out var has)) has = _has[(version.Id, key)] = HasLines(objects.ReadBlob(version.Id), lines);
            return has == areThere;
        }
    }

    /// <summary>The same for the mode and the owner of a path.</summary>
    public ChangeCommit? OfAttributes(ObjectId tip, RepoPath path)
    {
        var now = RecordIn(TreeOf(tip));
        return Walk(tip, tree => Equals(RecordIn(tree), now));

        EtckeeperRecord? RecordIn(ObjectId tree) => EtckeeperFiles.Of(objects, tree).Find(path == Metadata ? "." : path.Value);
    }

    private ChangeCommit? Walk(ObjectId tip, Predicate<ObjectId> isAsNow)
    {
        var id = tip;
        for (var i = 0; i < MostCommits; i++)
        {
            var commit = objects.ReadCommit(id);
            ObjectId? same = null;
            foreach (var parent in commit.Parents)
            {
                // A history that was cut off, or an old commit that 'git gc' removed, ends there.
                if (!objects.Contains(parent)) return null;
                if (!isAsNow(TreeOf(parent))) continue;
                same = parent;
                break;
            }

            if (same is null) return new(id, commit.Author, commit.Subject);
            id = same.Value;
        }

        return null;
    }

    private ObjectId TreeOf(ObjectId commit) => objects.ReadCommit(commit).Tree;

    private FileVersion VersionIn(ObjectId tree, RepoPath path) => TreeDiff.Find(objects, tree, path);

    // Whole lines: "a" is not in "ba".
    private static bool HasLines(ReadOnlySpan<byte> content, ReadOnlySpan<byte> lines)
    {
        if (lines.IsEmpty) return false;
        var from = 0;
        while (content[from..].IndexOf(lines) is var at and >= 0)
        {
            var (start, end) = (from + at, from + at + lines.Length);
            if ((start == 0 || content[start - 1] == '\n') && (end == content.Length || content[end - 1] == '\n' || content[end] == '\n')) return true;
            from = start + 1;
        }

        return false;
    }
}
