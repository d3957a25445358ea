namespace EtcSync.Core.Configuration;

/// <summary>The names of the clients, beside what DHCP tells each of them.</summary>
public sealed record NameSettings
{
    /// <summary>Whether they also stand in the server's own /etc/hosts, in a block of ours.</summary>
    public bool EtcHosts { get; init; }

    /// <summary>The domain that clients are in; null for none.</summary>
    public string? Domain { get; init; }
}
