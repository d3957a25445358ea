using EtcSync.FileSystem;
using EtcSync.Watching;

namespace EtcSync.Tests.Watching;

/// <summary>Trees of clients, watched as a scan would have them watched.</summary>
public sealed class WatchedTrees : IDisposable
{
    internal static readonly DriftWatchLimits Plenty = new(Directories: 10_000, DirectoriesOfOne: 1_000, EventsOfOne: 100_000);

    public WatchedTrees()
        : this(Plenty)
    {
    }

    internal WatchedTrees(DriftWatchLimits limits) =>
        Drift = new(limits, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), TimeProvider.System);

    public string Top { get; } = Directory.CreateTempSubdirectory("etcsync-watch-").FullName;

    internal DriftWatch<string> Drift { get; }

    public string At(string path)
    {
        var full = Path.Combine(Top, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }

    public string Make(string directory) => Directory.CreateDirectory(Path.Combine(Top, directory)).FullName;

    public void Write(string path, string content) => File.WriteAllText(At(path), content);

    /// <summary>Registers all directories of a client, the tree that has its name.</summary>
    public void Scan(string client)
    {
        var registration = Drift.Register(client);
        var top = Path.Combine(Top, client);
        foreach (var directory in Directory.EnumerateDirectories(top, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Prepend(top))
        {
            Assert.Equal(OpenOutcome.Opened, DirectoryDescriptor.OpenRoot(directory, out var descriptor));
            using (descriptor) registration.Add(descriptor!);
        }

        registration.Complete();
    }

    public async Task<string[]> Take()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return [.. await Drift.TakeAsync(patience.Token)];
    }

    /// <summary>What is reported, and what follows it.</summary>
    public async Task<string[]> TakeSettled()
    {
        var first = await Take();
        return [.. first.Concat(await TakeAll()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Whatever is reported by the time that anything that happened before must have been.</summary>
    public async Task<string[]> TakeAll()
    {
        var taken = new SortedSet<string>(StringComparer.Ordinal);
        while (true)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            try
            {
                taken.UnionWith(await Drift.TakeAsync(patience.Token));
            }
            catch (OperationCanceledException)
            {
                return [.. taken];
            }
        }
    }

    public void Dispose()
    {
        Drift.Dispose();
        Directory.Delete(Top, recursive: true);
    }
}
