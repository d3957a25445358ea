using System.Net;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Doctor;

/// <summary>One thing that a client was seen to do on its way up, as a line of a server's log tells it.</summary>
/// <param name="At">When; null where the line has no time.</param>
public abstract record BootEvent(DateTimeOffset? At)
{
    /// <summary>It asked for an address.</summary>
    /// <param name="At">When.</param>
    /// <param name="Mac">Its network card.</param>
    /// <param name="IsFirmware">Whether it said that its firmware asks (vendor class PXEClient or HTTPClient), which begins a boot.</param>
    /// <param name="IsIgnored">Whether dnsmasq said that it does not answer it.</param>
    public sealed record Asked(DateTimeOffset? At, MacAddress Mac, bool IsFirmware, bool IsIgnored) : BootEvent(At);

    /// <summary>It was given an address.</summary>
    /// <param name="At">When.</param>
    /// <param name="Address">Which.</param>
    /// <param name="Mac">Its network card; null for DHCPv6, whose log has none.</param>
    /// <param name="IsFirmware">As for <see cref="Asked"/>.</param>
    public sealed record Given(DateTimeOffset? At, IPAddress Address, MacAddress? Mac, bool IsFirmware) : BootEvent(At);

    /// <summary>It was refused an address.</summary>
    /// <param name="At">When.</param>
    /// <param name="Mac">Its network card.</param>
    /// <param name="Reason">What dnsmasq said.</param>
    public sealed record Refused(DateTimeOffset? At, MacAddress Mac, string Reason) : BootEvent(At);

    /// <summary>It fetched a file by TFTP, whole.</summary>
    /// <param name="At">When.</param>
    /// <param name="Address">Its address.</param>
    /// <param name="Path">The file on the server.</param>
    public sealed record Fetched(DateTimeOffset? At, IPAddress Address, string Path) : BootEvent(At);

    /// <summary>It asked TFTP for a file that is not there.</summary>
    /// <param name="At">When.</param>
    /// <param name="Address">Its address; null where dnsmasq does not tell it (before 2.87).</param>
    /// <param name="Path">The file; a name of the client's choice.</param>
    public sealed record NotFound(DateTimeOffset? At, IPAddress? Address, string Path) : BootEvent(At);

    /// <summary>A transfer by TFTP was broken off.</summary>
    /// <param name="At">When.</param>
    /// <param name="Address">Its address.</param>
    /// <param name="Reason">What dnsmasq said.</param>
    public sealed record Aborted(DateTimeOffset? At, IPAddress Address, string Reason) : BootEvent(At);

    /// <summary>A file was asked for that dnsmasq may not read; it does not say by whom.</summary>
    /// <param name="At">When.</param>
    /// <param name="Path">The file; a name of a client's choice.</param>
    /// <param name="Reason">What dnsmasq said.</param>
    public sealed record Unreadable(DateTimeOffset? At, string Path, string Reason) : BootEvent(At);

    /// <summary>It mounted something by NFSv3 (mountd).</summary>
    /// <param name="At">When.</param>
    /// <param name="Address">Its address.</param>
    /// <param name="Path">What.</param>
    public sealed record Mounted(DateTimeOffset? At, IPAddress Address, string Path) : BootEvent(At);
}
