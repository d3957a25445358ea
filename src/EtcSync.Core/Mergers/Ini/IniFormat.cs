using System.Collections.Immutable;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Ini;

/// <summary>
/// A file of sections, each with keys and values; comments begin with <c>#</c> or <c>;</c>. A key that is there more than once is a
/// list, which is merged where both sides only added to its end.
/// </summary>
internal abstract class IniFormat : RecordFormat
{
    /// <inheritdoc/>
    public override bool OrderMatters => true;

    /// <summary>Whether the line is blank or a comment.</summary>
    public static bool IsBlankOrComment(string line) => FileText.IsBlankOrComment(line) || FileText.StartsWith(line, ';');

    /// <inheritdoc/>
    public override FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items) => new IniReader(this, lines, items).Read();

    /// <inheritdoc/>
    public override FormatProblem? ReadAnswer(string key, IReadOnlyList<string> lines, List<LayoutItem> items) =>
        IniKeys.IsPlace(key) ? base.ReadAnswer(key, lines, items) : new IniReader(this, lines, items).ReadWithin(IniKeys.SectionOf(key));

    /// <summary>Whether a section of this name may be there several times, and all are one.</summary>
    public virtual bool MayRepeat(string section) => false;

    /// <summary>What is wrong with the line of a value, as the end of a sentence; null for nothing.</summary>
    /// <param name="section">The section in which it stands.</param>
    /// <param name="line">The line.</param>
    /// <param name="name">The key.</param>
    public abstract string? FindProblem(string section, string line, string name);

    /// <summary>The line after the last one of the value that begins on line <paramref name="start"/>; null if it would go on after the last line.</summary>
    public virtual int? EndOfValue(IReadOnlyList<string> lines, int start) => start + 1;

    /// <summary>Whether a key that is new on both sides, or there once, can be there several times.</summary>
    protected abstract bool IsList(string section, string name);

    /// <summary>Whether what the two sides added to a list contradicts each other.</summary>
    protected virtual bool Contradict(string name, ImmutableArray<string> client, ImmutableArray<string> upstream) => false;

    /// <summary>What stands after the equals sign; null where there is none.</summary>
    protected static string? ValueOf(string text) => text.IndexOf('=', StringComparison.Ordinal) is var separator and >= 0 ? text[(separator + 1)..].Trim(' ', '\t', '\r') : null;

    /// <inheritdoc/>
    public override string NameOf(string key) => FileText.Printable(IniKeys.IsPlace(key) ? $"line [{IniKeys.SectionOf(key)}]" : key);

    /// <inheritdoc/>
    public override string? FindDoubt(ThreeFiles files) => RecordPlaces.FindDoubt(files, IniKeys.IsPlace, "sections");

    /// <inheritdoc/>
    public override RecordOutcome Merge(RecordVersions versions)
    {
        if (IniKeys.IsPlace(versions.Key)) return base.Merge(versions);
        var name = IniKeys.NameOf(versions.Key);
        if (versions.Base.Length < 2 && !IsList(IniKeys.SectionOf(versions.Key), name)) return base.Merge(versions);
        return Appended(versions, name) is { } merged ? new RecordOutcome.Merged(merged) : new RecordOutcome.Disputed(Reason(versions));
    }

    /// <inheritdoc/>
    public override IEnumerable<CrossDispute> Check(ThreeFiles files, IReadOnlyDictionary<string, ImmutableArray<string>> merged)
    {
        foreach (var section in Sections(files.Base).Except(Sections(files.Client).Intersect(Sections(files.Upstream))))
        {
            var deleted = !Sections(files.Client).Contains(section);
            var other = deleted ? files.Upstream : files.Client;
            if (!Sections(other).Contains(section) || Texts(other, section).SequenceEqual(Texts(files.Base, section))) continue;
            yield return Section(files, section, deleted ? "The client deleted the section, and upstream changed it." : "The client changed the section, and upstream deleted it.");
        }
    }

    /// <summary>A dispute about a section as a whole.</summary>
    protected static CrossDispute Section(ThreeFiles files, string section, string reason)
    {
        var dispute = new RecordDispute(FileText.Printable($"[{section}]"), reason, Lines(DisputeSide.Base), Lines(DisputeSide.Client), Lines(DisputeSide.Upstream));
        return new(dispute, side => files.Keys().Where(key => IniKeys.SectionOf(key) == section).Select(key => KeyValuePair.Create(key, Settled(key, side))));

        // Where neither side has a record any more, it has no place to come back to.
        ImmutableArray<string> Settled(string key, DisputeSide side) => files.Client[key].IsEmpty && files.Upstream[key].IsEmpty ? [] : files[side][key];

        byte[]? Lines(DisputeSide side) => RecordVersions.Lines([.. Texts(files[side], section)]);
    }

    /// <summary>All that a section says.</summary>
    protected static IEnumerable<string> Texts(RecordFile file, string section) =>
        file.Items.Where(item => item is { Key: { } key, IsMark: false } && IniKeys.SectionOf(key) == section).Select(item => item.Text);

    private static IEnumerable<string> Sections(RecordFile file) =>
        file.Keys.Where(key => IniKeys.IsPlace(key) && IniKeys.SectionOf(key) != IniKeys.NoSection).Select(IniKeys.SectionOf).Distinct(StringComparer.Ordinal);

    private ImmutableArray<string>? Appended(RecordVersions versions, string name)
    {
        var (_, ancestor, client, upstream) = versions;
        // An assignment of nothing empties the list: what comes after it does not add to what came before.
        if (ancestor.Concat(client).Concat(upstream).Any(text => ValueOf(text) is null or "")) return null;
        if (!Begins(client, ancestor) || !Begins(upstream, ancestor)) return null;
        var (clients, upstreams) = (client.RemoveRange(0, ancestor.Length), upstream.RemoveRange(0, ancestor.Length));
        // What both added is there once, or as often as one of them added it.
        var (clientsOwn, upstreamsOwn) = (Without(clients, upstreams), Without(upstreams, clients));
        if (Contradict(name, clientsOwn, upstreams) || Contradict(name, clients, upstreamsOwn)) return null;
        return [.. upstream, .. clientsOwn];
    }

    private static ImmutableArray<string> Without(ImmutableArray<string> list, ImmutableArray<string> others)
    {
        var values = others.Select(ValueOf).ToList();
        return [.. list.Where(text => !values.Remove(ValueOf(text)))];
    }

    private static bool Begins(ImmutableArray<string> list, ImmutableArray<string> with) => list.AsSpan().StartsWith(with.AsSpan());

    private static string Reason(RecordVersions versions) =>
        versions.Base.IsEmpty || versions is { Base.Length: 1, Client.Length: 1, Upstream.Length: 1 } ? versions.Describe() : "It is a list, and the sides did more than add different values to its end.";
}
