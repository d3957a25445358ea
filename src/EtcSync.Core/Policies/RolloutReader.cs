using EtcSync.Core.Configuration;

namespace EtcSync.Core.Policies;

/// <summary>Reads <c>rollout</c>, <c>cron</c> and <c>time-zone</c>, which policies and clients write alike.</summary>
internal static class RolloutReader
{
    public static readonly string[] Keys = ["rollout", "cron", "time-zone"];

    public static readonly (string Word, RolloutMode Value)[] Modes =
        [("at-once", RolloutMode.AtOnce), ("schedule", RolloutMode.Schedule), ("manual", RolloutMode.Manual)];

    /// <summary>The policy, or null where none of the keys is there, or one of them is wrong (which is reported).</summary>
    public static RolloutPolicy? Read(MapReader map)
    {
        string? cron = map.TryRead<string>("cron", CronShape.TryParse, out var expression) ? expression : null;
        string? zone = map.TryRead<string>("time-zone", ZoneName, out var name) ? name : null;
        if (!map.TryRead("rollout", Scalars.Choice(Modes), out var mode))
        {
            if (map.Has("rollout")) return null;
            foreach (var key in Keys.Where(map.Has)) map.Report(key, $"'{key}' says when, and 'rollout: schedule' is missing. Add it.");
            return null;
        }

        if (mode != RolloutMode.Schedule)
        {
            var word = Modes.First(m => m.Value == mode).Word;
            foreach (var key in Keys.Skip(1).Where(map.Has)) map.Report(key, $"'{key}' has no meaning with 'rollout: {word}'. Remove it, or write 'rollout: schedule'.");
        }
        else if (!map.Has("cron"))
        {
            map.Report("rollout", "'rollout: schedule' needs to know when. Add a 'cron:' of six fields, such as \"0 30 3 * * ?\" for half past three every night.");
        }

        return new(mode, cron, zone, new(map.Problems.File, map.LineOf("rollout")));
    }

    // Whether the zone exists is for the machine's time zone database to say; here only that it can be a name in it.
    private static bool ZoneName(string text, out string name, out string reason)
    {
        name = text;
        var good = text.Length is > 0 and <= 64 && char.IsAsciiLetter(text[0])
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '-' or '/') && !text.Split('/').Contains("");
        reason = good ? "" : $"{Quoted.Text(text)} cannot be the name of a time zone. Write one such as Europe/Berlin or UTC.";
        return good;
    }
}
