using System.Collections.Concurrent;
using EtcSync.FileSystem;

namespace EtcSync.Tests.FileSystem;

public sealed class FileSystemSyncTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Sync_real_call_works() => new FileSystemSync().Sync(_tree.Top);

    [Fact]
    public void Sync_many_threads_each_is_covered_by_a_run_that_began_after_it_asked()
    {
        const int Threads = 32;
        const int Requests = 60;
        long clock = 0;
        var running = 0;
        var overlap = false;
        var runs = new ConcurrentQueue<(long Start, long End)>();
        var requests = new ConcurrentQueue<(long Asked, long Answered)>();
        var sync = new FileSystemSync(_ =>
        {
            if (Interlocked.Increment(ref running) != 1) overlap = true;
            var start = Interlocked.Increment(ref clock);
            Thread.Sleep(2);
            var end = Interlocked.Increment(ref clock);
            Interlocked.Decrement(ref running);
            runs.Enqueue((start, end));
        });
        InParallel(Threads, _ =>
        {
            for (var i = 0; i < Requests; i++)
            {
                var asked = Interlocked.Increment(ref clock);
                sync.Sync(7, _tree.Top);
                requests.Enqueue((asked, Interlocked.Increment(ref clock)));
            }
        });
        Assert.False(overlap);
        Assert.Equal(Threads * Requests, requests.Count);
        Assert.All(requests, r => Assert.Contains(runs, s => s.Start > r.Asked && s.End < r.Answered));
        Assert.True(runs.Count < Threads * Requests / 4, $"{runs.Count} runs for {Threads * Requests} requests");
    }

    [Fact]
    public void Sync_file_systems_do_not_wait_for_each_other()
    {
        using var inside = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var first = true;
        var sync = new FileSystemSync(_ =>
        {
            if (!first) return;
            first = false;
            inside.Set();
            release.Wait();
        });
        var slow = new Thread(() => sync.Sync(1, _tree.Top));
        slow.Start();
        inside.Wait();
        sync.Sync(2, _tree.Top);
        release.Set();
        slow.Join();
    }

    [Fact]
    public void Sync_failure_reaches_everyone_it_served_and_nobody_later()
    {
        const int Followers = 8;
        using var inside = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var runs = 0;
        var sync = new FileSystemSync(_ =>
        {
            switch (Interlocked.Increment(ref runs))
            {
                case 1:
                    inside.Set();
                    release.Wait();
                    break;
                case 2:
                    throw new FileSystemException("write back", "/srv", Errno.EIO);
            }
        });
        var leader = new Thread(() => sync.Sync(1, _tree.Top));
        leader.Start();
        inside.Wait();
        var failures = new ConcurrentQueue<Exception>();
        var asking = 0;
        var followers = Enumerable.Range(0, Followers).Select(_ => new Thread(() =>
        {
            Interlocked.Increment(ref asking);
            try
            {
                sync.Sync(1, _tree.Top);
            }
            catch (FileSystemException e)
            {
                failures.Enqueue(e);
            }
        })).ToArray();
        foreach (var thread in followers) thread.Start();
        SpinWait.SpinUntil(() => asking == Followers && followers.All(t => t.ThreadState.HasFlag(ThreadState.WaitSleepJoin)));
        release.Set();
        leader.Join();
        foreach (var thread in followers) thread.Join();
        Assert.Equal(Followers, failures.Count);
        Assert.Equal(Followers, failures.Distinct().Count());
        Assert.All(failures, e => Assert.Equal(Errno.EIO, Assert.IsType<FileSystemException>(e).Error));
        sync.Sync(1, _tree.Top);
        Assert.Equal(3, runs);
    }

    private static void InParallel(int count, Action<int> work)
    {
        var failures = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            try
            {
                work(i);
            }
            catch (IOException e)
            {
                failures.Enqueue(e);
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Empty(failures);
    }
}
