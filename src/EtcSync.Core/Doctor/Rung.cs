namespace EtcSync.Core.Doctor;

/// <summary>How far a client has come on its way up, the lowest first.</summary>
public enum Rung
{
    /// <summary>Nothing was seen of it.</summary>
    None,

    /// <summary>It was given an address.</summary>
    Lease,

    /// <summary>It fetched the boot loader.</summary>
    BootLoader,

    /// <summary>It fetched kernel and initramfs.</summary>
    Kernel,

    /// <summary>It mounted the shared root.</summary>
    Root,

    /// <summary>It mounted its own /etc.</summary>
    Etc,

    /// <summary>It answers a ping.</summary>
    Ping,

    /// <summary>Its ssh port is open.</summary>
    Ssh,
}

/// <summary>What is to be thought of where a client is.</summary>
public enum LadderVerdict
{
    /// <summary>It is up: everything that could be looked at was reached.</summary>
    Up,

    /// <summary>It is on its way.</summary>
    Booting,

    /// <summary>It stopped on its way, and a person has to look.</summary>
    Stopped,

    /// <summary>It runs on upstream's /etc instead of its own.</summary>
    OnUpstream,

    /// <summary>It is switched off, or was not seen for long.</summary>
    Off,

    /// <summary>What would tell cannot be looked at.</summary>
    Unknown,
}

/// <summary>Where a client is on the boot ladder.</summary>
/// <param name="Reached">The highest rung that it stands on.</param>
/// <param name="Verdict">What is to be thought of that.</param>
/// <param name="LastSeen">When it was last seen to do something; null where nothing has a time.</param>
/// <param name="Message">Whole sentences: where it is, and what to do.</param>
public sealed record ClientLadder(Rung Reached, LadderVerdict Verdict, DateTimeOffset? LastSeen, string Message)
{
    /// <summary>Whether a person has to act.</summary>
    public bool NeedsPerson => Verdict is LadderVerdict.Stopped or LadderVerdict.OnUpstream;
}
