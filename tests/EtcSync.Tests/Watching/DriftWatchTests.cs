using System.Runtime.Versioning;
using EtcSync.FileSystem;
using EtcSync.Watching;

namespace EtcSync.Tests.Watching;

[SupportedOSPlatform("linux")]
public sealed class DriftWatchTests : IDisposable
{
    private readonly WatchedTrees _trees = new();

    public DriftWatchTests()
    {
        foreach (var client in (string[])["node01", "node02"])
        {
            _trees.Write($"{client}/hostname", client);
            _trees.Write($"{client}/ssh/sshd_config", "Port 22\n");
            _trees.Scan(client);
        }
    }

    private DriftWatch<string> Drift => _trees.Drift;

    public void Dispose() => _trees.Dispose();

    [Theory]
    [InlineData("modified")]
    [InlineData("created")]
    [InlineData("deleted")]
    [InlineData("mode")]
    [InlineData("replaced")]
    [InlineData("moved away")]
    [InlineData("linked")]
    [InlineData("directory mode")]
    [InlineData("directory removed")]
    public async Task Client_is_reported_for_each_kind_of_change(string change)
    {
        var file = _trees.At("node01/ssh/sshd_config");
        switch (change)
        {
            case "modified": File.AppendAllText(file, "PermitRootLogin no\n"); break;
            case "created": _trees.Write("node01/ssh/ssh_config", ""); break;
            case "deleted": File.Delete(file); break;
            case "mode": File.SetUnixFileMode(file, UnixFileMode.UserRead); break;
            case "replaced":
                var other = Path.Combine(_trees.Top, "other");
                File.WriteAllText(other, "Port 2222\n");
                File.Move(other, file, overwrite: true);
                break;
            case "moved away": File.Move(file, Path.Combine(_trees.Top, "away")); break;
            case "linked": File.CreateSymbolicLink(_trees.At("node01/ssh/link"), "/etc/passwd"); break;
            case "directory mode": File.SetUnixFileMode(_trees.At("node01/ssh"), UnixFileMode.UserRead | UnixFileMode.UserExecute); break;
            default: Directory.Delete(_trees.At("node01/ssh"), recursive: true); break;
        }

        Assert.Contains("node01", await _trees.TakeAll());
        Assert.DoesNotContain("node01", await _trees.TakeAll());
    }

    [Fact]
    public async Task Reading_is_no_change()
    {
        _ = await File.ReadAllTextAsync(_trees.At("node01/hostname"));
        _ = Directory.GetFileSystemEntries(Path.Combine(_trees.Top, "node01/ssh"));
        _trees.Scan("node02");
        Assert.Empty(await _trees.TakeAll());
    }

    [Fact]
    public async Task Many_changes_of_a_client_are_one_entry()
    {
        for (var i = 0; i < 500; i++) _trees.Write($"node02/ssh/{i}", "x");
        Assert.Equal(["node02"], await _trees.TakeSettled());
    }

    [Fact]
    public async Task New_directory_is_watched_after_the_scan_that_its_making_brought_about()
    {
        _trees.Make("node01/new");
        Assert.Equal(["node01"], await _trees.TakeSettled());
        _trees.Scan("node01");
        _trees.Write("node01/new/file", "x");
        Assert.Equal(["node01"], await _trees.Take());
    }

    [Fact]
    public async Task Scan_forgets_what_it_has_seen()
    {
        _trees.Write("node01/hostname", "changed");
        _trees.Scan("node01");
        Assert.Empty(await _trees.TakeAll());
        Drift.Touch("node01");
        Assert.Equal(["node01"], await _trees.Take());
    }

    [Fact]
    public async Task Removed_client_is_not_reported()
    {
        _trees.Write("node01/hostname", "changed");
        Drift.Remove("node01");
        _trees.Write("node01/hostname", "changed again");
        Assert.Empty(await _trees.TakeAll());
    }

    [Fact]
    public async Task Descriptor_is_what_is_watched_and_not_what_its_name_leads_to()
    {
        var mine = _trees.Make("node03/dir");
        var secret = _trees.Make("outside");
        Assert.Equal(OpenOutcome.Opened, DirectoryDescriptor.OpenRoot(mine, out var descriptor));
        Directory.Move(mine, _trees.At("node03/moved"));
        Directory.CreateSymbolicLink(mine, secret);
        var registration = Drift.Register("node03");
        using (descriptor) registration.Add(descriptor!);
        registration.Complete();
        _trees.Write("outside/file", "x");
        Assert.Empty(await _trees.TakeAll());
        _trees.Write("node03/moved/file", "x");
        Assert.Equal(["node03"], await _trees.Take());
    }

    [Fact]
    public async Task Directory_that_a_scan_does_not_meet_any_more_is_not_watched()
    {
        Directory.Move(_trees.At("node01/ssh"), _trees.At("elsewhere"));
        _trees.Scan("node01");
        _trees.Write("elsewhere/sshd_config", "x");
        Assert.Empty(await _trees.TakeAll());
    }

    [Fact]
    public async Task Watches_that_run_out_are_told_by_client()
    {
        using var trees = new WatchedTrees(WatchedTrees.Plenty with { Directories = 3 });
        trees.Make("node01/a");
        trees.Make("node02/a");
        trees.Make("node02/b");
        trees.Scan("node01");
        trees.Scan("node02");
        var (client, reason) = Assert.Single(trees.Drift.Unwatched);
        Assert.Equal("node02", client);
        Assert.Equal("3 directories are watched already, and that is the limit.", reason);

        // What was watched before stays watched.
        trees.Scan("node01");
        trees.Write("node01/a/file", "x");
        Assert.Equal(["node01"], await trees.Take());

        trees.Drift.Remove("node01");
        trees.Scan("node02");
        Assert.Empty(trees.Drift.Unwatched);
        trees.Write("node02/b/file", "x");
        Assert.Equal(["node02"], await trees.Take());
    }

    [Fact]
    public void Client_with_too_many_directories_leaves_watches_for_others()
    {
        using var trees = new WatchedTrees(WatchedTrees.Plenty with { DirectoriesOfOne = 5 });
        for (var i = 0; i < 10; i++) trees.Make($"node01/{i}");
        trees.Make("node02/a");
        trees.Scan("node01");
        trees.Scan("node02");
        Assert.Equal("It has more than 5 directories.", Assert.Single(trees.Drift.Unwatched).Value);
    }

    [Fact]
    public async Task Client_that_is_never_quiet_is_unwatched_until_it_is_scanned()
    {
        using var trees = new WatchedTrees(WatchedTrees.Plenty with { EventsOfOne = 50 });
        trees.Make("node01");
        trees.Scan("node01");
        for (var i = 0; i < 100; i++) trees.Write($"node01/{i}", "x");
        Assert.Equal(["node01"], await trees.TakeSettled());
        Assert.Equal("node01", Assert.Single(trees.Drift.Unwatched).Key);
        trees.Write("node01/0", "y");
        Assert.Empty(await trees.TakeAll());
        trees.Scan("node01");
        Assert.Empty(trees.Drift.Unwatched);
        trees.Write("node01/0", "z");
        Assert.Equal(["node01"], await trees.Take());
    }
}
