namespace EtcSync.Core.Policies;

/// <summary>Where a client's machine-id comes from.</summary>
public enum MachineIdPolicy
{
    /// <summary>Made for the client.</summary>
    Generate,

    /// <summary>Upstream's, unchanged.</summary>
    Keep,
}

/// <summary>Where a client's SSH host keys come from, if upstream tracks some.</summary>
public enum SshHostKeyPolicy
{
    /// <summary>Made for the client.</summary>
    Generate,

    /// <summary>Removed, so that the client's first boot makes them.</summary>
    Remove,

    /// <summary>Upstream's, unchanged.</summary>
    Keep,
}

/// <summary>Where a client's hostname file comes from.</summary>
public enum HostnamePolicy
{
    /// <summary>The client's name is written.</summary>
    Write,

    /// <summary>Upstream's, unchanged.</summary>
    Keep,
}

/// <summary>How a client gets its own identity at fan-out.</summary>
/// <param name="MachineId">The machine-id.</param>
/// <param name="SshHostKeys">The SSH host keys.</param>
/// <param name="Hostname">The hostname file.</param>
public sealed record IdentityPolicy(MachineIdPolicy MachineId, SshHostKeyPolicy SshHostKeys, HostnamePolicy Hostname)
{
    /// <summary>Everything of its own.</summary>
    public static IdentityPolicy Default { get; } = new(MachineIdPolicy.Generate, SshHostKeyPolicy.Generate, HostnamePolicy.Write);
}

/// <summary>What one place says about identity; null leaves it to the place below.</summary>
/// <param name="MachineId">The machine-id.</param>
/// <param name="SshHostKeys">The SSH host keys.</param>
/// <param name="Hostname">The hostname file.</param>
public sealed record IdentityOverrides(MachineIdPolicy? MachineId, SshHostKeyPolicy? SshHostKeys, HostnamePolicy? Hostname)
{
    /// <summary>Nothing.</summary>
    public static IdentityOverrides None { get; } = new(null, null, null);

    /// <summary>Lays this over what is below.</summary>
    public IdentityPolicy Over(IdentityPolicy below) => new(MachineId ?? below.MachineId, SshHostKeys ?? below.SshHostKeys, Hostname ?? below.Hostname);
}
