using System.Globalization;

namespace EtcSync.Core.Configuration;

/// <summary>Amounts of bytes as settings write them: a whole number and one of the units B, KiB, MiB, GiB (IEC 80000-13).</summary>
public static class ByteSizes
{
    private static readonly (string Unit, int Shift)[] Units = [("GiB", 30), ("MiB", 20), ("KiB", 10), ("B", 0)];

    /// <summary>Reads a size in bytes; false for anything else, a missing unit included.</summary>
    public static bool TryParse(string text, out long size)
    {
        size = 0;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits is <= 0 or > 9) return false;
        var number = long.Parse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture);
        foreach (var (unit, shift) in Units)
        {
            if (!text.AsSpan(digits).Trim(' ').SequenceEqual(unit)) continue;
            size = number << shift;
            return true;
        }

        return false;
    }

    /// <summary>Writes a size in the largest unit that expresses it exactly.</summary>
    public static string Format(long size)
    {
        foreach (var (unit, shift) in Units)
        {
            if (size != 0 && size % (1L << shift) == 0) return $"{size >> shift}{unit}";
        }

        return "0B";
    }
}
