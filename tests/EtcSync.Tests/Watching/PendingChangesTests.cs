using EtcSync.Watching;

namespace EtcSync.Tests.Watching;

public sealed class PendingChangesTests
{
    private readonly PendingChanges<string> _pending = new(Milliseconds(250), Milliseconds(1000));

    [Fact]
    public void Change_is_due_when_it_has_been_quiet()
    {
        _pending.Touch("a", Milliseconds(100));
        Assert.Equal(Milliseconds(350), _pending.NextDue());
        Assert.Empty(_pending.TakeDue(Milliseconds(349)));
        Assert.Equal(["a"], _pending.TakeDue(Milliseconds(350)).ToArray());
        Assert.True(_pending.IsEmpty);
        Assert.Null(_pending.NextDue());
    }

    [Fact]
    public void Further_changes_put_it_off_and_are_one()
    {
        _pending.Touch("a", Milliseconds(0));
        _pending.Touch("a", Milliseconds(200));
        Assert.Empty(_pending.TakeDue(Milliseconds(300)));
        Assert.Equal(["a"], _pending.TakeDue(Milliseconds(450)).ToArray());
        Assert.Empty(_pending.TakeDue(Milliseconds(10_000)));
    }

    [Fact]
    public void Key_that_is_never_quiet_is_due_after_the_limit()
    {
        for (var at = 0; at < 1000; at += 100) _pending.Touch("a", Milliseconds(at));
        Assert.Equal(Milliseconds(1000), _pending.NextDue());
        Assert.Equal(["a"], _pending.TakeDue(Milliseconds(1000)).ToArray());
    }

    [Fact]
    public void Keys_come_in_the_order_of_their_first_change()
    {
        _pending.Touch("b", Milliseconds(0));
        _pending.Touch("a", Milliseconds(0));
        _pending.Touch("c", Milliseconds(100));
        _pending.Touch("b", Milliseconds(50));
        Assert.Equal(["b", "a", "c"], _pending.TakeDue(Milliseconds(2000)).ToArray());
    }

    [Fact]
    public void Removed_key_is_not_due()
    {
        _pending.Touch("a", Milliseconds(0));
        _pending.Remove("a");
        Assert.Empty(_pending.TakeDue(Milliseconds(2000)));
    }

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
