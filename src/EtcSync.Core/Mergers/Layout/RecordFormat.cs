using System.Collections.Immutable;

namespace EtcSync.Core.Mergers.Layout;

/// <summary>What is wrong with a file that is not of its kind.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Problem">What is wrong with it, as the end of a sentence, without anything of its content: "has no second field".</param>
internal sealed record FormatProblem(int Line, string Problem);

/// <summary>A kind of file that is a list of records: how it is taken apart, and how the fields of a record are merged.</summary>
internal abstract class RecordFormat
{
    /// <summary>Whether the order of the records has a meaning. Where it has none, two orders are no dispute, and upstream's is taken.</summary>
    public virtual bool OrderMatters => false;

    /// <summary>Takes a file apart. The items have every line of it, in order.</summary>
    /// <returns>What is wrong with the file; null if it is of this kind.</returns>
    public abstract FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items);

    /// <summary>Takes the lines apart with which a person settled a dispute about the record of this key.</summary>
    /// <returns>What is wrong with them; null for nothing.</returns>
    public virtual FormatProblem? ReadAnswer(string key, IReadOnlyList<string> lines, List<LayoutItem> items) => Read(lines, items);

    /// <summary>What people call the record of this key.</summary>
    public virtual string NameOf(string key) => FileText.Printable(key);

    /// <summary>Finds why versions that are each of this kind cannot be merged by it, as a whole sentence; null for nothing.</summary>
    public virtual string? FindDoubt(ThreeFiles files) => null;

    /// <summary>Merges a record that both sides changed, each in another way.</summary>
    public virtual RecordOutcome Merge(RecordVersions versions) =>
        versions is { Base.Length: <= 1, Client: [var client], Upstream: [var upstream] }
            ? MergeOne(versions.Base is [var ancestor] ? ancestor : null, client, upstream)
            : new RecordOutcome.Disputed(versions.Describe());

    /// <summary>Merges a record that is once in each version, or new on both sides: as a whole, unless the kind knows its fields.</summary>
    protected virtual RecordOutcome MergeOne(string? ancestor, string client, string upstream)
    {
        var (was, ours, theirs) = (ancestor is null ? null : MeaningOf(ancestor), MeaningOf(client), MeaningOf(upstream));
        if (ours == theirs || ours == was) return new RecordOutcome.Merged(upstream);
        if (theirs == was) return new RecordOutcome.Merged(client);
        return new RecordOutcome.Disputed(ancestor is null ? RecordVersions.BothAdded : RecordVersions.BothChanged);
    }

    /// <summary>What a record says: equal for two texts that differ in nothing that has a meaning.</summary>
    protected virtual string MeaningOf(string text) => text;

    /// <summary>Finds what the merged records, each right in itself, must not be together.</summary>
    public virtual IEnumerable<CrossDispute> Check(ThreeFiles files, IReadOnlyDictionary<string, ImmutableArray<string>> merged) => [];
}
