using EtcSync.Core.Git;
using EtcSync.Core.Paths;
using EtcSync.Git;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Git;

public sealed class ChangeSearchTests : IDisposable
{
    private static readonly RepoPath Hosts = RepoPath.Parse("hosts");

    private readonly string _directory = Directory.CreateTempSubdirectory("etcsync-test-").FullName;

    public ChangeSearchTests() => Tool.Git(_directory, "init", "-q", "-b", "master");

    [Fact]
    public void Commit_that_made_a_path_what_it_is_is_found()
    {
        Commit("one", "a\n");
        var wanted = Commit("two", "b\n");
        Commit("three", "b\n", "other");

        Assert.Equal(("two", wanted), Found(search => search.OfPath(Tip(), Hosts)));
    }

    [Fact]
    public void Commit_that_removed_a_path_is_found()
    {
        Commit("one", "a\n");
        File.Delete(Path.Combine(_directory, "hosts"));
        var wanted = Commit("gone", null);
        Commit("later", null, "other");

        Assert.Equal(("gone", wanted), Found(search => search.OfPath(Tip(), Hosts)));
    }

    [Fact]
    public void Commit_that_brought_lines_is_found_though_the_file_changed_since()
    {
        Commit("one", "x\n");
        var wanted = Commit("two", "x\nkey=1\n");
        Commit("three", "y\nkey=1\n");

        Assert.Equal(("two", wanted), Found(search => search.OfLines(Tip(), Hosts, "key=1\n"u8.ToArray(), areThere: true)));
    }

    [Fact]
    public void Commit_that_took_lines_away_is_found()
    {
        Commit("one", "x\nkey=1\n");
        var wanted = Commit("two", "x\nkey=10\n");
        Commit("three", "y\nkey=10\n");

        Assert.Equal(("two", wanted), Found(search => search.OfLines(Tip(), Hosts, "key=1\n"u8.ToArray(), areThere: false)));
    }

    [Fact]
    public void Lines_that_the_file_has_not_as_one_piece_are_looked_for_as_the_path()
    {
        Commit("one", "a\nb\n");
        var wanted = Commit("two", "a\nx\nb\n");

        Assert.Equal(("two", wanted), Found(search => search.OfLines(Tip(), Hosts, "a\nb\n"u8.ToArray(), areThere: true)));
    }

    [Fact]
    public void Change_on_a_merged_branch_is_found_behind_the_merge()
    {
        Commit("one", "a\n");
        Tool.Git(_directory, "checkout", "-q", "-b", "side");
        var wanted = Commit("on the side", "b\n");
        Tool.Git(_directory, "checkout", "-q", "master");
        Commit("meanwhile", "a\n", "other");
        Tool.Git(_directory, "-c", "user.name=m", "-c", "user.email=m@m", "merge", "-q", "--no-ff", "-m", "merge", "side");

        Assert.Equal(("on the side", wanted), Found(search => search.OfPath(Tip(), Hosts)));
    }

    [Fact]
    public void Commit_that_changed_a_mode_is_found()
    {
        Commit("one", "a\n");
        File.WriteAllText(Path.Combine(_directory, ".etckeeper"), "mkdir -p './x'\nmaybe chmod 0600 'hosts'\n");
        var wanted = Commit("mode", "a\n");
        Commit("later", "b\n");

        Assert.Equal(("mode", wanted), Found(search => search.OfAttributes(Tip(), Hosts)));
    }

    [Fact]
    public void History_that_was_cut_off_gives_no_answer()
    {
        Commit("one", "a\n");
        Commit("two", "a\n", "other");
        var shallow = Path.Combine(_directory, "shallow");
        Tool.Git(_directory, "clone", "-q", "--depth", "1", $"file://{_directory}", shallow);
        using var objects = ObjectStore.Open(Path.Combine(shallow, ".git"), new TreeCache());

        Assert.Null(new ChangeSearch(objects).OfPath(Tip(), Hosts));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private ObjectId Tip() => ObjectId.Parse(Tool.Git(_directory, "rev-parse", "HEAD").Trim());

    private string Commit(string subject, string? hosts, string? other = null)
    {
        if (hosts is not null) File.WriteAllText(Path.Combine(_directory, "hosts"), hosts);
        if (other is not null) File.WriteAllText(Path.Combine(_directory, other), subject);
        Tool.Git(_directory, "add", "-A");
        Tool.Git(_directory, "commit", "-q", "--allow-empty", "-m", subject);
        return Tip().ToString();
    }

    private (string?, string?) Found(Func<ChangeSearch, ChangeCommit?> search)
    {
        using var objects = ObjectStore.Open(Path.Combine(_directory, ".git"), new TreeCache());
        var found = search(new(objects));
        return (found?.Subject, found?.Id.ToString());
    }
}
