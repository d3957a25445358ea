using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using EtcSync.Core.Dnsmasq;

namespace EtcSync.Core.Presence;

/// <summary>What the server's tables say about machines at one moment.</summary>
/// <param name="Leases">dnsmasq's leases.</param>
/// <param name="NfsConnections">Who has a connection to the NFS server now.</param>
/// <param name="NfsClients">Whom the NFS server knows as clients of NFSv4.</param>
/// <param name="Now">When that was.</param>
public sealed record NetworkTables(ImmutableArray<DhcpLease> Leases, ImmutableHashSet<IPAddress> NfsConnections, ImmutableHashSet<IPAddress> NfsClients, DateTimeOffset Now)
{
    private const string Established = "01";
    private const string NfsPort = "0801";

    /// <summary>Nothing is known.</summary>
    public static NetworkTables Unknown { get; } = new([], [], [], DateTimeOffset.MinValue);

    /// <summary>
    /// Who has a connection to port 2049 according to /proc/net/tcp or /proc/net/tcp6 (proc_net_tcp.txt of the kernel: each 32-bit word of an
    /// address in the order of the machine's bytes, hexadecimal).
    /// </summary>
    public static IEnumerable<IPAddress> ConnectedToNfs(string table)
    {
        foreach (var line in table.Split('\n').Skip(1))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 4 || words[3] != Established || !words[1].EndsWith(":" + NfsPort, StringComparison.Ordinal)) continue;
            var digits = words[2].Split(':')[0];
            if (digits.Length is not (8 or 32)) continue;
            var bytes = new byte[digits.Length / 2];
            var isRead = true;
            for (var word = 0; word < bytes.Length / 4; word++)
            {
                isRead &= uint.TryParse(digits.AsSpan(8 * word, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
                if (BitConverter.IsLittleEndian) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * word), value);
                else BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * word), value);
            }

            if (isRead) yield return Plain(new IPAddress(bytes));
        }
    }

    // IPv4 through a socket of IPv6.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
