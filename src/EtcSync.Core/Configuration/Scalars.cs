using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EtcSync.Core.Configuration;

/// <summary>Reads one value from its text; where that fails, <paramref name="reason"/> is whole sentences: what is wrong and what would be right.</summary>
internal delegate bool ScalarParser<T>(string text, [MaybeNullWhen(false)] out T value, out string reason);

/// <summary>Parsers for the values that settings hold.</summary>
internal static class Scalars
{
    public static ScalarParser<int> Integer(int least, int most) => (string text, out int value, out string reason) =>
    {
        reason = "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most) return true;
        reason = $"{Quoted.Text(text)} is not a whole number from {least} to {most}.";
        return false;
    };

    public static ScalarParser<TimeSpan> Duration(TimeSpan least, TimeSpan most) => (string text, out TimeSpan value, out string reason) =>
    {
        reason = "";
        if (!Durations.TryParse(text, out value)) reason = $"{Quoted.Text(text)} is not a duration. Write a whole number and a unit, such as 10s, 5m, 1h or 2d.";
        else if (value < least || value > most) reason = $"{Quoted.Text(text)} is out of range. Write a duration from {Durations.Format(least)} to {Durations.Format(most)}.";
        return reason.Length == 0;
    };

    public static ScalarParser<long> Size(long least, long most) => (string text, out long value, out string reason) =>
    {
        reason = "";
        if (!ByteSizes.TryParse(text, out value)) reason = $"{Quoted.Text(text)} is not a size. Write a whole number and a unit: B, KiB, MiB or GiB, such as 64MiB.";
        else if (value < least || value > most) reason = $"{Quoted.Text(text)} is out of range. Write a size from {ByteSizes.Format(least)} to {ByteSizes.Format(most)}.";
        return reason.Length == 0;
    };

    public static bool TrueOrFalse(string text, out bool value, out string reason)
    {
        value = text == "true";
        reason = text is "true" or "false" ? "" : $"{Quoted.Text(text)} is neither true nor false. Write one of these two words.";
        return reason.Length == 0;
    }

    public static ScalarParser<T> Choice<T>(params (string Word, T Value)[] choices)
        where T : struct => (string text, out T value, out string reason) =>
    {
        reason = "";
        foreach (var choice in choices)
        {
            value = choice.Value;
            if (string.Equals(choice.Word, text, StringComparison.Ordinal)) return true;
        }

        value = default!;
        var words = Array.ConvertAll(choices, c => c.Word);
        var near = Suggestion.For(text, words) is { } word ? $" Did you mean '{word}'?" : "";
        reason = $"{Quoted.Text(text)} is not one of {string.Join(", ", words)}.{near}";
        return false;
    };
}
