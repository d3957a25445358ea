using System.Collections.Immutable;

namespace EtcSync.Core.Mergers.Layout;

/// <summary>The disputes of one merge: each is put to the arbiter once, and what it does not answer is collected.</summary>
internal sealed class DisputeList(RecordArbiter arbiter)
{
    private readonly List<RecordDispute> _open = [];

    /// <summary>Those that nobody answered.</summary>
    public ImmutableArray<RecordDispute> Open => [.. _open];

    /// <summary>Asks for an answer; without one the dispute is open.</summary>
    public DisputeAnswer? Ask(RecordDispute dispute)
    {
        var answer = arbiter(dispute);
        if (answer is null) _open.Add(dispute);
        return answer;
    }

    /// <summary>Leaves a dispute open, because its answer cannot be used.</summary>
    /// <param name="dispute">The dispute.</param>
    /// <param name="problem">A sentence: what is wrong with the answer.</param>
    public void Refuse(RecordDispute dispute, string problem) => _open.Add(dispute with { Reason = $"{dispute.Reason} {problem}" });
}
