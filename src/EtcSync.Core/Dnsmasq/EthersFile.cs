using System.Collections.Immutable;
using EtcSync.Core.Clients;
using EtcSync.Core.Server;

namespace EtcSync.Core.Dnsmasq;

/// <summary>ethers(5): on each line a hardware address, then a host name or an IPv4 address.</summary>
public static class EthersFile
{
    /// <summary>Its lines as reservations. Never throws.</summary>
    public static ImmutableArray<DhcpHost> Read(ForeignFile file)
    {
        var hosts = ImmutableArray.CreateBuilder<DhcpHost>();
        var number = 0;
        foreach (var line in FileLines.Split(file.Text))
        {
            number++;
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0) hosts.Add(Entry(file.Path, number, words));
        }

        return hosts.ToImmutable();
    }

    private static DhcpHost Entry(string file, int line, string[] words)
    {
        var host = new DhcpHost { File = file, Line = line };
        if (words.Length < 2) return host with { Problem = "After the hardware address, a name or an address is missing." };
        if (!HardwareAddress.TryRead(words[0], out var ethernet) || ethernet is null || !MacAddress.TryParse(ethernet, out var mac, out _))
            return host with { Problem = "The line does not begin with the hardware address of one network card." };
        host = host with { Macs = [mac] };
        return DhcpHost.Dotted(words[1]) is { } address ? host with { Addresses = [address] } : host with { Name = words[1] };
    }
}
