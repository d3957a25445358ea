using System.Globalization;

namespace EtcSync.Core.Configuration;

/// <summary>Lengths of time as settings write them: a whole number and one of the units ms, s, m, h, d.</summary>
public static class Durations
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <summary>Reads a duration; false for anything else, a missing unit included.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits is <= 0 or > 9) return false;
        var number = int.Parse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture);
        foreach (var (unit, length) in Units)
        {
            if (!text.AsSpan(digits).Trim(' ').SequenceEqual(unit)) continue;
            if (number > TimeSpan.MaxValue.Ticks / length.Ticks) return false;
            duration = number * length;
            return true;
        }

        return false;
    }

    /// <summary>Writes a duration in the largest unit that expresses it exactly.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        foreach (var (unit, length) in Units.OrderByDescending(u => u.Length))
        {
            if (duration.Ticks % length.Ticks == 0) return $"{duration.Ticks / length.Ticks}{unit}";
        }

        return $"{(long)duration.TotalMilliseconds}ms";
    }
}
