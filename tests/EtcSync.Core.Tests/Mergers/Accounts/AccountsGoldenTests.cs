using System.Text;
using EtcSync.Core.Checks;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Merging;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Tests.Trees;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Tests.Mergers.Accounts;

/// <summary>
/// Each folder Golden/CASE holds the directories base, client and upstream, each an /etc of a few files, the directory expected with
/// what the client has afterwards, and the file report with what is said of it. A file take ("client" or "upstream") is the answer to
/// every dispute. With UPDATE_GOLDEN=1 in the environment the results are written instead: read the difference before committing it.
/// </summary>
public sealed class AccountsGoldenTests
{
    private readonly ObjectOverlay _objects = MemoryTrees.Objects();

    public static TheoryData<string> Cases() => [.. Directory.GetDirectories(Folder()).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case_givesWhatIsExpected(string name)
    {
        var folder = Path.Combine(Folder(), name);
        var policy = new PathPolicy { Merger = ContentMergers.Accounts };
        if (File.Exists(Path.Combine(folder, "take"))) policy = policy with { OnConflict = Enum.Parse<ConflictAnswer>(File.ReadAllText(Path.Combine(folder, "take")).Trim(), ignoreCase: true), OnConflictSource = new("site.yaml", 1) };
        var plan = ClientMerge.Plan(_objects, new() { Base = Tree(folder, "base"), Client = Tree(folder, "client"), Upstream = Tree(folder, "upstream"), Policy = _ => policy, Checks = BuiltInChecks.All });

        var files = TreeDiff.List(_objects, plan.Tree).ToDictionary(file => file.Path.Value, file => _objects.ReadBlob(file.After.Id));
        var report = Encoding.UTF8.GetBytes(Report(plan));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            if (Directory.Exists(Path.Combine(folder, "expected"))) Directory.Delete(Path.Combine(folder, "expected"), recursive: true);
            Directory.CreateDirectory(Path.Combine(folder, "expected"));
            foreach (var (path, content) in files) File.WriteAllBytes(Path.Combine(folder, "expected", path), content);
            File.WriteAllBytes(Path.Combine(folder, "report"), report);
        }

        Assert.Equal(Directory.GetFiles(Path.Combine(folder, "expected")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal), files.Keys.Order(StringComparer.Ordinal));
        foreach (var (path, content) in files) Assert.Equal(Printable(File.ReadAllBytes(Path.Combine(folder, "expected", path))), Printable(content));
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "report")), Encoding.UTF8.GetString(report));
    }

    private ObjectId Tree(string folder, string side) => TreeEdit.Apply(
        _objects,
        ObjectId.EmptyTree,
        Directory.GetFiles(Path.Combine(folder, side), "*", SearchOption.AllDirectories).ToDictionary(
            path => RepoPath.Parse(Path.GetRelativePath(Path.Combine(folder, side), path)), path => new FileVersion(EntryMode.File, _objects.AddBlob(File.ReadAllBytes(path)))),
        new List<RepoPath>());

    private static string Report(MergePlan plan)
    {
        var report = new StringBuilder();
        foreach (var decision in plan.Decisions) report.Append($"{decision.Action}: {decision.Path}\n");
        foreach (var settled in plan.Settled) report.Append($"settled: {settled.Key.Name}: {settled.Describe()}\n");
        foreach (var conflict in plan.Conflicts)
        {
            report.Append($"{conflict.Kind}: {conflict.Path}: {conflict.Reason}\n");
            foreach (var record in conflict.Records)
            {
                report.Append($"  {record.Record}: {record.Reason}\n");
                foreach (var side in Enum.GetValues<DisputeSide>()) report.Append($"    {side}: {(record.Version(side) is { } lines ? Printable(lines).TrimEnd('\n').Replace("\n", " | ", StringComparison.Ordinal) : "none")}\n");
            }
        }

        foreach (var notice in plan.Notices) report.Append($"note: {notice}\n");
        return report.ToString();
    }

    private static string Printable(byte[] bytes) => string.Concat(bytes.Select(b => b is (byte)'\n' or (byte)'\t' or (> 31 and < 127) ? ((char)b).ToString() : $"\\x{b:x2}"));

    private static string Folder()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "EtcSync.sln"))) directory = directory.Parent;
        Assert.NotNull(directory);
        return Path.Combine(directory.FullName, "tests", "EtcSync.Core.Tests", "Mergers", "Accounts", "Golden");
    }
}
