namespace EtcSync.Tests.Fixtures;

/// <summary>The machine's clock, moved on by a test instead of by waiting.</summary>
internal sealed class MovableTime : TimeProvider
{
    private TimeSpan _ahead;

    public void Advance(TimeSpan by) => _ahead += by;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;
}
