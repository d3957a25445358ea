namespace EtcSync.Core.Inventories;

/// <summary>How a list of clients is written.</summary>
public enum ImportFormat
{
    /// <summary>A client a line, its values between commas (RFC 4180): name, MAC addresses, addresses, groups.</summary>
    Csv,

    /// <summary><c>dhcp-host=</c> lines of dnsmasq's configuration, or the lines of a dhcp-hostsfile (dnsmasq(8)).</summary>
    Dnsmasq,

    /// <summary>A MAC address and a name or address a line (ethers(5)).</summary>
    Ethers,
}
