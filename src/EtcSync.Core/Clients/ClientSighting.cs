using System.Net;

namespace EtcSync.Core.Clients;

/// <summary>
/// Something that was seen of a machine. A lease is none: a running client renews its own, and dnsmasq gives it a new name without
/// being asked.
/// </summary>
/// <param name="Address">The address that it has.</param>
/// <param name="When">When.</param>
public abstract record ClientSighting(IPAddress Address, DateTimeOffset When)
{
    /// <summary>It fetched what only a machine that boots needs.</summary>
    public sealed record Boot(IPAddress Address, DateTimeOffset When) : ClientSighting(Address, When);

    /// <summary>It mounted a directory, as the configuration spells it.</summary>
    public sealed record Mount(IPAddress Address, string Directory, DateTimeOffset When) : ClientSighting(Address, When);

    /// <summary>It talks to the NFS server; perhaps since long ago.</summary>
    public sealed record Connection(IPAddress Address, DateTimeOffset When) : ClientSighting(Address, When);
}
