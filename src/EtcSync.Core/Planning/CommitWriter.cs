using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Drift;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Resolutions;

namespace EtcSync.Core.Planning;

/// <summary>Makes the commits of a client's plan, each on top of the one before, so that 'git log' tells the story.</summary>
public sealed class CommitWriter(ObjectOverlay objects, ClientName client, ObjectId head, DateTimeOffset now)
{
    /// <summary>Marks a commit that undoes stale saves; its value is not used.</summary>
    public const string StaleSaveTrailer = "EtcSync-Stale-Save";

    /// <summary>Names the tree from which a commit merged: a composite's, with held paths as they were before.</summary>
    public const string BaseTrailer = "EtcSync-Base";

    /// <summary>Names a kept resolution (by the id of its dispute) that the commit made use of; one trailer for each.</summary>
    public const string ResolutionTrailer = "EtcSync-Resolution";

    private const int MaximumListed = 100;

    /// <summary>The subject of a branch's first commit.</summary>
    public static string FirstSubject(ClientName client) => $"Identity of {client}";

    /// <summary>Whether a commit is a branch's first, whatever the client was called then.</summary>
    public static bool IsFirst(GitCommit commit) => commit.Subject == $"Identity of {commit.Author.Name}" && commit.Committer.Email == Signature.OfEtcSync(default).Email;

    private readonly Signature _etcSync = Signature.OfEtcSync(now);
    private readonly Signature _client = Signature.OfClient(client, now);
    private readonly ImmutableArray<ObjectId>.Builder _made = ImmutableArray.CreateBuilder<ObjectId>();
    private ObjectId? _tree;

    /// <summary>The branch's commit so far.</summary>
    public ObjectId Tip { get; private set; } = head;

    /// <summary>The commits so far.</summary>
    public ImmutableArray<ObjectId> Made => _made.ToImmutable();

    /// <summary>Commits drift in the client's name.</summary>
    public void Drift(ObjectId before, ObjectId after, DriftPlan drift)
    {
        _tree = before;
        var lines = drift.Changes.Select(change => $"{(change.Live.Exists ? change.Committed.Exists ? "changed" : "added" : "deleted")}: {change.Path}").ToList();
        var subject = lines.Count switch
        {
            0 when drift.AttributeChanges is [var only] => $"{client} changed {only}",
            0 => $"Modes or owners changed on {client}",
            1 => $"{client} {lines[0].Replace(": ", " ", StringComparison.Ordinal)}",
            _ => $"{client} changed {lines.Count} paths",
        };
        lines.AddRange(drift.AttributeChanges.Select(change => change.ToString()));
        Commit(after, [], _client, subject, lines.Count > 1 ? lines : [], []);
    }

    /// <summary>Commits that a person rejected the drift.</summary>
    public void PutBack(ObjectId tree) => Commit(tree, [], _etcSync, $"Put back what changed on {client}", ["A person rejected the client's changes; the commit before has them."], []);

    /// <summary>Commits what undoes stale saves.</summary>
    public void StaleSaves(ObjectId tree, DriftPlan drift) => Commit(tree, [], _etcSync, "Put stale saves right",
        ["These files were saved by a program that had them open across a rollout, without the rollout's changes:", .. drift.StaleSaves.Select(save => save.Path.Value)], [$"{StaleSaveTrailer}: yes"]);

    /// <summary>Commits writes into files that a rollout had swapped out.</summary>
    public void LateWrites(ObjectId tree, IEnumerable<LateWriteDecision> late) => Commit(tree, [], _client, "Late writes across a rollout",
        [.. late.Where(decision => decision.Merged is not null).Select(decision => decision.Late.Path.Value)], []);

    /// <summary>Commits the merge. It is made for every composite, even if the client's tree stays as it is: the history says what was taken.</summary>
    public void Merge(ObjectId before, ObjectId ancestor, MergePlan merge, MergedState merged, Composite composite)
    {
        var isNew = composite.Commit != merged.Composite;
        var settled = merge.Settled.ToList();
        // A client that keeps its own version has the same tree as before, and its history shall say why all the same: once.
        if (!isNew && merge.Tree == before && (settled.Count == 0 || merge.NextBase == merged.Base)) return;
        List<string> lines = [.. merge.Decisions.Select(decision => $"{Describe(decision.Action)}: {decision.Path}"), .. settled.Select(one => $"settled: {one.Key.Name} ({one.Describe()})"), .. merge.Conflicts.Select(conflict => $"held: {conflict.Path} ({conflict.Reason})"), .. merge.Notices.Select(notice => $"note: {notice}")];
        var subject = isNew ? $"Merge upstream {composite.Upstream.Short} into {client}" : $"Merge what was held on {client}";
        Add(merge.Tree, isNew ? [composite.Commit] : [], _etcSync, subject, lines, [$"{CompositePlanner.UpstreamTrailer}: {composite.Upstream}", $"{BaseTrailer}: {ancestor}", .. settled.OfType<Settlement.ByResolution>().Select(one => $"{ResolutionTrailer}: {one.Key.Id}")]);
    }

    /// <summary>The state commit (see <see cref="MergedState"/>), or null where the recorded one is still true.</summary>
    public ObjectId? State(ObjectId nextBase, ObjectId composite, MergedState merged)
    {
        if (Tip == merged.Head && nextBase == merged.Base && composite == merged.Composite) return null;
        return new MergedState(composite, nextBase, Tip).Record(objects, now);
    }

    private void Commit(ObjectId tree, ObjectId[] moreParents, Signature author, string subject, List<string> lines, List<string> trailers)
    {
        if (tree != _tree || moreParents.Length > 0) Add(tree, moreParents, author, subject, lines, trailers);
    }

    private void Add(ObjectId tree, ObjectId[] moreParents, Signature author, string subject, List<string> lines, List<string> trailers)
    {
        var message = new StringBuilder(subject).Append('\n');
        if (lines.Count > 0) message.Append('\n');
        foreach (var line in lines.Take(MaximumListed)) message.Append(Printable(line)).Append('\n');
        if (lines.Count > MaximumListed) message.Append($"and {lines.Count - MaximumListed} more\n");
        if (trailers.Count > 0) message.Append('\n');
        foreach (var trailer in trailers) message.Append(trailer).Append('\n');
        Tip = objects.Add(ObjectType.Commit, new GitCommit(tree, [Tip, .. moreParents], author, _etcSync, message.ToString()).ToBytes());
        _tree = tree;
        _made.Add(Tip);
    }

    private static string Describe(MergeAction action) => action switch
    {
        MergeAction.Take => "taken",
        MergeAction.Combine => "merged",
        MergeAction.Keep => "kept",
        MergeAction.PutBack => "put back",
        MergeAction.Untrack => "no longer tracked",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action of a merge."),
    };

    /// <summary>A line as a message can have it. A path is the client's word: a line break in it must not become a line of the message.</summary>
    public static string Printable(string line) => string.Concat(line.Select(c => char.IsControl(c) ? '?' : c));
}
