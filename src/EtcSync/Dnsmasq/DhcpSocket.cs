using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Discovery;
using EtcSync.Core.Dnsmasq;

namespace EtcSync.Dnsmasq;

/// <summary>DHCP on one network interface of the server, as a client there would speak it.</summary>
internal sealed class DhcpSocket : IDisposable
{
    private const int ServerPort = 67;
    private const int ClientPort = 68;
    private const int SocketLevel = 1;
    private const int BindToDevice = 25;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };

    private DhcpSocket(string networkInterface, int port)
    {
        try
        {
            _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            // What is sent to an address of this machine comes from the loopback otherwise, where dnsmasq serves nobody.
            _socket.SetRawSocketOption(SocketLevel, BindToDevice, Encoding.ASCII.GetBytes(networkInterface + '\0'));
            _socket.Bind(new IPEndPoint(IPAddress.Any, port));
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Gives a lease back in the name of its machine. Whether it was taken, the lease file says.</summary>
    /// <exception cref="SocketException">It could not be sent.</exception>
    public static void Release(string networkInterface, IPAddress server, MacAddress mac, IPAddress address)
    {
        using var socket = new DhcpSocket(networkInterface, 0);
        socket._socket.SendTo(DhcpMessage.Release(mac, Number(), address, server), new IPEndPoint(server, ServerPort));
    }

    /// <summary>Asks on a network for an address, as a machine that nobody knows, and says who would give one. No address is taken.</summary>
    /// <exception cref="SocketException">It could not be asked.</exception>
    public static ImmutableArray<IPAddress> Servers(string networkInterface, TimeSpan patience, TimeProvider time)
    {
        var mac = DiscoveredMachine.Asker;
        var transaction = Number();
        var found = new SortedSet<string>(StringComparer.Ordinal);
        using var socket = new DhcpSocket(networkInterface, ClientPort);
        var buffer = new byte[4096];
        var start = time.GetTimestamp();
        var message = DhcpMessage.Discover(mac, transaction);
        socket._socket.SendTo(message, new IPEndPoint(IPAddress.Broadcast, ServerPort));
        var isAskedAgain = false;
        for (var left = patience; left > TimeSpan.Zero; left = patience - time.GetElapsedTime(start))
        {
            if (!isAskedAgain && left < patience / 2)
            {
                socket._socket.SendTo(message, new IPEndPoint(IPAddress.Broadcast, ServerPort));
                isAskedAgain = true;
            }

            socket._socket.ReceiveTimeout = Math.Max(1, (int)Math.Min(left.TotalMilliseconds, patience.TotalMilliseconds / 2));
            try
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                var length = socket._socket.ReceiveFrom(buffer, ref from);
                if (DhcpMessage.Offerer(buffer.AsSpan(0, length), mac, transaction) is { } server) found.Add(server.ToString());
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                // Nobody yet.
            }
        }

        return [.. found.Select(IPAddress.Parse)];
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static uint Number() => BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));
}
