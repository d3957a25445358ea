using EtcSync.Core.Git;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Git;

/// <summary>Our reading and writing of git's index, against git.</summary>
public sealed class GitIndexTests : IDisposable
{
    private readonly string _repository = Directory.CreateTempSubdirectory("etcsync-index-").FullName;

    public GitIndexTests()
    {
        Tool.Git(_repository, "init", "-q", "-b", "master");
        foreach (var name in (string[])["a", "a-b", "a.d/x", "a.d/y", "b", "ä/ö", new string('n', 200) + "/" + new string('m', 200) + "/z"]) Put(name, name);
        File.SetUnixFileMode(Path.Combine(_repository, "b"), (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(Path.Combine(_repository, "link"), "a");
        Tool.Git(_repository, "add", "-A");
    }

    private string IndexFile => Path.Combine(_repository, ".git/index");

    public void Dispose() => Directory.Delete(_repository, recursive: true);

    [Fact]
    public void Index_writtenAgain_isTheSameToGit()
    {
        var before = List();
        File.WriteAllBytes(IndexFile, Read().ToBytes());
        Assert.Equal(before, List());
        Assert.Empty(Tool.Git(_repository, "diff-files"));
    }

    [Fact]
    public void Index_ofVersion3_isRead()
    {
        Put("later", "x");
        Tool.Git(_repository, "add", "-N", "later");
        Assert.Equal(3, File.ReadAllBytes(IndexFile)[7]);
        Assert.Equal(Names(), Read().Entries.Select(entry => entry.Path));
    }

    [Fact]
    public void Paths_ofAnotherIndexWithTheSameFiles_areShared()
    {
        var first = Read();
        Put("a", "changed");
        Tool.Git(_repository, "add", "a");
        Assert.Same(first.Paths, GitIndex.TryParse(File.ReadAllBytes(IndexFile), _ => first.Paths)!.Paths);
    }

    [Theory]
    [InlineData("a", "c")]
    [InlineData("a.d/x", "a.d/")]
    [InlineData("b", "bb")]
    public void Paths_ofAnotherIndexWithOtherFiles_areNotTaken(string removed, string added)
    {
        var first = Read();
        Tool.Git(_repository, "rm", "-q", "-f", removed);
        Put(added.EndsWith('/') ? added + "w" : added, "new");
        Tool.Git(_repository, "add", "-A");
        var second = GitIndex.TryParse(File.ReadAllBytes(IndexFile), _ => first.Paths)!;
        Assert.Equal(first.Paths.Count, second.Paths.Count);
        Assert.Equal(Names(), second.Entries.Select(entry => entry.Path));
    }

    [Fact]
    public void With_changesAdditionsAndRemovals_isWhatGitMakesOfThem()
    {
        var index = Read();
        var changed = index.Entries.Single(entry => entry.Path == "a");
        Tool.Git(_repository, "rm", "-q", "-r", "-f", "a.d");
        Put("a", "changed");
        Put("A", "new");
        Put("zz/y", "new");
        Tool.Git(_repository, "add", "-A");
        var now = Read().Entries.ToDictionary(entry => entry.Path);
        var changes = new Dictionary<string, IndexEntry?> { ["a.d/x"] = null, ["a.d/y"] = null, ["a"] = now["a"], ["A"] = now["A"], ["zz/y"] = now["zz/y"] };
        var made = index.With(changes, ObjectId.EmptyTree);
        Assert.Equal(Names(), made.Entries.Select(entry => entry.Path));
        Assert.Equal(now["a"], made.Entries.Single(entry => entry.Path == "a"));
        Assert.NotEqual(changed.Id, now["a"].Id);
        Assert.Equal(ObjectId.EmptyTree, made.Tree);
        Assert.Same(index.Paths, index.With(new Dictionary<string, IndexEntry?> { ["a"] = now["a"] }, ObjectId.EmptyTree).Paths);
    }

    [Fact]
    public void Index_damagedAnywhere_isNotRead()
    {
        var bytes = File.ReadAllBytes(IndexFile);
        var known = Read().Paths;
        for (var at = 0; at < bytes.Length; at += 7)
        {
            var damaged = bytes.ToArray();
            damaged[at] ^= 0x55;
            Assert.Null(GitIndex.TryParse(damaged, _ => known));
            Assert.Null(GitIndex.TryParse(bytes.AsSpan(0, at), _ => null));
        }
    }

    [Fact]
    public void Index_inTheMiddleOfAMerge_isNotRead()
    {
        Tool.Git(_repository, "commit", "-q", "-m", "one");
        Tool.Git(_repository, "checkout", "-q", "-b", "side");
        Put("a", "side");
        Tool.Git(_repository, "commit", "-q", "-am", "side");
        Tool.Git(_repository, "checkout", "-q", "master");
        Put("a", "master");
        Tool.Git(_repository, "commit", "-q", "-am", "master");
        Tool.Try("git", "-C", _repository, "-c", "user.name=Test", "-c", "user.email=test@localhost", "merge", "-q", "side");
        Assert.Null(GitIndex.TryParse(File.ReadAllBytes(IndexFile), _ => null));
    }

    private void Put(string path, string content)
    {
        var file = Path.Combine(_repository, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private GitIndex Read() => GitIndex.TryParse(File.ReadAllBytes(IndexFile), _ => null)!;

    private string List() => Tool.Git(_repository, "ls-files", "-s", "-v", "--debug");

    private string[] Names() => Tool.Git(_repository, "ls-files", "-z").Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
