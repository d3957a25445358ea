using EtcSync.Controller;
using EtcSync.Core.Clients;

namespace EtcSync.Tests.Controller;

public sealed class ClientQueueTests
{
    private static readonly ClientName One = ClientName.Parse("one");
    private static readonly ClientName Two = ClientName.Parse("two");
    private static readonly ClientWork Scan = new(Merge: false, Scan: true);
    private static readonly ClientWork Merge = new(Merge: true, Scan: false);

    private readonly ClientQueue _queue = new();

    [Fact]
    public void Take_givesClientsInTheOrderInWhichTheyWereAdded()
    {
        _queue.Add(Two, Scan);
        _queue.Add(One, Merge);
        Assert.Equal(2, _queue.Count);
        Assert.Equal((Two, Scan), _queue.Take());
        Assert.Equal((One, Merge), _queue.Take());
    }

    [Fact]
    public void Add_ofAClientThatWaits_joinsWhatIsAskedOfIt()
    {
        _queue.Add(One, Scan);
        _queue.Add(One, Merge);
        Assert.Equal((One, new ClientWork(Merge: true, Scan: true)), _queue.Take());
        _queue.Finish(One);
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void Add_ofAClientThatIsWorkedOn_isGivenOutWhenThatIsOver()
    {
        _queue.Add(One, Scan);
        Assert.Equal((One, Scan), _queue.Take());
        _queue.Add(One, Merge);
        _queue.Add(Two, Scan);
        // Somebody else comes first although it was added later.
        Assert.Equal((Two, Scan), _queue.Take());
        Assert.Equal(3, _queue.Count);
        _queue.Finish(One);
        Assert.Equal((One, Merge), _queue.Take());
    }

    [Fact]
    public async Task Take_ofAnEmptyQueue_waitsForAClient()
    {
        var taken = Task.Run(_queue.Take);
        await Task.Delay(50);
        Assert.False(taken.IsCompleted);
        _queue.Add(One, Scan);
        Assert.Equal((One, Scan), await taken.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Take_whenTheOnlyClientIsWorkedOn_waitsUntilItIsFinished()
    {
        _queue.Add(One, Scan);
        Assert.Equal((One, Scan), _queue.Take());
        _queue.Add(One, Merge);
        var taken = Task.Run(_queue.Take);
        await Task.Delay(50);
        Assert.False(taken.IsCompleted);
        _queue.Finish(One);
        Assert.Equal((One, Merge), await taken.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task End_wakesEverybodyWhoWaitsAndGivesNothingOutAnyMore()
    {
        Task<(ClientName Client, ClientWork Work)?>[] taken = [Task.Run(_queue.Take), Task.Run(_queue.Take)];
        await Task.Delay(50);
        _queue.End();
        Assert.All(await Task.WhenAll(taken).WaitAsync(TimeSpan.FromSeconds(10)), found => Assert.Null(found));
        _queue.Add(One, Scan);
        Assert.Null(_queue.Take());
    }

    [Fact]
    public async Task Clients_takenByManyThreads_areNeverGivenOutTwiceAtTheSameTime()
    {
        var names = Enumerable.Range(0, 20).Select(number => ClientName.Parse($"pc{number}")).ToArray();
        var busy = new int[names.Length];
        var (passes, twice) = (0, 0);
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (_queue.Take() is var (name, _))
                {
                    var index = Array.IndexOf(names, name);
                    if (Interlocked.Increment(ref busy[index]) != 1) Interlocked.Increment(ref twice);
                    Interlocked.Increment(ref passes);
                    Thread.Yield();
                    Interlocked.Decrement(ref busy[index]);
                    _queue.Finish(name);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        for (var i = 0; i < 20_000; i++) _queue.Add(names[i % names.Length], Scan);
        while (_queue.Count > 0) await Task.Delay(1);
        _queue.End();
        await Task.WhenAll(workers);
        Assert.Equal(0, twice);
        Assert.InRange(passes, names.Length, 20_000);
    }
}
