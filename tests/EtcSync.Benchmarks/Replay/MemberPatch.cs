using System.Text;

namespace EtcSync.Benchmarks.Replay;

/// <summary>
/// Makes in one group or gshadow the change of another version of it: new members come into a group as <c>usermod -aG</c> lets them
/// in wherever it runs, whoever is in it; the rest is left to <see cref="LinePatch"/>.
/// </summary>
internal static class MemberPatch
{
    /// <summary>The files of groups; the last field of a line lists members.</summary>
    public static bool IsFor(string path) => path is "group" or "gshadow";

    /// <summary>The patched text, or null where it is not certain.</summary>
    public static byte[]? Apply(byte[] before, byte[] after, byte[] onto)
    {
        var (from, to, target) = (Lines(before), Lines(after), Lines(onto));
        for (var i = 0; i < from.Length; i++)
        {
            var group = from[i][..(from[i].LastIndexOf(':') + 1)];
            var start = from[i].Length == group.Length ? group : from[i] + ",";
            if (group.Length == 0 || Array.Find(to, line => line.Length > start.Length && line.StartsWith(start, StringComparison.Ordinal)) is not { } changed) continue;
            var place = Array.FindIndex(target, line => line.StartsWith(group, StringComparison.Ordinal));
            if (place < 0) return null;
            target[place] += (target[place].Length == group.Length ? "" : ",") + changed[start.Length..];
            from[i] = changed;
        }

        return LinePatch.Apply(Text(from), after, Text(target));
    }

    private static string[] Lines(byte[] text) => Encoding.Latin1.GetString(text).Split('\n');

    private static byte[] Text(string[] lines) => Encoding.Latin1.GetBytes(string.Join('\n', lines));
}
