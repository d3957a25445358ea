using System.Collections.Immutable;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary>
/// <c>.gitignore</c> (gitignore(5)): patterns, of which the last that matches decides. The order counts where a pattern with <c>!</c>
/// comes together with one without: new ones of both sorts from both sides, at the same place, are in dispute.
/// </summary>
internal sealed class GitIgnoreFormat : RecordFormat
{
    /// <inheritdoc/>
    public override bool OrderMatters => true;

    /// <inheritdoc/>
    public override FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items)
    {
        foreach (var line in lines) items.Add(new(line.Trim(' ', '\t', '\r').Length == 0 || line[0] == '#' ? null : KeyOf(line), line));
        return null;
    }

    /// <inheritdoc/>
    public override IEnumerable<CrossDispute> Check(ThreeFiles files, IReadOnlyDictionary<string, ImmutableArray<string>> merged)
    {
        var upstream = NewByPlace(files, files.Upstream, files.Client);
        foreach (var (place, ours) in NewByPlace(files, files.Client, files.Upstream))
        {
            if (!upstream.TryGetValue(place, out var theirs)) continue;
            foreach (var (one, other) in ours.SelectMany(one => theirs.Select(other => (one, other))).Where(pair => IsException(pair.one) != IsException(pair.other)).OrderBy(pair => NameOf(pair.one, pair.other), StringComparer.Ordinal).Take(1))
            {
                yield return new(
                    new(NameOf(one, other), "Both sides added patterns at the same place, and their order decides what is ignored.", null, Lines(ours), Lines(theirs)),
                    side => side switch
                    {
                        DisputeSide.Client => Nothing(theirs),
                        DisputeSide.Upstream => Nothing(ours),
                        _ => Nothing([.. ours, .. theirs]),
                    });
            }
        }
    }

    /// <inheritdoc/>
    protected override string MeaningOf(string text) => KeyOf(text);

    private string NameOf(string one, string other) => string.CompareOrdinal(one, other) < 0 ? $"{NameOf(one)}, {NameOf(other)}" : $"{NameOf(other)}, {NameOf(one)}";

    private static bool IsException(string pattern) => pattern[0] == '!';

    private static byte[]? Lines(List<string> patterns) => RecordVersions.Lines(patterns);

    private static IEnumerable<KeyValuePair<string, ImmutableArray<string>>> Nothing(List<string> patterns) => patterns.Select(pattern => KeyValuePair.Create(pattern, ImmutableArray<string>.Empty));

    // What only this side has, by how many of the lines that all have stand above it.
    private static SortedDictionary<int, List<string>> NewByPlace(ThreeFiles files, RecordFile side, RecordFile other)
    {
        var found = new SortedDictionary<int, List<string>>();
        var place = 0;
        foreach (var key in side.Items.Select(item => item.Key).OfType<string>())
        {
            if (!other[key].IsEmpty) place++;
            else if (!files.Base[key].IsEmpty) continue;
            else if (found.TryGetValue(place, out var patterns)) patterns.Add(key);
            else found[place] = [key];
        }

        return found;
    }

    // Blanks at the end count only after a backslash.
    private static string KeyOf(string line)
    {
        var pattern = line.TrimEnd('\r').TrimEnd(' ', '\t');
        return pattern.EndsWith('\\') && pattern.Length < line.Length ? line : pattern;
    }
}
