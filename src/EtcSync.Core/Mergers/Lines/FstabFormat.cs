using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary>
/// <c>fstab</c> (fstab(5)): one record for each mount point, and for each device that is mounted nowhere, as swap is. The six fields
/// are merged one by one, the options among them as a set; but device, type and options as one where a side made another type of it.
/// The order is that in which is mounted.
/// </summary>
internal sealed class FstabFormat : RecordFormat
{
    private const int FewestFields = 3;
    private const int DeviceField = 0;
    private const int PlaceField = 1;
    private const int TypeField = 2;
    private const int OptionsField = 3;
    private static readonly string[] Fields = ["device", "mount point", "type", "options", "dump field", "pass field"];

    /// <inheritdoc/>
    public override bool OrderMatters => true;

    /// <inheritdoc/>
    public override FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (FileText.IsBlankOrComment(lines[i]))
            {
                items.Add(new(null, lines[i]));
                continue;
            }

            var words = FileText.Words(lines[i]);
            if (words.Length < FewestFields) return new(i + 1, "has too few fields");
            if (words.Length > Fields.Length) return new(i + 1, "has too many fields");
            items.Add(new(KeyOf(words), lines[i]));
        }

        return null;
    }

    /// <inheritdoc/>
    protected override RecordOutcome MergeOne(string? ancestor, string client, string upstream)
    {
        var versions = new Versions(ancestor is null ? FieldLine.None : FieldLine.Of(ancestor), FieldLine.Of(client), FieldLine.Of(upstream));
        var disputed = new List<string>();
        var merged = Merge(versions, DisputeSide.Client, disputed);
        if (disputed.Count == 0) return new RecordOutcome.Merged(merged);
        var reason = ancestor is null ? FieldLineMerge.DescribeNew(disputed)
            : disputed.Contains(Fields[TypeField]) ? "Both sides changed what is mounted there, and it is not of the same type on both."
            : FieldLineMerge.Describe(disputed);
        return new RecordOutcome.Disputed(reason) { Settle = side => Merge(versions, side, []) };
    }

    private static string KeyOf(string[] words)
    {
        var (device, place) = (words[0], words[1]);
        if (place is "none" or "swap" || words[2] == "swap") return device;
        return place.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : place;
    }

    private static string Merge(Versions versions, DisputeSide settled, List<string> disputed)
    {
        var (ancestor, client, upstream) = versions;
        var words = new List<FieldWord>();
        for (var i = 0; i < Math.Max(client.Words.Length, upstream.Words.Length); i++)
        {
            var (was, ours, theirs) = (Word(ancestor, i), Word(client, i), Word(upstream, i));
            var text = Value(versions, i);
            if (text is null)
            {
                disputed.Add(Fields[i]);
                text = (settled switch { DisputeSide.Base => was, DisputeSide.Client => ours, _ => theirs }).Text;
            }

            words.Add(new(ThreeWay.Spacing(was.Gap, ours.Gap, theirs.Gap), text));
        }

        // A field that a side leaves out is not written where none follows that says something.
        while (words[^1].Text.Length == 0) words.RemoveAt(words.Count - 1);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i].Text.Length == 0) words[i] = new(words[i].Gap.Length > 0 ? words[i].Gap : " ", Default(i));
        }

        return new FieldLine([.. words], ThreeWay.Spacing(ancestor.Rest, client.Rest, upstream.Rest)).Text;
    }

    private static string? Value(Versions versions, int index)
    {
        var (ancestor, client, upstream) = (Word(versions.Base, index).Text, Word(versions.Client, index).Text, Word(versions.Upstream, index).Text);
        // The mount point is the key, or says "none" in one way or another.
        if (index == PlaceField) return ThreeWay.Spacing(ancestor, client, upstream);
        if (client == upstream) return client;
        // A disk does not take the options of a server's directory.
        var isPart = index <= OptionsField && Word(versions.Client, TypeField).Text != Word(versions.Upstream, TypeField).Text;
        return (isPart ? ThreeWay.Side(Mounted(versions.Base), Mounted(versions.Client), Mounted(versions.Upstream)) : ThreeWay.Side(ancestor, client, upstream)) switch
        {
            DisputeSide.Client => client,
            DisputeSide.Upstream => upstream,
            _ => index == OptionsField && !isPart ? MountOptions.Merge(ancestor, client, upstream) : null,
        };
    }

    private static (string Device, string Type, string Options) Mounted(FieldLine line) => (Word(line, DeviceField).Text, Word(line, TypeField).Text, Word(line, OptionsField).Text);

    private static FieldWord Word(FieldLine line, int index) => index < line.Words.Length ? line.Words[index] : new(" ", "");

    // What a field that is left out stands for.
    private static string Default(int index) => index == OptionsField ? "defaults" : "0";

    private sealed record Versions(FieldLine Base, FieldLine Client, FieldLine Upstream);
}
