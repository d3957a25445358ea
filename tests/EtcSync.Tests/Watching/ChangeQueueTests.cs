using System.Diagnostics;
using EtcSync.Watching;

namespace EtcSync.Tests.Watching;

public sealed class ChangeQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ChangeQueue<string> _queue = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TimeProvider.System);

    [Fact]
    public async Task Change_wakes_the_one_that_waits_when_it_has_settled()
    {
        var taking = _queue.TakeAsync(CancellationToken.None);
        var clock = Stopwatch.StartNew();
        _queue.Touch("a");
        _queue.Touch("a");
        Assert.Equal(["a"], (await taking.WaitAsync(Patience)).ToArray());
        Assert.True(clock.ElapsedMilliseconds >= 50, $"After {clock.ElapsedMilliseconds} ms.");
    }

    [Fact]
    public async Task Constant_changes_are_reported_after_the_limit()
    {
        var taking = _queue.TakeAsync(CancellationToken.None);
        var clock = Stopwatch.StartNew();
        while (!taking.IsCompleted && clock.Elapsed < Patience)
        {
            _queue.Touch("a");
            await Task.Delay(5);
        }

        Assert.Equal(["a"], (await taking).ToArray());
        Assert.True(clock.ElapsedMilliseconds >= 50, $"After {clock.ElapsedMilliseconds} ms.");
    }

    [Fact]
    public async Task Cancelled_wait_loses_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var taking = _queue.TakeAsync(cancellation.Token);
        _queue.Touch("a");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        Assert.Equal(["a"], (await _queue.TakeAsync(CancellationToken.None).WaitAsync(Patience, CancellationToken.None)).ToArray());
    }

    [Fact]
    public async Task Removed_key_is_not_taken()
    {
        _queue.Touch("a");
        _queue.Remove("a");
        _queue.Touch("b");
        Assert.Equal(["b"], (await _queue.TakeAsync(CancellationToken.None).WaitAsync(Patience)).ToArray());
    }
}
