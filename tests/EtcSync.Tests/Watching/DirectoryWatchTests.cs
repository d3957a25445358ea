using System.Collections.Concurrent;
using System.Runtime.Versioning;
using EtcSync.Core.Git;
using EtcSync.Watching;

namespace EtcSync.Tests.Watching;

[SupportedOSPlatform("linux")]
public sealed class DirectoryWatchTests : IDisposable
{
    private readonly string _top = Directory.CreateTempSubdirectory("etcsync-inotify-").FullName;
    private readonly ConcurrentQueue<(string Key, WatchEvents Events, string Name)> _seen = new();
    private readonly DirectoryWatch<string> _watch;
    private volatile bool _blocked;
    private int _overflows;

    public DirectoryWatchTests()
    {
        Assert.True(InotifyInstance.TryCreate(out var instance, out var problem), problem);
        _watch = new(instance, WatchEvents.Changes, limit: 100, Note, () => _overflows++);
    }

    public void Dispose()
    {
        _blocked = false;
        _watch.Dispose();
        Directory.Delete(_top, recursive: true);
    }

    [Fact]
    public void Event_comes_with_its_key_and_name()
    {
        Watch("key", _top);
        File.WriteAllText(Path.Combine(_top, "naïve"), "x");
        _watch.Drain(() => { });
        Assert.Contains(("key", WatchEvents.Created, "naïve"), _seen);
        Assert.Contains(("key", WatchEvents.Closed, "naïve"), _seen);
    }

    [Fact]
    public void Directory_that_goes_to_another_key_leaves_the_first()
    {
        Watch("first", _top);
        Watch("second", _top);
        Assert.Equal(1, _watch.Count);
        _watch.Remove("first");
        File.WriteAllText(Path.Combine(_top, "file"), "x");
        _watch.Drain(() => { });
        Assert.NotEmpty(_seen);
        Assert.All(_seen, seen => Assert.Equal("second", seen.Key));
    }

    [Fact]
    public void Removed_directory_ends_its_watch()
    {
        var below = Directory.CreateDirectory(Path.Combine(_top, "below")).FullName;
        Watch("key", below);
        Directory.Delete(below);
        _watch.Drain(() => { });
        Assert.Contains(_seen, seen => seen.Events == WatchEvents.Ended);
        Assert.Equal(0, _watch.Count);
    }

    [Fact]
    public void File_is_refused()
    {
        var file = Path.Combine(_top, "file");
        File.WriteAllText(file, "x");
        var refused = Assert.IsType<WatchOutcome.Refused>(_watch.Register("key").Add(file));
        Assert.StartsWith($"Could not watch '{file}'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limit_of_the_kernel_is_told_with_its_name_and_remedy() =>
        Assert.Contains("sysctl -w fs.inotify.max_user_watches=", WatchOutcome.KernelLimit.Value.Message, StringComparison.Ordinal);

    [Fact]
    public void Lost_events_are_told_as_such()
    {
        var limit = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"));
        Watch("key", _top);
        _blocked = true;
        File.WriteAllText(Path.Combine(_top, "first"), "x");
        var files = (string[])[Path.Combine(_top, "a"), Path.Combine(_top, "b")];
        // Alternating, or the kernel would merge them.
        for (var i = 0; i <= limit / 2 + 1024; i++)
        {
            foreach (var file in files) File.SetUnixFileMode(CreateOnce(file), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        _blocked = false;
        _watch.Drain(() => { });
        Assert.True(_overflows > 0, $"After {_seen.Count} events.");
    }

    [Fact]
    public async Task End_comes_at_once()
    {
        Watch("key", _top);
        await Task.Run(_watch.Dispose).WaitAsync(TimeSpan.FromSeconds(10));
        await File.WriteAllTextAsync(Path.Combine(_top, "after"), "x");
        Assert.Empty(_seen);
    }

    private static string CreateOnce(string file)
    {
        if (!File.Exists(file)) File.WriteAllText(file, "");
        return file;
    }

    private void Note(string key, WatchEvents events, ReadOnlySpan<byte> name)
    {
        _seen.Enqueue((key, events, GitName.Decode(name)));
        while (_blocked) Thread.Sleep(1);
    }

    private void Watch(string key, string directory)
    {
        var registration = _watch.Register(key);
        Assert.IsType<WatchOutcome.Watched>(registration.Add(directory));
        registration.Complete();
    }
}
