using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using EtcSync.Core.Dnsmasq;

namespace EtcSync.Dnsmasq;

/// <summary>Asks a name server one question.</summary>
internal static class DnsQuestion
{
    private const int Port = 53;

    /// <summary>The records of a name, none where it has none of this type; null where nobody answers.</summary>
    public static ImmutableArray<string>? Ask(IPAddress server, string name, ushort type, TimeSpan limit)
    {
        var id = (ushort)RandomNumberGenerator.GetInt32(1 << 16);
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)limit.TotalMilliseconds };
        var answer = new byte[4096];
        try
        {
            socket.Connect(server, Port);
            socket.Send(DnsMessage.Query(id, name, type));
            return DnsMessage.Answers(answer.AsSpan(0, socket.Receive(answer)), id, type);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
