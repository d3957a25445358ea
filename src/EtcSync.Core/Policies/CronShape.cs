using System.Buffers;
using System.Globalization;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Policies;

/// <summary>
/// The shape of a Quartz cron expression: six or seven fields (second, minute, hour, day of month, month, day of week, year).
/// Only slips that people make are found here; Quartz itself has the last word when a schedule is made.
/// </summary>
internal static class CronShape
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 *?,-/#");

    private static readonly (string Name, int Least, int Most, string[] Words)[] Fields =
    [
        ("second", 0, 59, []), ("minute", 0, 59, []), ("hour", 0, 23, []), ("day of month", 1, 31, []),
        ("month", 1, 12, Months), ("day of week", 1, 7, Days), ("year", 1970, 2199, []),
    ];

    public static bool TryParse(string text, out string expression, out string reason)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        expression = string.Join(' ', fields);
        reason = Reason(text, fields) ?? "";
        return reason.Length == 0;
    }

    private static string? Reason(string text, string[] fields)
    {
        var strange = text.AsSpan().IndexOfAnyExcept(Allowed);
        if (strange >= 0) return $"{Quoted.Text(text)} contains {Quoted.Text(text[strange..(strange + 1)])}. A cron expression holds letters, digits, spaces and * ? , - / #.";
        if (fields.Length == 5)
            return $"{Quoted.Text(text)} has five fields, as crontab has them. Quartz has the seconds in front and wants '?' for one of the two days: \"{Quoted.Text(FromCrontab(fields))[1..^1]}\".";
        if (fields.Length is not (6 or 7))
            return $"{Quoted.Text(text)} does not have six or seven fields, but {fields.Length}. A Quartz cron expression has second, minute, hour, day of month, month, day of week, and perhaps the year.";
        for (var i = 0; i < fields.Length; i++)
        {
            if (Wrong(fields[i], i) is { } why) return why;
        }

        return fields[3] == "?" && fields[5] == "?"
            ? $"{Quoted.Text(text)} has '?' for the day of month and for the day of week. Write '*' for one of them."
            : null;
    }

    private static string FromCrontab(string[] fields) =>
        fields[4] == "*" ? $"0 {fields[0]} {fields[1]} {fields[2]} {fields[3]} ?" : $"0 {fields[0]} {fields[1]} ? {fields[3]} {fields[4]}";

    private static string? Wrong(string field, int index)
    {
        var (name, least, most, words) = Fields[index];
        var isDay = index is 3 or 5;
        if (field == "?") return isDay ? null : $"The {name} is '?', which is only for the days. Write '*'.";
        foreach (var part in field.Split(','))
        {
            var value = part;
            if (part.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0)
            {
                value = part[..slash];
                if (!int.TryParse(part.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var step) || step is 0 || step > most)
                    return $"{Quoted.Text(part)} is not a step of the {name}. Write one such as '*/5', with a number from 1 to {most}.";
                if (value.Length == 0) continue;
            }

            if (value == "*" || (isDay && IsDay(value, index))) continue;
            foreach (var end in value.Split('-', 2))
            {
                var known = words.Contains(end, StringComparer.OrdinalIgnoreCase)
                    || (int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most);
                if (known) continue;
                var also = words.Length > 0 ? $" or {words[0]} to {words[^1]}" : "";
                return $"{Quoted.Text(end)} cannot be the {name}. Write a number from {least} to {most}{also}.";
            }
        }

        return null;
    }

    // L (last), 15W (nearest weekday), L-3, 6L, 6#3: which combinations exist is for Quartz to say.
    private static bool IsDay(string value, int index)
    {
        var upper = value.ToUpperInvariant();
        if (upper is "L" || (index == 3 && (upper is "LW" || upper.StartsWith("L-", StringComparison.Ordinal)))) return true;
        if (index == 3) return upper.EndsWith('W') && upper.Length > 1 && upper.AsSpan(0, upper.Length - 1).IndexOfAnyExceptInRange('0', '9') < 0;
        return upper.Contains('#', StringComparison.Ordinal) || (upper.EndsWith('L') && upper.Length > 1);
    }
}
