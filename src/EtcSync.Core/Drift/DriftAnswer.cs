namespace EtcSync.Core.Drift;

/// <summary>What a person says of a client's drift.</summary>
public enum DriftAnswer
{
    /// <summary>Nothing: it is taken, unless it is so much that it holds the client.</summary>
    None,

    /// <summary>It is meant, however much it is.</summary>
    Accept,

    /// <summary>It is not meant: it is committed, so that nothing is lost, and everything is put back as the branch has it.</summary>
    Reject,
}
