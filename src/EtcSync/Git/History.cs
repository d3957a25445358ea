using EtcSync.Core.Git;

namespace EtcSync.Git;

/// <summary>
/// How commits are related, in time linear in the commits that only one of two has. LibGit2Sharp answers that for a repository,
/// and a commit may be in one that is only looked at. libgit2's own functions would do over an object database
/// (git_repository_wrap_odb), but git_merge_base says "not found" both of what shares nothing and of a commit that is
/// missing: a layer would then be taken for one that started from nothing, and bring back what upstream has removed.
/// </summary>
internal sealed class History(ObjectStore objects)
{
    [Flags]
    private enum Reached
    {
        Nowhere = 0,
        FromOne = 1,
        FromOther = 2,
        FromBoth = FromOne | FromOther,

        /// <summary>Below a common ancestor: not a best one itself.</summary>
        Below = 4,
    }

    /// <summary>A best common ancestor of two commits: one below which there is no other; null where they share nothing.</summary>
    /// <exception cref="InvalidDataException">A commit is missing.</exception>
    public ObjectId? MergeBase(ObjectId one, ObjectId other)
    {
        if (one == other) return one;
        var (reached, order) = Walk(one, other);
        List<ObjectId> found = [.. order.Where(id => reached[id] == Reached.FromBoth)];
        if (found.Count <= 1) return found.Count == 0 ? null : found[0];
        // Dates that run backwards let an ancestor of a common ancestor through.
        foreach (var id in found)
        {
            if (!found.Exists(better => better != id && IsAncestor(id, better))) return id;
        }

        return found[0];
    }

    /// <summary>Whether a commit continues another, or is the same.</summary>
    /// <exception cref="InvalidDataException">A commit is missing.</exception>
    public bool IsAncestor(ObjectId old, ObjectId tip) => old == tip || Walk(old, tip).Reached[old].HasFlag(Reached.FromBoth);

    /// <summary>Commits that <paramref name="tip"/> has and <paramref name="than"/> has not.</summary>
    /// <exception cref="InvalidDataException">A commit is missing.</exception>
    public int CountAhead(ObjectId tip, ObjectId than)
    {
        if (tip == than) return 0;
        var (reached, order) = Walk(tip, than);
        return order.Count(id => reached[id] == Reached.FromOne);
    }

    // As git's paint_down_to_common: newest first from both, until everything that is left is below a common ancestor and
    // older than what is not: commits of one second come in any order.
    private (Dictionary<ObjectId, Reached> Reached, List<ObjectId> Order) Walk(ObjectId one, ObjectId other)
    {
        var reached = new Dictionary<ObjectId, Reached> { [one] = Reached.FromOne, [other] = Reached.FromOther };
        var order = new List<ObjectId>();
        var seen = new HashSet<ObjectId>();
        var waiting = new PriorityQueue<(ObjectId Id, GitCommit Commit), (long When, int Number)>();
        var queued = new Dictionary<ObjectId, int>();
        var interesting = 0;
        var oldest = long.MaxValue;
        Add(one);
        Add(other);
        while (interesting > 0 || (waiting.TryPeek(out var next, out _) && When(next.Commit) >= oldest))
        {
            var (id, commit) = waiting.Dequeue();
            queued[id]--;
            var flags = reached[id];
            if (!flags.HasFlag(Reached.Below))
            {
                interesting--;
                oldest = Math.Min(oldest, When(commit));
            }

            if (seen.Add(id)) order.Add(id);
            var passed = flags.HasFlag(Reached.FromBoth) ? flags | Reached.Below : flags;
            foreach (var parent in commit.Parents)
            {
                var before = reached.GetValueOrDefault(parent);
                if (before.HasFlag(passed)) continue;
                // It may be waiting already, and then it no longer counts where it is below a common ancestor now.
                if (!before.HasFlag(Reached.Below) && passed.HasFlag(Reached.Below)) interesting -= queued.GetValueOrDefault(parent);
                reached[parent] = before | passed;
                Add(parent);
            }
        }

        return (reached, order);

        static long When(GitCommit commit) => commit.Committer.When.ToUnixTimeSeconds();

        void Add(ObjectId id)
        {
            var commit = objects.ReadCommit(id);
            waiting.Enqueue((id, commit), (-When(commit), queued.Count));
            queued[id] = queued.GetValueOrDefault(id) + 1;
            if (!reached[id].HasFlag(Reached.Below)) interesting++;
        }
    }
}
