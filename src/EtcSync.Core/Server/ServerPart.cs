namespace EtcSync.Core.Server;

/// <summary>What of the server's files a file or a finding belongs to.</summary>
public enum ServerPart
{
    /// <summary>The NFS exports.</summary>
    Exports,

    /// <summary>Boot loader, its configuration and what it loads.</summary>
    Boot,

    /// <summary>dnsmasq: addresses, names, boot options, TFTP.</summary>
    Dnsmasq,
}
