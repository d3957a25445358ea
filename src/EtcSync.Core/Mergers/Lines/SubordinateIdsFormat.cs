using System.Collections.Immutable;
using System.Globalization;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary><c>subuid</c> and <c>subgid</c> (subuid(5)): the ranges of numbers of each user. Two users must not come to share a number.</summary>
internal sealed class SubordinateIdsFormat : RecordFormat
{
    private const int FieldCount = 3;

    /// <inheritdoc/>
    public override FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (FileText.IsBlankOrComment(lines[i])) items.Add(new(null, lines[i]));
            else if (RangeOf(lines[i]) is { } range) items.Add(new(range.User, lines[i]));
            else return new(i + 1, "is not a user, the first number and the count of numbers");
        }

        return null;
    }

    /// <inheritdoc/>
    public override IEnumerable<CrossDispute> Check(ThreeFiles files, IReadOnlyDictionary<string, ImmutableArray<string>> merged)
    {
        var overlaps = Overlaps(merged.Values.SelectMany(texts => texts));
        if (overlaps.Count == 0) yield break;
        overlaps.ExceptWith(Overlaps(files.Client.Keys.SelectMany(key => files.Client[key])));
        overlaps.ExceptWith(Overlaps(files.Upstream.Keys.SelectMany(key => files.Upstream[key])));
        foreach (var (one, other) in overlaps)
        {
            yield return new(
                new(
                    $"{FileText.Printable(one)}, {FileText.Printable(other)}", "The two users would come to share numbers.",
                    Lines(files.Base, one, other), Lines(files.Client, one, other), Lines(files.Upstream, one, other)),
                side => new[] { one, other }.Select(user => KeyValuePair.Create(user, files[side][user])));
        }
    }

    private static byte[]? Lines(RecordFile file, string one, string other) => RecordVersions.Lines([.. file[one], .. file[other]]);

    // Each range is compared with the one that reaches farthest of those that begin before it.
    private static SortedSet<(string One, string Other)> Overlaps(IEnumerable<string> texts)
    {
        var overlaps = new SortedSet<(string One, string Other)>();
        IdRange? farthest = null;
        foreach (var range in texts.Select(text => RangeOf(text.Split('\n')[^1])).OfType<IdRange>().OrderBy(range => range.Start).ThenBy(range => range.User, StringComparer.Ordinal))
        {
            if (farthest is { } before && range.Start < before.End && range.User != before.User)
            {
                overlaps.Add(string.CompareOrdinal(before.User, range.User) < 0 ? (before.User, range.User) : (range.User, before.User));
            }

            if (farthest is null || range.End > farthest.Value.End) farthest = range;
        }

        return overlaps;
    }

    private static IdRange? RangeOf(string line)
    {
        var fields = line.Trim(' ', '\t', '\r').Split(':');
        if (fields.Length != FieldCount || fields[0].Length == 0) return null;
        if (!uint.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start) || !uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return null;
        return new(fields[0], start, (ulong)start + count);
    }

    private readonly record struct IdRange(string User, ulong Start, ulong End);
}
