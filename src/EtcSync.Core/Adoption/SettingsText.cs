using System.Collections.Immutable;
using EtcSync.Core.Configuration;

namespace EtcSync.Core.Adoption;

/// <summary>Writes values into the text of a settings file, in the places where the file explains them. Pure.</summary>
public static class SettingsText
{
    /// <summary>The text with these values; a key that the file sets already keeps what it says.</summary>
    /// <param name="text">The file, as <see cref="SettingsTemplate"/> or a person wrote it.</param>
    /// <param name="choices">The values.</param>
    /// <param name="kept">The choices that the file sets already, and to something else.</param>
    public static string With(string text, IEnumerable<SettingChoice> choices, out ImmutableArray<SettingChoice> kept)
    {
        var lines = text.Split('\n').ToList();
        var left = ImmutableArray.CreateBuilder<SettingChoice>();
        foreach (var choice in choices)
        {
            if (!Put(lines, choice)) left.Add(choice);
        }

        kept = left.ToImmutable();
        return string.Join('\n', lines);
    }

    private static bool Put(List<string> lines, SettingChoice choice)
    {
        var indent = choice.Section.Length == 0 ? "" : "  ";
        var (start, end) = (0, lines.Count);
        if (choice.Section.Length > 0)
        {
            start = lines.FindIndex(line => line.StartsWith(choice.Section + ":", StringComparison.Ordinal));
            if (start < 0)
            {
                Append(lines, [$"{choice.Section}:", $"{indent}{choice.Key}: {choice.Value}"]);
                return true;
            }

            // A section that is written on one line, in braces, is a person's own style.
            if (lines[start].TrimEnd() is var head && head.Length > choice.Section.Length + 1 && !head[(choice.Section.Length + 1)..].TrimStart().StartsWith('#')) return false;
            end = lines.FindIndex(++start, line => line.Length > 0 && line[0] is not (' ' or '#' or '\r'));
            if (end < 0) end = lines.Count;
        }

        var set = lines.FindIndex(start, end - start, line => Holds(line, indent, choice.Key, ""));
        if (set >= 0) return lines[set][(indent.Length + choice.Key.Length + 1)..].Trim().Trim('"', '\'') == choice.Value.Trim('"', '\'');
        var written = $"{indent}{choice.Key}: {choice.Value}";
        var example = lines.FindIndex(start, end - start, line => Holds(line, indent, choice.Key, "#"));
        if (example >= 0) lines[example] = written;
        else lines.Insert(start, written);
        return true;
    }

    private static bool Holds(string line, string indent, string key, string mark) => line.StartsWith($"{indent}{mark}{key}:", StringComparison.Ordinal);

    private static void Append(List<string> lines, IEnumerable<string> more)
    {
        var last = lines.Count > 0 && lines[^1].Length == 0 ? lines.Count - 1 : lines.Count;
        lines.InsertRange(last, more);
    }
}
