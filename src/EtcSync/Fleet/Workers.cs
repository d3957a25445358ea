using EtcSync.Core.Configuration;

namespace EtcSync.Fleet;

/// <summary>The threads that work on clients. Threads of our own: a client waits for the disk, and the pool would add threads for that only slowly.</summary>
internal static class Workers
{
    // Most of a client's time is waiting for the disk, and everybody who waits at the same time is served by one call.
    private const int PerProcessor = 8;

    /// <summary>Starts as many as are set, each with the same work.</summary>
    /// <param name="settings">Says how many.</param>
    /// <param name="most">But not more than these.</param>
    /// <param name="work">What each does until there is nothing more to do.</param>
    public static IReadOnlyList<Thread> Start(Settings settings, int most, Action work)
    {
        var count = Math.Min(settings.Workers ?? (Environment.ProcessorCount * PerProcessor), most);
        var threads = Enumerable.Range(0, count).Select(number => new Thread(() => work()) { Name = $"clients {number}", IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        return threads;
    }

    /// <summary>Waits until all have ended.</summary>
    public static void Join(IEnumerable<Thread> threads)
    {
        foreach (var thread in threads) thread.Join();
    }
}
