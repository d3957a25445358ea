using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using EtcSync.Core.Clients;
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

    /// <summary>Does something with every client, several at the same time, and waits for all of them.</summary>
    /// <param name="settings">Says how many at the same time.</param>
    /// <param name="clients">The clients.</param>
    /// <param name="action">What is done; what it throws ends the others after the client in hand, and is thrown here.</param>
    /// <param name="cancellation">No further client is begun.</param>
    public static void ForEach(Settings settings, IReadOnlyCollection<Client> clients, Action<Client> action, CancellationToken cancellation)
    {
        var waiting = new ConcurrentQueue<Client>(clients);
        var failure = default(ExceptionDispatchInfo);
        Join(Start(settings, clients.Count, Work));
        failure?.Throw();

        void Work()
        {
            try
            {
                while (!cancellation.IsCancellationRequested && waiting.TryDequeue(out var client)) action(client);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // On a thread of its own it would end the process: it is carried to the caller.
                failure = ExceptionDispatchInfo.Capture(e);
                waiting.Clear();
            }
        }
    }

    /// <summary>Waits until all have ended.</summary>
    public static void Join(IEnumerable<Thread> threads)
    {
        foreach (var thread in threads) thread.Join();
    }
}
