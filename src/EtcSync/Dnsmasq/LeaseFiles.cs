using System.Collections.Immutable;
using System.Text;
using EtcSync.Core.Dnsmasq;
using EtcSync.FileSystem;
using EtcSync.State;

namespace EtcSync.Dnsmasq;

/// <summary>Finds and reads dnsmasq's lease file.</summary>
internal static class LeaseFiles
{
    private static readonly string[] Usual = ["/var/lib/misc/dnsmasq.leases", "/var/lib/dnsmasq/dnsmasq.leases"];

    /// <summary>Where leases may be: where the configuration says, else where packages have them.</summary>
    public static ImmutableArray<string> Places(Locations locations)
    {
        var named = DnsmasqConfiguration.Read(DnsmasqSources.Read(locations)).All("dhcp-leasefile").Select(line => line.First).Where(path => path.StartsWith('/')).ToList();
        return named.Count > 0 ? [.. named] : [.. Usual];
    }

    /// <summary>The leases that are held now; none where no file can be read.</summary>
    public static ImmutableArray<DhcpLease> Read(Locations locations) => Read(locations, Places(locations));

    /// <summary>The same from places that are known already.</summary>
    public static ImmutableArray<DhcpLease> Read(Locations locations, ImmutableArray<string> places)
    {
        foreach (var place in places)
        {
            try
            {
                if (RegularFile.Read(locations.Map(place)) is { } bytes) return DhcpLease.Read(Encoding.Latin1.GetString(bytes));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It may be at the next place.
            }
        }

        return [];
    }
}
