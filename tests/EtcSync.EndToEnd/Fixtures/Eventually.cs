using System.Diagnostics;

namespace EtcSync.EndToEnd.Fixtures;

/// <summary>Waits for what another process does.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until something holds.</summary>
    /// <returns>How long that took.</returns>
    public static TimeSpan Holds(Func<bool> condition, Func<string> otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Patience) Assert.Fail($"Not within {Patience.TotalSeconds} seconds: {otherwise()}");
            Thread.Sleep(5);
        }

        return watch.Elapsed;
    }

    /// <summary>Checks that something holds the whole time.</summary>
    public static void Always(TimeSpan time, Func<bool> condition, Func<string> otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < time)
        {
            if (!condition()) Assert.Fail($"After {watch.Elapsed.TotalSeconds:0.0} seconds: {otherwise()}");
            Thread.Sleep(20);
        }
    }
}
