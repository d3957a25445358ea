namespace EtcSync.Core.Dnsmasq;

/// <summary>Where our files for dnsmasq are.</summary>
public static class DnsmasqPaths
{
    /// <summary>The options: in the directory that dnsmasq's packages set up for such files.</summary>
    public const string Configuration = "/etc/dnsmasq.d/etcsync.conf";

    /// <summary>
    /// The directory of the lists, which dnsmasq reads again as another user than root: so it is none of those that only root may enter,
    /// and not below a configuration directory, where a list would be taken for options.
    /// </summary>
    public const string Lists = "/var/lib/etcsync-dnsmasq";

    /// <summary>The reservations, as <c>dhcp-hostsfile</c>.</summary>
    public const string Reservations = Lists + "/reservations";

    /// <summary>The names, as <c>addn-hosts</c>.</summary>
    public const string Names = Lists + "/names";

    /// <summary>Whether a file is one of ours as a whole.</summary>
    public static bool IsOurs(string path) => path is Configuration or Reservations or Names;
}
