namespace EtcSync.Core.Mergers;

/// <summary>A record of a file that both sides changed in ways that do not fit together.</summary>
/// <param name="Record">What the record is called in its file: the key by which people and policies name it ("root", "[Service] ExecStart").</param>
/// <param name="Reason">A sentence: what of the record is in dispute. Never any content of the file but names of records and fields.</param>
/// <param name="Base">The record's lines as both started from them; null where it was not there.</param>
/// <param name="Client">The record's lines on the client.</param>
/// <param name="Upstream">The record's lines upstream.</param>
public sealed record RecordDispute(string Record, string Reason, byte[]? Base, byte[]? Client, byte[]? Upstream)
{
    /// <summary>One version of the record.</summary>
    public byte[]? Version(DisputeSide side) => side switch { DisputeSide.Base => Base, DisputeSide.Client => Client, _ => Upstream };

    /// <summary>Compares by content.</summary>
    public bool Equals(RecordDispute? other) => other is not null && Record == other.Record && Reason == other.Reason
        && Same(Base, other.Base) && Same(Client, other.Client) && Same(Upstream, other.Upstream);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Record, Reason, Base?.Length, Client?.Length, Upstream?.Length);

    private static bool Same(byte[]? one, byte[]? other) => one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);
}

/// <summary>Gives an answer for a record in dispute, or null for none.</summary>
public delegate DisputeAnswer? RecordArbiter(RecordDispute dispute);

/// <summary>One of the three versions of what is in dispute.</summary>
public enum DisputeSide
{
    /// <summary>What both sides started from.</summary>
    Base,

    /// <summary>The client's.</summary>
    Client,

    /// <summary>Upstream's.</summary>
    Upstream,
}

/// <summary>An answer to a dispute.</summary>
public abstract record DisputeAnswer
{
    private DisputeAnswer()
    {
    }

    /// <summary>Everything that is in dispute as one version has it; what is not in dispute is merged as always. A version that is not there means: none.</summary>
    public sealed record Take(DisputeSide Side) : DisputeAnswer;

    /// <summary>New content: the lines of the record, or the whole file where the dispute is about the file.</summary>
    public sealed record Replace(byte[] Content) : DisputeAnswer
    {
        /// <summary>Compares by content.</summary>
        public bool Equals(Replace? other) => other is not null && Content.AsSpan().SequenceEqual(other.Content);

        /// <inheritdoc/>
        public override int GetHashCode() => Content.Length;
    }
}
