using EtcSync.Core.Etckeeper;
using EtcSync.Core.Forecasts;
using EtcSync.Core.Git;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Tests.Trees;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Tests.Forecasts;

/// <summary>The merge of a stand-in says the same as the client's own, whatever the client has; and what cannot matter makes no difference.</summary>
public sealed class StandInTests
{
    private static readonly string[] Paths = ["a", "b", "d/a", "d/b", "d/e/a", "e/a", "hostname", "key", "passwd", "group", "up/a", "up/b", "f"];
    private static readonly string[] Owners = ["root", "man", "games", "nobody"];

    [Fact]
    public void Merge_ofTheStandIn_saysWhatTheClientsSays()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var objects = MemoryTrees.Objects();
            var start = RandomFiles(random, Paths.Length);
            var (upstream, client) = (Changed(random, start), Changed(random, start));
            var input = new MergeInput { Base = Tree(objects, start), Client = Tree(objects, client), Upstream = Tree(objects, upstream), Policy = Policy };
            var changes = TreeDiff.Compute(objects, input.Base, input.Upstream);
            var standIn = new StandIns(objects, input.Base, input.Upstream, changes, Policy).Of(objects, input.Client);
            var expected = Describe(ClientMerge.Plan(objects, input));
            var actual = Describe(ClientMerge.Plan(objects, input with { Client = standIn.Tree(objects) }));
            Assert.True(expected == actual, $"Seed {seed}:\n{expected}\nis not\n{actual}\nwith the stand-in\n{standIn.Key.Replace('\0', ' ')}");
        }
    }

    [Fact]
    public void OwnFiles_ofWhichTheRolloutKnowsNothing_makeNoDifference()
    {
        var objects = MemoryTrees.Objects();
        var (one, two) = (StandInOf(objects, ("hostname", "one\n"), ("own", "1\n"), ("c", "mine\n")), StandInOf(objects, ("hostname", "two\n"), ("other", "2\n"), ("c", "old\n")));
        Assert.Equal(one.Key, two.Key);
        Assert.NotEqual(one.Key, StandInOf(objects, ("hostname", "one\n"), ("a", "mine\n"), ("c", "old\n")).Key);
    }

    private static StandIn StandInOf(ObjectOverlay objects, params (string Path, string Content)[] client)
    {
        var before = objects.Tree(("a", "old\n"), ("c", "old\n"), ("hostname", "upstream\n"));
        var after = objects.Tree(("a", "new\n"), ("c", "old\n"), ("hostname", "renamed\n"));
        var own = client.ToDictionary(file => file.Path, file => file.Content, StringComparer.Ordinal);
        own.TryAdd("a", "old\n");
        return new StandIns(objects, before, after, TreeDiff.Compute(objects, before, after), Policy).Of(objects, objects.Tree([.. own.Select(file => (file.Key, file.Value))]));
    }

    private static PathPolicy Policy(RepoPath path) => path.Value switch
    {
        "hostname" or "key" => new() { Class = PathClass.Client, ClassSource = new("identity", 1) },
        "passwd" or "group" => new() { Together = "accounts", TogetherSource = new("together", 1) },
        "f" => new() { OnConflict = ConflictAnswer.Upstream, OnConflictSource = new("site", 1) },
        var below when below.StartsWith("up/", StringComparison.Ordinal) => new() { Class = PathClass.Upstream, ClassSource = new("site", 2) },
        _ => PathPolicy.Default,
    };

    private static string Describe(MergePlan plan) => string.Join('\n', plan.Decisions.Select(decision => $"{decision.Action} {decision.Path} {decision.Rule} {string.Join(',', decision.Settled.Select(one => one.Describe()))}")
        .Concat(plan.Conflicts.Select(conflict => $"{conflict.Kind} {conflict.Path} {conflict.Reason} {string.Join(' ', conflict.Keys.Select(key => key.Id))}"))
        .Concat(plan.AttributesSettled.Select(one => $"{one.Key.Name} {one.Describe()}")).Append(plan.ClientHeld ?? "-"));

    private sealed record Entry(string Content, int Mode, string Owner);

    private static SortedDictionary<string, Entry> RandomFiles(Random random, int most)
    {
        var files = new SortedDictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var path in Paths.Where(_ => random.Next(4) > 0).Take(most)) files[path] = RandomEntry(random, path);
        return files;
    }

    private static Entry RandomEntry(Random random, string path) => new(
        path is "passwd" or "group" ? string.Concat(Owners.Where(_ => random.Next(3) > 0).Select((name, i) => $"{name}:x:{i}:\n")) : $"1 {random.Next(2)}\n2\n3\n4 {random.Next(2)}\n",
        random.Next(3) == 0 ? 0x180 : 0x1A4, random.Next(4) == 0 ? Owners[random.Next(Owners.Length)] : "root");

    private static SortedDictionary<string, Entry> Changed(Random random, SortedDictionary<string, Entry> start)
    {
        var files = new SortedDictionary<string, Entry>(start, StringComparer.Ordinal);
        for (var i = random.Next(6); i > 0; i--)
        {
            var path = Paths[random.Next(Paths.Length)];
            switch (random.Next(5))
            {
                case 0:
                    files.Remove(path);
                    break;
                case 1 when !files.ContainsKey("d/e/a") && !files.ContainsKey("d/a") && !files.ContainsKey("d/b"):
                    files["d"] = RandomEntry(random, "d");
                    break;
                case 2 when !files.ContainsKey("b"):
                    files["b/in/it"] = RandomEntry(random, "b/in/it");
                    break;
                default:
                    if (!files.Keys.Any(other => other.StartsWith(path + "/", StringComparison.Ordinal) || path.StartsWith(other + "/", StringComparison.Ordinal))) files[path] = RandomEntry(random, path);
                    break;
            }
        }

        return files;
    }

    private static ObjectId Tree(ObjectOverlay objects, SortedDictionary<string, Entry> files)
    {
        var directories = files.Keys.SelectMany(Above).Distinct(StringComparer.Ordinal).Select(directory => new EtckeeperRecord(directory, 0x1ED));
        var records = files.Select(file => new EtckeeperRecord(file.Key, file.Value.Mode, file.Value.Owner == "root" ? null : file.Value.Owner));
        var metadata = EtckeeperFile.Of(records.Concat(directories).Append(new(EtckeeperFile.FileName, EtckeeperFile.FileMode)).Append(new(".", 0x1ED)), [], EtckeeperSpelling.DotSlash);
        var versions = files.ToDictionary(file => RepoPath.Parse(file.Key), file => new FileVersion(EntryMode.File, objects.AddBlob(System.Text.Encoding.UTF8.GetBytes(file.Value.Content))));
        versions[RepoPath.Parse(EtckeeperFile.FileName)] = new(EntryMode.Executable, objects.AddBlob(metadata.Write()));
        return TreeEdit.Apply(objects, ObjectId.EmptyTree, versions, new List<RepoPath>());
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1)) yield return path[..slash];
    }
}
