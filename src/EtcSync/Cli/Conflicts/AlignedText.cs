using System.Collections.Immutable;
using EtcSync.Core.Text;

namespace EtcSync.Cli.Conflicts;

/// <summary>Three versions of a text beside each other: the places in dispute, each with a few lines around it.</summary>
/// <param name="Places">The places, top to bottom.</param>
internal sealed record AlignedText(ImmutableArray<ImmutableArray<AlignedRow>> Places)
{
    private const int Context = 2;

    // Longer ones are compared in an editor, not in a report.
    private const int LongestText = 256 * 1024;
    private const int MostLines = 3_000;

    private enum Side
    {
        Base,
        Client,
        Upstream,
    }

    /// <summary>How many rows there are.</summary>
    public int Count => Places.Sum(place => place.Length);

    /// <summary>Aligns three versions of a file, of which one may not be there; null where one is not text, or too long to be shown.</summary>
    public static AlignedText? OfFile(byte[]? ancestor, byte[]? client, byte[]? upstream)
    {
        byte[]?[] contents = [ancestor, client, upstream];
        if (contents.Any(content => content?.Length > LongestText)) return null;
        TextVersion?[] versions = [.. contents.Select(TextVersion.Of)];
        for (var i = 0; i < contents.Length; i++)
        {
            if (contents[i] is not null && versions[i] is null) return null;
        }

        if (client is not null && upstream is not null && TextMerge.Merge(ancestor ?? [], client, upstream) is TextMergeResult.Conflict conflict)
        {
            return conflict.Regions.Sum(region => Math.Max(region.Ours.Count, region.Theirs.Count)) > MostLines ? null : OfRegions(versions, conflict.Regions);
        }

        // Nothing in it is in dispute line by line: everything that differs is shown.
        if (versions.Max(version => version?.Count ?? 0) > MostLines) return null;
        return new(Differing([.. Rows(versions, new(All(versions[0]), All(versions[1]), All(versions[2])))]));
    }

    /// <summary>Aligns three versions of a record: all of it is in dispute. Null where one is not text.</summary>
    public static AlignedText? OfRecord(byte[]? ancestor, byte[]? client, byte[]? upstream)
    {
        byte[]?[] contents = [ancestor, client, upstream];
        if (contents.Any(content => content is not null && (content.Length > LongestText || TextVersion.Of(content) is null))) return null;
        TextVersion?[] versions = [.. contents.Select(TextVersion.Of)];
        var rows = Rows(versions, new(All(versions[0]), All(versions[1]), All(versions[2])));
        // Where a record stands in its file nobody has looked.
        return new([[.. rows.Select(row => new AlignedRow(Unnumbered(row.Base), Unnumbered(row.Client), Unnumbered(row.Upstream)))]]);
    }

    private static VersionLine? Unnumbered(VersionLine? line) => line is null ? null : line with { Number = null };

    private static LineRange All(TextVersion? version) => version?.All ?? new(0, 0);

    private static AlignedText OfRegions(TextVersion?[] versions, ImmutableArray<MergeRegion> regions)
    {
        var places = ImmutableArray.CreateBuilder<ImmutableArray<AlignedRow>>();
        // The client's next line that was not shown.
        var next = 0;
        for (var i = 0; i < regions.Length; i++)
        {
            var region = regions[i];
            var rows = new List<AlignedRow>();
            for (var k = 1; k <= Context && region.Ours.Start - k >= next && Common(versions, region.Ancestor.Start - k, region.Ours.Start - k, region.Theirs.Start - k) is { } row; k++) rows.Insert(0, row);
            var follows = rows.Count > 0 ? rows[0].Client!.Number == next + 1 : region.Ours.Start == next;
            rows.AddRange(Rows(versions, region));
            next = region.Ours.End;
            var end = i + 1 < regions.Length ? regions[i + 1].Ours.Start : int.MaxValue;
            for (var k = 0; k < Context && region.Ours.End + k < end && Common(versions, region.Ancestor.End + k, region.Ours.End + k, region.Theirs.End + k) is { } row; k++)
            {
                rows.Add(row);
                next++;
            }

            // What has no line left out in between is one place.
            if (follows && places.Count > 0) places[^1] = [.. places[^1], .. rows];
            else places.Add([.. rows]);
        }

        return new(places.DrainToImmutable());
    }

    // A line that all versions have; null where one does not.
    private static AlignedRow? Common(TextVersion?[] versions, int ancestor, int client, int upstream)
    {
        var (own, theirs) = (versions[1]!.Find(client), versions[2]!.Find(upstream));
        if (own is null || own != theirs) return null;
        if (versions[0] is null) return new(null, new(client + 1, own, IsOwn: false), new(upstream + 1, own, IsOwn: false));
        return versions[0]!.Find(ancestor) == own ? new(new(ancestor + 1, own, IsOwn: false), new(client + 1, own, IsOwn: false), new(upstream + 1, own, IsOwn: false)) : null;
    }

    // Both sides are aligned to what they started from; where that has nothing there, upstream's to the client's.
    private static List<AlignedRow> Rows(TextVersion?[] versions, MergeRegion region)
    {
        List<(int? Number, string Text)>?[] lines = [versions[0]?.Between(region.Ancestor), versions[1]?.Between(region.Ours), versions[2]?.Between(region.Theirs)];
        var pivot = lines[0] is { Count: > 0 } ? Side.Base : lines[1] is { Count: > 0 } ? Side.Client : Side.Upstream;
        List<Side> others = [.. new[] { Side.Base, Side.Client, Side.Upstream }.Where(side => side != pivot)];
        var middle = lines[(int)pivot] ?? [];
        var alignments = others.ToDictionary(side => side, side => LineAlignment.Of([.. middle.Select(line => line.Text)], [.. (lines[(int)side] ?? []).Select(line => line.Text)]));
        // What is not there at all differs from nothing.
        List<Side> compared = [.. others.Where(side => side != Side.Base && lines[(int)side] is not null)];
        var rows = new List<AlignedRow>();
        for (var i = 0; i <= middle.Count; i++)
        {
            for (var k = 0; k < alignments.Values.Max(alignment => alignment.Before[i].Count); k++)
            {
                var cells = new VersionLine?[3];
                foreach (var side in others)
                {
                    if (k < alignments[side].Before[i].Count) cells[(int)side] = Line(side, alignments[side].Before[i][k], isOwn: true);
                }

                rows.Add(new(cells[0], cells[1], cells[2]));
            }

            if (i == middle.Count) break;
            var beside = new VersionLine?[3];
            beside[(int)pivot] = Line(pivot, i, isOwn: compared.Count == 0 || compared.Any(side => alignments[side].Beside[i] is not { IsEqual: true }));
            foreach (var side in others)
            {
                if (alignments[side].Beside[i] is { } found) beside[(int)side] = Line(side, found.Line, !found.IsEqual);
            }

            rows.Add(new(beside[0], beside[1], beside[2]));
        }

        return rows;

        VersionLine Line(Side side, int line, bool isOwn) => new(lines[(int)side]![line].Number, lines[(int)side]![line].Text, isOwn);
    }

    private static ImmutableArray<ImmutableArray<AlignedRow>> Differing(List<AlignedRow> rows)
    {
        var places = ImmutableArray.CreateBuilder<ImmutableArray<AlignedRow>>();
        var place = ImmutableArray.CreateBuilder<AlignedRow>();
        for (var i = 0; i < rows.Count; i++)
        {
            var isNear = Enumerable.Range(Math.Max(0, i - Context), Math.Min(rows.Count - 1, i + Context) - Math.Max(0, i - Context) + 1).Any(k => !rows[k].IsCommon);
            if (isNear) place.Add(rows[i]);
            else if (place.Count > 0) places.Add(place.DrainToImmutable());
        }

        if (place.Count > 0) places.Add(place.DrainToImmutable());
        return places.DrainToImmutable();
    }
}
