namespace EtcSync.Core.Doctor;

/// <summary>What came of asking a machine something.</summary>
public enum ProbeResult
{
    /// <summary>It was not asked.</summary>
    NotAsked,

    /// <summary>It answered.</summary>
    Answered,

    /// <summary>It said that nobody is there to answer (a port that is closed).</summary>
    Closed,

    /// <summary>Nothing came back.</summary>
    Silent,
}

/// <summary>What a client answered.</summary>
/// <param name="Ping">To a ping.</param>
/// <param name="Ssh">On the ssh port.</param>
public sealed record ClientProbe(ProbeResult Ping, ProbeResult Ssh)
{
    /// <summary>Nothing was asked.</summary>
    public static ClientProbe None { get; } = new(ProbeResult.NotAsked, ProbeResult.NotAsked);
}
