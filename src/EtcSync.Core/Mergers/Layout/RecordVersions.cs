using System.Collections.Immutable;

namespace EtcSync.Core.Mergers.Layout;

/// <summary>All that the three versions of a file say under one key: each time it occurs, in order.</summary>
/// <param name="Key">The key.</param>
/// <param name="Base">What both sides started from.</param>
/// <param name="Client">The client's.</param>
/// <param name="Upstream">Upstream's.</param>
internal sealed record RecordVersions(string Key, ImmutableArray<string> Base, ImmutableArray<string> Client, ImmutableArray<string> Upstream)
{
    /// <summary>Why a new record is in dispute.</summary>
    public const string BothAdded = "Both sides added it, each in another way.";

    /// <summary>Why a record is in dispute.</summary>
    public const string BothChanged = "Both sides changed it, each in another way.";

    /// <summary>One of the three.</summary>
    public ImmutableArray<string> this[DisputeSide side] => side switch { DisputeSide.Base => Base, DisputeSide.Client => Client, _ => Upstream };

    /// <summary>Why two changes of a record as a whole do not fit together.</summary>
    public string Describe() => this switch
    {
        { Client.IsEmpty: true } => "The client deleted it, and upstream changed it.",
        { Upstream.IsEmpty: true } => "The client changed it, and upstream deleted it.",
        { Base.Length: > 1 } or { Client.Length: > 1 } or { Upstream.Length: > 1 } => "It is there more than once, and both sides changed it.",
        { Base.IsEmpty: true } => BothAdded,
        _ => BothChanged,
    };

    /// <summary>The dispute about it.</summary>
    public RecordDispute Dispute(string name, string reason) => new(name, reason, Lines(Base), Lines(Client), Lines(Upstream));

    /// <summary>What a dispute shows of a version, in a form that is the same whatever ends the lines of the file; null for a record that is not there.</summary>
    public static byte[]? Lines(IReadOnlyCollection<string> occurrences) =>
        occurrences.Count == 0 ? null : FileText.Encode(string.Concat(occurrences.Select(text => text + '\n')));
}

/// <summary>What came of merging a record.</summary>
internal abstract record RecordOutcome
{
    private RecordOutcome()
    {
    }

    /// <summary>The merged record: each time it occurs.</summary>
    public sealed record Merged(ImmutableArray<string> Texts) : RecordOutcome
    {
        /// <summary>The merged record, which occurs once.</summary>
        public Merged(string text)
            : this([text])
        {
        }
    }

    /// <summary>No answer.</summary>
    /// <param name="Reason">A sentence: what of it is in dispute.</param>
    public sealed record Disputed(string Reason) : RecordOutcome
    {
        /// <summary>The record with what is in dispute as one side has it, and the rest merged; null where all of it is in dispute.</summary>
        public Func<DisputeSide, string>? Settle { get; init; }
    }
}

/// <summary>A dispute that is not about one key: the merged records contradict each other.</summary>
/// <param name="Dispute">The dispute.</param>
/// <param name="Settle">What the keys that are concerned have, if it is settled as one side has it.</param>
internal sealed record CrossDispute(RecordDispute Dispute, Func<DisputeSide, IEnumerable<KeyValuePair<string, ImmutableArray<string>>>> Settle);
