using System.Diagnostics;
using EtcSync.Watching;

namespace EtcSync.Tests.Watching;

public sealed class UpstreamWatchTests : IDisposable
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Nothing = TimeSpan.FromMilliseconds(400);

    private readonly string _top = Directory.CreateTempSubdirectory("etcsync-upstream-").FullName;
    private UpstreamWatch? _watch;

    public UpstreamWatchTests()
    {
        MakeRepository();
        MakeConfiguration();
    }

    private string Work => Path.Combine(_top, "etc");

    private string Configuration => Path.Combine(_top, "etcsync");

    public void Dispose()
    {
        _watch?.Dispose();
        Directory.Delete(_top, recursive: true);
    }

    [Fact]
    public async Task Commit_is_noticed_once_and_soon()
    {
        Start(Never);
        var clock = Stopwatch.StartNew();
        Commit();
        Assert.Equal([UpstreamChange.Repository], await Take());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"After {clock.ElapsedMilliseconds} ms.");
        Assert.Empty(await TakeAll());
    }

    [Fact]
    public async Task Commit_that_was_noticed_is_not_noticed_again_by_polling()
    {
        Start(Often);
        Commit();
        Assert.Equal([UpstreamChange.Repository], await Take());
        Assert.Empty(await TakeAll());
    }

    [Fact]
    public async Task Status_and_objects_are_no_change()
    {
        Start(Often);
        File.WriteAllText(Path.Combine(Work, "hosts"), "not committed\n");
        Git("status");
        Git("add", "hosts");
        Git("hash-object", "-w", "hosts");
        Git("tag", "mark");
        Assert.Empty(await TakeAll());
    }

    [Fact]
    public async Task Branches_with_slashes_are_noticed_when_made_moved_and_removed()
    {
        Start(Never);
        Git("branch", "site/berlin/rack1");
        Assert.Equal([UpstreamChange.Repository], await TakeSettled());
        Git("checkout", "-q", "site/berlin/rack1");
        Assert.Equal([UpstreamChange.Repository], await TakeSettled());
        Commit();
        Assert.Equal([UpstreamChange.Repository], await TakeSettled());
        Git("checkout", "-q", "main");
        Git("branch", "-D", "site/berlin/rack1");
        Assert.Equal([UpstreamChange.Repository], await TakeSettled());
        Git("branch", "site/berlin/rack2");
        Assert.Equal([UpstreamChange.Repository], await TakeSettled());
        Git("update-ref", "refs/heads/site/berlin/rack2", Commit());
        Assert.Equal([UpstreamChange.Repository], await TakeSettled());
    }

    [Fact]
    public async Task Packed_references_are_noticed_and_commits_after_too()
    {
        Start(Never);
        Git("pack-refs", "--all");
        Assert.Equal([UpstreamChange.Repository], await TakeSettled());
        Commit();
        Assert.Equal([UpstreamChange.Repository], await TakeSettled());
    }

    [Fact]
    public async Task Repository_that_is_absent_at_first_is_found()
    {
        Directory.Delete(Work, recursive: true);
        Start(Often);
        Assert.Empty(await TakeAll());
        MakeRepository();
        Assert.Equal([UpstreamChange.Repository], await TakeSettled());
        Commit();
        Assert.Equal([UpstreamChange.Repository], await Take());
    }

    [Fact]
    public async Task Repository_that_is_replaced_is_watched_again()
    {
        Start(Often);
        Directory.Move(Work, Path.Combine(_top, "old"));
        MakeRepository();
        Assert.Equal([UpstreamChange.Repository], await TakeSettled());
        _watch!.Dispose();

        // The new one by inotify, without polling.
        Start(Never);
        Directory.Move(Path.Combine(Work, ".git"), Path.Combine(Work, "git-old"));
        Git("init", "-q", "-b", "main");
        Assert.Equal([UpstreamChange.Repository], await TakeSettled());
    }

    [Theory]
    [InlineData("etcsync.yaml")]
    [InlineData("policies/site.yaml")]
    public async Task Edit_of_the_configuration_is_noticed(string file)
    {
        Start(Never);
        File.WriteAllText(Path.Combine(Configuration, file), "changed: true\n");
        Assert.Equal([UpstreamChange.Configuration], await TakeSettled());

        // As editors do it.
        var path = Path.Combine(Configuration, file);
        File.WriteAllText(path + "~new", "changed: again\n");
        Assert.Empty(await TakeAll());
        File.Move(path + "~new", path, overwrite: true);
        Assert.Equal([UpstreamChange.Configuration], await TakeSettled());
        File.Delete(path);
        Assert.Equal([UpstreamChange.Configuration], await TakeSettled());
    }

    [Fact]
    public async Task Files_of_editors_are_no_configuration()
    {
        Start(Often);
        foreach (var name in (string[])[".etcsync.yaml.swp", ".#etcsync.yaml", "4913", "etcsync.yaml~", "notes.txt"])
        {
            File.WriteAllText(Path.Combine(Configuration, name), "x");
        }

        Assert.Empty(await TakeAll());
    }

    [Fact]
    public async Task Configuration_that_is_removed_and_made_anew_is_watched_again()
    {
        Start(Often);
        Directory.Delete(Configuration, recursive: true);
        Assert.Equal([UpstreamChange.Configuration], await TakeSettled());
        MakeConfiguration();
        Assert.Equal([UpstreamChange.Configuration], await TakeSettled());
        File.WriteAllText(Path.Combine(Configuration, "policies", "new.yaml"), "x: 1\n");
        Assert.Equal([UpstreamChange.Configuration], await TakeSettled());
    }

    [Fact]
    public async Task Linked_configuration_is_followed_by_polling()
    {
        var elsewhere = Path.Combine(_top, "elsewhere.yaml");
        File.WriteAllText(elsewhere, "a: 1\n");
        File.Delete(Path.Combine(Configuration, "etcsync.yaml"));
        File.CreateSymbolicLink(Path.Combine(Configuration, "etcsync.yaml"), elsewhere);
        Start(Often);
        File.WriteAllText(elsewhere, "a: 22\n");
        Assert.Equal([UpstreamChange.Configuration], await TakeSettled());
    }

    [Fact]
    public async Task Commits_without_a_pause_are_reported_within_the_limit()
    {
        Start(Never);
        using var end = new CancellationTokenSource();
        var committing = Task.Run(() =>
        {
            while (!end.IsCancellationRequested) Commit();
        }, CancellationToken.None);
        var clock = Stopwatch.StartNew();
        Assert.Equal([UpstreamChange.Repository], await Take());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"After {clock.ElapsedMilliseconds} ms.");
        await end.CancelAsync();
        await committing;
    }

    private void Start(TimeSpan poll)
    {
        _watch = new(
            Path.Combine(Work, ".git"),
            [Configuration, Path.Combine(Configuration, "policies")],
            new(Quiet: TimeSpan.FromMilliseconds(100), Longest: TimeSpan.FromMilliseconds(500), poll),
            TimeProvider.System);
        Assert.Null(_watch.Problem);
    }

    private async Task<UpstreamChange[]> Take()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return [.. await _watch!.TakeAsync(patience.Token)];
    }

    /// <summary>What is reported, and what follows it.</summary>
    private async Task<UpstreamChange[]> TakeSettled()
    {
        var first = await Take();
        return [.. first.Concat(await TakeAll()).Distinct().Order()];
    }

    /// <summary>Whatever is reported until nothing has been for longer than anything is kept back.</summary>
    private async Task<UpstreamChange[]> TakeAll()
    {
        var taken = new SortedSet<UpstreamChange>();
        while (true)
        {
            using var patience = new CancellationTokenSource(Nothing);
            try
            {
                taken.UnionWith(await _watch!.TakeAsync(patience.Token));
            }
            catch (OperationCanceledException)
            {
                return [.. taken];
            }
        }
    }

    private void MakeRepository()
    {
        Directory.CreateDirectory(Work);
        Git("init", "-q", "-b", "main");
        Commit();
    }

    private void MakeConfiguration()
    {
        Directory.CreateDirectory(Path.Combine(Configuration, "policies"));
        File.WriteAllText(Path.Combine(Configuration, "etcsync.yaml"), "a: 1\n");
        File.WriteAllText(Path.Combine(Configuration, "policies", "site.yaml"), "a: 1\n");
    }

    private string Commit()
    {
        File.WriteAllText(Path.Combine(Work, "motd"), $"{Guid.NewGuid()}\n");
        Git("add", "-A");
        Git("commit", "-q", "-m", "change");
        return Git("rev-parse", "HEAD");
    }

    private string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = Work, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        foreach (var role in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{role}_NAME"] = "Test";
            start.Environment[$"GIT_{role}_EMAIL"] = "test@example.org";
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)}: {errors.Result}");
        return output.Trim();
    }
}
