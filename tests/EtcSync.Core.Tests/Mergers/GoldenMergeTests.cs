using System.Text;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Merging;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Tests.Trees;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Tests.Mergers;

/// <summary>
/// Each folder Golden/MERGER/CASE holds the files base, client and upstream (one that is not there: the version is not there; a
/// directory: the path became one) and what comes of them: the file expected, or the file report with the disputes, and the file note
/// where people should know something. A file take ("client" or "upstream") is the answer to every dispute. With UPDATE_GOLDEN=1 in
/// the environment the results are written instead: read the difference before committing it.
/// </summary>
public sealed class GoldenMergeTests
{
    private const int FewestCases = 6;

    private readonly ObjectOverlay _objects = MemoryTrees.Objects();

    public static TheoryData<string> Cases() =>
        [.. Directory.GetDirectories(Folder()).SelectMany(Directory.GetDirectories).Select(path => Path.GetRelativePath(Folder(), path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case_givesWhatIsExpected(string name)
    {
        var folder = Path.Combine(Folder(), name);
        var merger = ContentMergers.Find(name.Split('/')[0]);
        if (merger is null) Assert.StartsWith(ContentMergers.Text + "/", name);

        var result = FileMerge.Merge(_objects, MemoryTrees.Path("file"), Version(folder, "base"), Version(folder, "client"), Version(folder, "upstream"), merger, Answers(folder));

        Expect(folder, "expected", result is FileMergeResult.Merged { Version.Exists: true } merged ? _objects.ReadBlob(merged.Version.Id) : null);
        Expect(folder, "report", result is FileMergeResult.Disputed disputed ? Report(disputed) : null);
        Expect(folder, "note", result.Note is { } note ? Encoding.UTF8.GetBytes(note + "\n") : null);
    }

    [Fact]
    public void Every_merger_hasCasesAndLaws()
    {
        var laws = typeof(GoldenMergeTests).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(MergerLaws))).Count();
        var mergers = ContentMergers.Names.Where(name => ContentMergers.Find(name) is not null).ToList();
        Assert.All(mergers, name => Assert.True(Directory.Exists(Path.Combine(Folder(), name)) && Directory.GetDirectories(Path.Combine(Folder(), name)).Length >= FewestCases, $"{name} has too few cases."));
        Assert.True(laws >= mergers.Count, $"There are {mergers.Count} mergers, and laws are proved for {laws}.");
    }

    private FileVersion Version(string folder, string side)
    {
        var path = Path.Combine(folder, side);
        if (Directory.Exists(path)) return new(EntryMode.Directory, _objects.AddTree(GitTree.Empty));
        return File.Exists(path) ? new(EntryMode.File, _objects.AddBlob(File.ReadAllBytes(path))) : FileVersion.Absent;
    }

    private static Arbiter Answers(string folder)
    {
        var path = Path.Combine(folder, "take");
        if (!File.Exists(path)) return Arbiter.Silent;
        var answer = Enum.Parse<ConflictAnswer>(File.ReadAllText(path).Trim(), ignoreCase: true);
        return new(_ => null, _ => new() { OnConflict = answer, OnConflictSource = new("site.yaml", 1) });
    }

    private static void Expect(string folder, string name, byte[]? actual)
    {
        var path = Path.Combine(folder, name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            if (actual is null) File.Delete(path);
            else File.WriteAllBytes(path, actual);
        }

        Assert.Equal(File.Exists(path) ? Printable(File.ReadAllBytes(path)) : null, actual is null ? null : Printable(actual));
    }

    private static byte[] Report(FileMergeResult.Disputed disputed)
    {
        var report = new StringBuilder($"{disputed.Kind}: {disputed.Reason}\n");
        foreach (var record in disputed.Records)
        {
            report.Append($"\n{record.Record}: {record.Reason}\n");
            foreach (var side in Enum.GetValues<DisputeSide>())
            {
                if (record.Version(side) is not { } lines) report.Append($"  {side} has none\n");
                else foreach (var line in Printable(lines).TrimEnd('\n').Split('\n')) report.Append($"  {side}: {line}\n");
            }
        }

        return Encoding.UTF8.GetBytes(report.ToString());
    }

    private static string Printable(byte[] bytes) => string.Concat(bytes.Select(b => b is (byte)'\n' or (byte)'\t' or (> 31 and < 127) ? ((char)b).ToString() : $"\\x{b:x2}"));

    private static string Folder()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "EtcSync.sln"))) directory = directory.Parent;
        Assert.NotNull(directory);
        return Path.Combine(directory.FullName, "tests", "EtcSync.Core.Tests", "Mergers", "Golden");
    }
}
