using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Checks;

/// <summary>What the checks say of a merged tree.</summary>
/// <param name="Refused">Paths that may not become what they are in it, each with the reason.</param>
/// <param name="Notices">Faults that nobody is held for, as sentences: the client has them already, or upstream can mean them.</param>
public sealed record CheckReport(ImmutableSortedDictionary<RepoPath, string> Refused, ImmutableArray<string> Notices);

/// <summary>The checks that need no program: of the files that EtcSync understands itself.</summary>
public static class BuiltInChecks
{
    private const int MostTold = 5;

    /// <summary>All of them.</summary>
    public static ImmutableArray<IBuiltInCheck> All { get; } = [new AccountsCheck(), new FstabCheck()];

    /// <summary>Compares a merged tree with what the client has: only what is wrong anew is refused.</summary>
    /// <param name="checks">Which checks look.</param>
    /// <param name="objects">Where the trees are.</param>
    /// <param name="client">The client's tree.</param>
    /// <param name="upstream">Upstream's tree.</param>
    /// <param name="merged">The merged tree.</param>
    public static CheckReport Compare(ImmutableArray<IBuiltInCheck> checks, IObjectReader objects, ObjectId client, ObjectId upstream, ObjectId merged)
    {
        var refused = new SortedDictionary<RepoPath, List<string>>();
        var notices = new List<string>();
        foreach (var check in checks)
        {
            var changed = check.Paths.Where(path => TreeDiff.Find(objects, client, path) != TreeDiff.Find(objects, merged, path)).ToHashSet();
            if (changed.Count == 0) continue;
            var (before, theirs) = (Known(check.Look(objects, client)), new Lazy<KnownFaults>(() => Known(check.Look(objects, upstream))));
            foreach (var finding in check.Look(objects, merged))
            {
                if (before.Contain(finding.Subject, finding.Names))
                {
                    notices.Add($"{finding.Message} It was so before.");
                }
                else if (finding.CanBeMeant && theirs.Value.Contain(finding.Subject, finding.Names))
                {
                    notices.Add($"{finding.Message} Upstream has it so.");
                }
                else
                {
                    var path = finding.Paths.Concat(check.Paths).First(changed.Contains);
                    if (!refused.TryGetValue(path, out var words)) refused[path] = words = [];
                    words.Add(finding.Message);
                }
            }
        }

        return new(refused.ToImmutableSortedDictionary(pair => pair.Key, pair => $"It would break the client: {string.Join(' ', Some(pair.Value))}"), [.. Some(notices)]);
    }

    private static KnownFaults Known(ImmutableArray<CheckFinding> findings)
    {
        var known = new KnownFaults();
        foreach (var finding in findings) known.Add(finding.Subject, finding.Names);
        return known;
    }

    private static IEnumerable<string> Some(List<string> messages) => messages.Count <= MostTold ? messages : messages.Take(MostTold).Append($"There are {messages.Count - MostTold} more faults.");
}
