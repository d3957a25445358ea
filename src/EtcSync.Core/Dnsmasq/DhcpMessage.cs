using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Dnsmasq;

/// <summary>Messages of DHCP (RFC 2131, 2 and 4; options: RFC 2132), as far as a server's own machine sends and reads them.</summary>
public static class DhcpMessage
{
    private const int HeaderLength = 240;
    private const int ShortestMessage = 300;
    private const uint Cookie = 0x63825363;
    private const byte TypeOption = 53;
    private const byte ServerOption = 54;
    private const byte End = 255;

    /// <summary>Asks every server for an address; the answers are to be broadcast.</summary>
    public static byte[] Discover(MacAddress mac, uint transaction)
    {
        var message = Header(mac, transaction);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), 0x8000);
        message[HeaderLength] = TypeOption;
        message[HeaderLength + 1] = 1;
        message[HeaderLength + 2] = 1;
        message[HeaderLength + 3] = End;
        return message;
    }

    /// <summary>Gives an address back in the name of the machine that has it. Without a client identifier dnsmasq goes by the card, whatever the lease was given to.</summary>
    /// <param name="mac">The machine's network card.</param>
    /// <param name="transaction">Any number.</param>
    /// <param name="address">The address.</param>
    /// <param name="server">The server's address on that network.</param>
    public static byte[] Release(MacAddress mac, uint transaction, IPAddress address, IPAddress server)
    {
        var message = Header(mac, transaction);
        address.GetAddressBytes().CopyTo(message, 12);
        var options = new List<byte> { TypeOption, 1, 7, ServerOption, 4 };
        options.AddRange(server.GetAddressBytes());
        options.Add(End);
        options.CopyTo(message, HeaderLength);
        return message;
    }

    /// <summary>Who offers an address in this message; null where it is no offer to this machine. Never throws.</summary>
    public static IPAddress? Offerer(ReadOnlySpan<byte> message, MacAddress mac, uint transaction)
    {
        if (message.Length < HeaderLength || message[0] != 2 || BinaryPrimitives.ReadUInt32BigEndian(message[4..]) != transaction
            || !message.Slice(28, 6).SequenceEqual(Octets(mac)) || BinaryPrimitives.ReadUInt32BigEndian(message[236..]) != Cookie) return null;
        IPAddress? server = null;
        var isOffer = false;
        for (var at = HeaderLength; at < message.Length && message[at] != End;)
        {
            var option = message[at++];
            if (option == 0) continue;
            if (at >= message.Length || at + 1 + message[at] > message.Length) break;
            var value = message.Slice(at + 1, message[at]);
            at += 1 + value.Length;
            if (option == TypeOption && value.Length == 1) isOffer = value[0] == 2;
            else if (option == ServerOption && value.Length == 4) server = new(value);
        }

        return isOffer ? server : null;
    }

    private static byte[] Header(MacAddress mac, uint transaction)
    {
        var message = new byte[ShortestMessage];
        message[0] = 1;
        message[1] = 1;
        message[2] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), transaction);
        Octets(mac).CopyTo(message, 28);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(236), Cookie);
        return message;
    }

    private static byte[] Octets(MacAddress mac) => [.. mac.ToString().Split(':').Select(octet => byte.Parse(octet, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))];
}
