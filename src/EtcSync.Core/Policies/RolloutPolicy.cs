namespace EtcSync.Core.Policies;

/// <summary>When a client takes what upstream commits.</summary>
public enum RolloutMode
{
    /// <summary>As soon as it is committed. The default.</summary>
    AtOnce,

    /// <summary>At the times of a cron expression.</summary>
    Schedule,

    /// <summary>When a person says so.</summary>
    Manual,
}

/// <summary>When a client takes what upstream commits, decided as a whole by one rule.</summary>
/// <param name="Mode">The way.</param>
/// <param name="Cron">With <see cref="RolloutMode.Schedule"/>, and only then: a Quartz cron expression of 6 or 7 fields.</param>
/// <param name="TimeZone">Its time zone (IANA name); null for the server's.</param>
/// <param name="Source">The rule or the client that says so; null for the default.</param>
public sealed record RolloutPolicy(RolloutMode Mode, string? Cron, string? TimeZone, PolicySource? Source)
{
    /// <summary>At once.</summary>
    public static RolloutPolicy Default { get; } = new(RolloutMode.AtOnce, null, null, null);
}
